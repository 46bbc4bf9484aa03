//! Which cluster a context leads to.

use kube::config::Kubeconfig;
use serde::Deserialize;

use crate::cluster::{
    ConnectOptions, Connection, Env, Error, SkipReason,
    config::exec_cluster,
    request::Stream,
    select::{Target, select},
};

/// The namespace that every cluster has, that is made once, and that nobody deletes.
const PATH: &str = "/api/v1/namespaces/kube-system";
const METADATA: &str = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json";

/// Where requests go: what the kubeconfig says of the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address {
    server: String,
    authority: Option<Vec<u8>>,
    proxy: Option<String>,
    server_name: Option<String>,
}

/// What the kubeconfig says of a context.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// Where requests go; `None` when it doesn't say.
    pub(super) address: Option<Address>,
    /// Whether a program gives the credentials.
    pub(super) plugin: bool,
}

impl Said {
    pub(super) fn of(kubeconfig: &Kubeconfig, options: &ConnectOptions, env: &Env) -> Self {
        let Ok(Target { cluster, user, .. }) = select(kubeconfig, options, env) else {
            return Self::default();
        };
        let address = exec_cluster(&cluster).ok().map(|loaded| Address {
            authority: loaded.certificate_authority_data,
            server: cluster.server.unwrap_or_default().trim().trim_end_matches('/').to_owned(),
            proxy: cluster.proxy_url.filter(|url| !url.is_empty()),
            server_name: cluster.tls_server_name,
        });
        Self { address, plugin: user.exec.is_some() || user.auth_provider.is_some() }
    }
}

/// What is known of the cluster behind a context.
#[derive(Debug, Clone, Default)]
pub(super) struct Identity {
    pub(super) address: Option<Address>,
    pub(super) uid: Option<String>,
}

impl Identity {
    /// Whether both are one cluster: by the uids, or where one can't be read, by the address.
    pub(super) fn is(&self, other: &Self) -> bool {
        match (&self.uid, &other.uid) {
            (Some(own), Some(others)) => own == others,
            _ => self.address.is_some() && self.address == other.address,
        }
    }
}

#[derive(Deserialize)]
struct Namespace {
    metadata: Metadata,
}

#[derive(Deserialize)]
struct Metadata {
    uid: Option<String>,
}

/// The cluster's uid; `None` when the user may not read it, which need not keep the user from the question.
pub(super) async fn uid(connection: &Connection) -> Result<Option<String>, Error> {
    let work = async {
        let mut stream = Stream::open(connection, PATH, METADATA).await?;
        let body = stream.whole().await?;
        let namespace: Namespace = serde_json::from_slice(&body).map_err(|error| stream.unreadable(error))?;
        Ok(namespace.metadata.uid.filter(|uid| !uid.is_empty()))
    };
    match connection.in_time(work).await {
        Err(error) if matches!(error.reason(), SkipReason::Forbidden | SkipReason::NotFound) => Ok(None),
        outcome => outcome,
    }
}

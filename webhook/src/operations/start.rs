//! From the options to the tasks that run.

use std::{process, sync::Arc};

use jiff::Timestamp;
use passmuster::cluster::Connection;
use tokio::{sync::watch, task::JoinSet};

use super::{
    keeper::{Keeper, Waited},
    options::OperationsOptions,
    publish::Publisher,
    report::Report,
};
use crate::{
    configuration::Handled,
    election::{Election, Leadership},
    objects::Objects,
    server::CertificateSource,
    telemetry::Telemetry,
};

/// The Lease's name.
const LEASE: &str = "passmuster";

/// The tasks, and what they tell.
pub struct Operations {
    /// The certificate to serve.
    pub certificates: CertificateSource,
    /// How things stand, for probes and metrics.
    pub report: watch::Receiver<Report>,
    /// Whether this replica holds the Lease.
    pub leadership: Leadership,
    serving: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

/// Why there are no operations.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// An option says nothing that can be used.
    #[error("--{option} {value:?}: {why}")]
    Option {
        /// The option.
        option: &'static str,
        /// What it says.
        value: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// The process was told to end before there was a certificate.
    #[error("told to end before there was a certificate to serve")]
    Ended,
}

/// Takes part in the election, keeps certificates and configuration, and returns when there is a certificate to serve.
/// All of it ends when `end` turns true.
pub async fn start(
    options: &OperationsOptions,
    connection: Connection,
    telemetry: &Arc<Telemetry>,
    handled: watch::Receiver<Arc<[Handled]>>,
    now: fn() -> Timestamp,
    end: watch::Receiver<bool>,
) -> Result<Operations, StartError> {
    check(options)?;
    let objects = Objects::new(connection);
    let identity = options
        .identity
        .clone()
        .filter(|identity| !identity.is_empty())
        .unwrap_or_else(|| format!("passmuster-{}-{}", process::id(), now().as_nanosecond()));
    let place = (options.own_namespace.as_str(), LEASE);
    let (election, leadership) = Election::new(objects.clone(), place, identity, options.timing(), now);
    let (serving, is_serving) = watch::channel(false);
    let waited = Waited { leadership: leadership.clone(), handled, serving: is_serving };
    let (keeper, told) = Keeper::new(options, objects, waited, now);

    let mut tasks = JoinSet::new();
    tasks.spawn(election.run(ended(end.clone())));
    tasks.spawn(keeper.run(ended(end)));
    tasks.spawn(Publisher::new(telemetry).run(told.report.clone(), now));
    // The keeper lets go of its end only when it is told to end.
    let certificates = told.certificates.await.map_err(|_| StartError::Ended)?;
    Ok(Operations { certificates, report: told.report, leadership, serving, tasks })
}

impl Operations {
    /// The server listens: API servers may be told to call.
    pub fn serving(&self) {
        self.serving.send_replace(true);
    }

    /// Returns when all has ended, after the Lease was given back.
    pub async fn ended(mut self) {
        while self.tasks.join_next().await.is_some() {}
    }
}

async fn ended(mut end: watch::Receiver<bool>) {
    // Nobody is left who could say so: that is an end as well.
    let _ = end.wait_for(|ended| *ended).await;
}

/// What clap can't see.
fn check(options: &OperationsOptions) -> Result<(), StartError> {
    let wrong = |option, value: &str, why| StartError::Option { option, value: value.to_owned(), why };
    if let Some(url) = &options.url {
        let uri: Option<http::Uri> = url.parse().ok();
        let usable = uri.is_some_and(|uri| {
            uri.scheme_str() == Some("https") && uri.host().is_some() && matches!(uri.path(), "" | "/")
        });
        if !usable {
            return Err(wrong("url", url, "API servers call https://HOST:PORT; the path is added"));
        }
    }
    if let Some(from) = options.inject_ca_from.as_deref().filter(|from| from.split('/').count() != 2) {
        return Err(wrong("inject-ca-from", from, "cert-manager wants NAMESPACE/NAME of a Certificate"));
    }
    Ok(())
}

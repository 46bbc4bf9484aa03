//! A proxy in front of the real API server that passes everything on, except what a test tells it not to.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::net::TcpListener;

use crate::api::{runtime, wait};
use crate::controlplane::free_ports;
use crate::kubeconfig::{Cluster, Kubeconfig, User};
use crate::{Api, ControlPlane, Error};

mod body;
mod forward;
mod log;
mod rule;
mod server;
mod status;

pub use log::Request;
pub use rule::{Fault, Rule};
pub use status::Status;

use body::WatchFault;
use forward::Shared;

/// A running proxy; it ends when it is dropped.
///
/// It speaks TLS with a certificate of the control plane's authority, and HTTP/2 or HTTP/1.1 as the API server
/// does. Bearer tokens reach the API server through it; client certificates don't.
#[derive(Debug)]
pub struct Proxy {
    server: String,
    authority: String,
    kubeconfig: PathBuf,
    api: Api,
    shared: Arc<Shared>,
    task: tokio::task::AbortHandle,
}

impl Proxy {
    /// Starts a proxy in front of the control plane.
    ///
    /// # Panics
    /// When it cannot be started.
    pub fn start(plane: &ControlPlane) -> Self {
        Self::launch(plane, &[b"h2", b"http/1.1"]).unwrap_or_else(|error| panic!("{error}"))
    }

    /// The same, without HTTP/2: each answer that breaks off takes its connection with it.
    ///
    /// # Panics
    /// When it cannot be started.
    pub fn http1(plane: &ControlPlane) -> Self {
        Self::launch(plane, &[b"http/1.1"]).unwrap_or_else(|error| panic!("{error}"))
    }

    fn launch(plane: &ControlPlane, protocols: &[&[u8]]) -> Result<Self, Error> {
        let tls = server::tls(&plane.authority().server()?, protocols)?;
        let shared = Arc::new(Shared::new(plane)?);
        let [port] = free_ports();
        let listener = wait(TcpListener::bind(("127.0.0.1", port))).map_err(Error::run("the proxy"))?;
        let task = runtime().spawn(server::serve(listener, tls, shared.clone())).abort_handle();

        let server = format!("https://127.0.0.1:{port}");
        let authority = plane.authority().pem();
        let api = plane.api().at(&server);
        let config = Kubeconfig::single("proxy", &cluster(&server, &authority), &plane.admin(), None);
        let kubeconfig = plane.write_kubeconfig("proxy", &config)?;
        Ok(Self { server, authority, kubeconfig, api, shared, task })
    }

    /// The administrator's kubeconfig file, through the proxy.
    pub fn kubeconfig(&self) -> &Path {
        &self.kubeconfig
    }

    /// A kubeconfig of one's own, through the proxy; the user must not need a client certificate.
    pub fn kubeconfig_of(&self, user: &User, namespace: Option<&str>) -> Kubeconfig {
        Kubeconfig::single("proxy", &self.cluster(), user, namespace)
    }

    /// The cluster entry for a kubeconfig file of one's own.
    pub fn cluster(&self) -> Cluster {
        cluster(&self.server, &self.authority)
    }

    /// The administrator's client, through the proxy.
    pub fn api(&self) -> &Api {
        &self.api
    }

    /// Adds a rule. For each request the first rule that applies decides.
    pub fn add(&self, rule: Rule) {
        self.shared.rules().push(rule);
    }

    /// Removes all rules: everything passes again.
    pub fn clear(&self) {
        self.shared.rules().clear();
    }

    /// Breaks off all watches that are open, and returns how many there were.
    pub fn drop_watches(&self) -> usize {
        self.shared.watches(WatchFault::Break)
    }

    /// Ends all open watches in good order, as the API server does after some minutes.
    pub fn end_watches(&self) -> usize {
        self.shared.watches(WatchFault::End)
    }

    /// Tells all open watches that their version is too old (410), and ends them.
    pub fn expire_watches(&self) -> usize {
        self.shared.watches(WatchFault::Expire)
    }

    /// How many watches are open.
    pub fn open_watches(&self) -> usize {
        self.shared.open_watches()
    }

    /// The requests so far, in the order of their arrival.
    pub fn requests(&self) -> Vec<Request> {
        self.shared.log.requests()
    }

    /// Forgets the requests so far.
    pub fn forget(&self) {
        self.shared.log.forget();
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn cluster(server: &str, authority: &str) -> Cluster {
    Cluster::new(server).authority(authority)
}

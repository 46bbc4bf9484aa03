//! A real Kubernetes control plane on loopback, up in seconds and gone without a trace.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use crate::api::Api;
use crate::group::temporary_directory;
use crate::kubeconfig::{Cluster, Kubeconfig, User};
use crate::{Error, population};

mod access;
mod components;
mod faults;
mod kubectl;
mod metrics;
mod objects;
mod options;
mod pki;
mod ports;
mod processes;
mod quotas;
mod start;

pub use access::Rule;
pub use components::Component;
pub use kubectl::Output;
pub(crate) use kubectl::run;
pub use options::Options;
pub use pki::{Authority, Identity};
pub use ports::free_ports;

use components::Layout;
use processes::Processes;

/// The administrator's bearer token.
const TOKEN: &str = "admin-token";

/// A running control plane. Dropping it ends its processes and removes its files, and so does the end of this
/// process, whatever it is.
#[derive(Debug)]
pub struct ControlPlane {
    layout: Layout,
    authority: Authority,
    kubeconfig: PathBuf,
    api: Api,
    names: AtomicUsize,
    types: objects::Types,
    processes: Mutex<Processes>,
}

impl ControlPlane {
    /// Starts a control plane and returns when it answers, with controllers when the namespace `default` has
    /// its service account and the nodes are ready.
    pub fn start(options: Options) -> Result<Self, Error> {
        start::start(options)
    }

    /// The control plane that the tests of one binary share; each test keeps to namespaces of its own.
    ///
    /// # Panics
    /// When it cannot be started.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<ControlPlane> = OnceLock::new();
        SHARED.get_or_init(|| Self::start(Options::default()).unwrap_or_else(|error| panic!("{error}")))
    }

    /// The administrator's kubeconfig file.
    pub fn kubeconfig(&self) -> &Path {
        &self.kubeconfig
    }

    /// The administrator's client.
    pub fn api(&self) -> &Api {
        &self.api
    }

    /// A client with another bearer token.
    pub fn api_with(&self, token: &str) -> Result<Api, Error> {
        Api::new(&self.server(), &self.authority, Some(token))
    }

    /// The API server's address, `https://127.0.0.1:PORT`.
    pub fn server(&self) -> String {
        self.layout.server()
    }

    /// The authority that signed the API server's certificate and that it trusts for users.
    pub fn authority(&self) -> &Authority {
        &self.authority
    }

    /// The cluster entry for a kubeconfig file of one's own.
    pub fn cluster(&self) -> Cluster {
        Cluster::new(&self.server()).authority(&self.authority.pem())
    }

    /// The administrator's user entry for a kubeconfig file of one's own.
    pub fn admin(&self) -> User {
        User::token(TOKEN)
    }

    /// The directory with its files and logs; removed with the control plane.
    pub fn dir(&self) -> &Path {
        &self.layout.dir
    }

    /// Every process that belongs to it.
    pub fn pids(&self) -> Vec<u32> {
        self.processes().pids()
    }

    /// Writes a kubeconfig file with this name beside the administrator's and returns its path.
    pub fn write_kubeconfig(&self, name: &str, config: &Kubeconfig) -> Result<PathBuf, Error> {
        let path = self.unique_path(&format!("{name}.kubeconfig"));
        config.write(&path)?;
        Ok(path)
    }

    /// Creates a namespace with a name that starts with `prefix` and is used nowhere else.
    ///
    /// # Panics
    /// When the API server does not take it.
    pub fn namespace(&self, prefix: &str) -> String {
        let name = format!("{prefix}-{}", self.number());
        self.create_namespace(&name).unwrap_or_else(|error| panic!("{error}"));
        name
    }

    /// Creates simulated nodes `node-0000` and on, for pods to run on.
    pub fn create_nodes(&self, count: usize) -> Result<(), Error> {
        population::nodes(count).iter().try_for_each(|node| self.api.create("/api/v1/nodes", node).map(drop))
    }

    fn unique_path(&self, suffix: &str) -> PathBuf {
        self.layout.dir.join(format!("{}-{suffix}", self.number()))
    }

    fn number(&self) -> usize {
        self.names.fetch_add(1, Ordering::Relaxed)
    }

    /// The processes, also after another test panicked while it had them.
    fn processes(&self) -> MutexGuard<'_, Processes> {
        self.processes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Creates the directory that the options name, or a temporary one.
fn directory(options: &Options) -> Result<PathBuf, Error> {
    if let Some(dir) = &options.dir {
        // It is removed at the end, so it must hold nothing of anybody else's.
        match fs::remove_dir(dir) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(Error::file(dir)(error)),
            _ => fs::create_dir_all(dir).map_err(Error::file(dir))?,
        }
        return dir.canonicalize().map_err(Error::file(dir));
    }
    temporary_directory()
}

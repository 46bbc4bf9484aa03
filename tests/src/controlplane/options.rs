//! What a control plane is to be made of.

use std::path::PathBuf;

/// How to start a [`ControlPlane`](super::ControlPlane).
#[derive(Debug, Clone)]
pub struct Options {
    /// Run kube-controller-manager, kube-scheduler and kwok as well. Without them nothing reacts to what is
    /// written: no pods for a deployment, no end for a deleted namespace; pods need no service account then.
    pub controllers: bool,
    /// How many simulated nodes to create, `node-0000` and on.
    pub nodes: usize,
    /// Run metrics-server as well, which asks kwok's kubelets: metrics.k8s.io says of each container what the
    /// annotations `kwok.x-k8s.io/usage-cpu` and `kwok.x-k8s.io/usage-memory` of its pod say.
    pub metrics: bool,
    /// More flags for kube-apiserver.
    pub apiserver_args: Vec<String>,
    /// Where to keep its files: an empty or new directory, by default a temporary one. It is removed at the end.
    pub dir: Option<PathBuf>,
}

impl Default for Options {
    fn default() -> Self {
        Self { controllers: true, nodes: 3, metrics: false, apiserver_args: Vec::new(), dir: None }
    }
}

impl Options {
    /// Only etcd and kube-apiserver: quick to start, and nothing but the test changes an object.
    pub fn bare() -> Self {
        Self { controllers: false, nodes: 0, ..Self::default() }
    }
}

//! The command line of each component.

use std::path::PathBuf;
use std::process::Command;

use super::options::Options;
use crate::Error;
use crate::assets::Assets;

/// A process of the control plane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Component {
    /// The store.
    Etcd,
    /// The API server.
    ApiServer,
    /// The controllers.
    ControllerManager,
    /// The scheduler.
    Scheduler,
    /// The simulated kubelets.
    Kwok,
    /// The server of metrics.k8s.io.
    MetricsServer,
}

impl Component {
    /// The program's name, which is its log's as well.
    pub fn name(self) -> &'static str {
        match self {
            Self::Etcd => "etcd",
            Self::ApiServer => "kube-apiserver",
            Self::ControllerManager => "kube-controller-manager",
            Self::Scheduler => "kube-scheduler",
            Self::Kwok => "kwok",
            Self::MetricsServer => "metrics-server",
        }
    }
}

/// Where the parts of one control plane are.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    pub(super) dir: PathBuf,
    pub(super) assets: Assets,
    pub(super) api_port: u16,
    pub(super) etcd_port: u16,
    pub(super) etcd_peer_port: u16,
    pub(super) kubelet_port: u16,
    pub(super) metrics_port: u16,
    pub(super) options: Options,
}

impl Layout {
    /// A path in the directory, as the components' flags want it.
    fn path(&self, name: &str) -> String {
        self.dir.join(name).display().to_string()
    }

    pub(super) fn log(&self, component: Component) -> PathBuf {
        self.dir.join(format!("{}.log", component.name()))
    }

    pub(super) fn server(&self) -> String {
        format!("https://127.0.0.1:{}", self.api_port)
    }

    /// The command that runs the component.
    pub(super) fn command(&self, component: Component) -> Result<Command, Error> {
        let mut command = Command::new(self.assets.program(component.name())?);
        command.current_dir(&self.dir);
        command.args(match component {
            Component::Etcd => self.etcd(),
            Component::ApiServer => self.api_server(),
            Component::ControllerManager => self.controller_manager(),
            Component::Scheduler => self.client(&["--leader-elect=false", "--secure-port=0"]),
            Component::Kwok => self.kwok()?,
            Component::MetricsServer => self.metrics_server(),
        });
        Ok(command)
    }

    fn etcd(&self) -> Vec<String> {
        let client = format!("http://127.0.0.1:{}", self.etcd_port);
        vec![
            format!("--data-dir={}", self.path("etcd")),
            format!("--listen-client-urls={client}"),
            format!("--advertise-client-urls={client}"),
            format!("--listen-peer-urls=http://127.0.0.1:{}", self.etcd_peer_port),
            // Nothing here has to outlive the machine.
            "--unsafe-no-fsync".to_owned(),
            "--quota-backend-bytes=8589934592".to_owned(),
        ]
    }

    fn api_server(&self) -> Vec<String> {
        let fixed = [
            "--bind-address=127.0.0.1",
            "--advertise-address=127.0.0.1",
            "--service-account-issuer=https://kubernetes.default.svc",
            "--authorization-mode=Node,RBAC",
            "--service-cluster-ip-range=10.0.0.0/16",
            "--endpoint-reconciler-type=none",
            // Tests of pod security must be able to create what it refuses.
            "--allow-privileged=true",
        ];
        let mut args = vec![
            format!("--etcd-servers=http://127.0.0.1:{}", self.etcd_port),
            format!("--secure-port={}", self.api_port),
            format!("--tls-cert-file={}", self.path("pki/server.crt")),
            format!("--tls-private-key-file={}", self.path("pki/server.key")),
            format!("--client-ca-file={}", self.path("pki/ca.crt")),
            format!("--token-auth-file={}", self.path("pki/tokens.csv")),
            format!("--service-account-key-file={}", self.path("pki/accounts.pub")),
            format!("--service-account-signing-key-file={}", self.path("pki/accounts.key")),
        ];
        args.extend(fixed.map(str::to_owned));
        if !self.options.controllers {
            // Nobody would make the default service account that each pod needs.
            args.push("--disable-admission-plugins=ServiceAccount".to_owned());
        }
        if self.options.metrics {
            args.extend(self.aggregation());
        }
        args.extend(self.options.apiserver_args.iter().cloned());
        args
    }

    fn controller_manager(&self) -> Vec<String> {
        let mut args = self.client(&[
            "--leader-elect=false",
            "--secure-port=0",
            "--concurrent-replicaset-syncs=20",
            "--controllers=*,-nodeipam,-node-route-controller,-cloud-node-lifecycle-controller",
        ]);
        args.push(format!("--service-account-private-key-file={}", self.path("pki/accounts.key")));
        args.push(format!("--root-ca-file={}", self.path("pki/ca.crt")));
        args.push(format!("--cluster-signing-cert-file={}", self.path("pki/ca.crt")));
        args.push(format!("--cluster-signing-key-file={}", self.path("pki/ca.key")));
        args
    }

    fn kwok(&self) -> Result<Vec<String>, Error> {
        let mut args = vec![
            format!("--kubeconfig={}", self.path("kubeconfig")),
            "--manage-all-nodes=true".to_owned(),
            "--node-lease-duration-seconds=200".to_owned(),
        ];
        let mut configs = self.assets.stages()?;
        if self.options.metrics {
            args.push(format!("--server-address=127.0.0.1:{}", self.kubelet_port));
            configs.extend(self.assets.usage()?);
        }
        args.extend(configs.iter().map(|config| format!("--config={}", config.display())));
        Ok(args)
    }

    /// The flags of a Kubernetes client that may be as quick as it can.
    fn client(&self, more: &[&str]) -> Vec<String> {
        let mut args = vec![format!("--kubeconfig={}", self.path("kubeconfig"))];
        args.extend(["--kube-api-qps=500", "--kube-api-burst=1000"].map(str::to_owned));
        args.extend(more.iter().map(|&flag| flag.to_owned()));
        args
    }
}

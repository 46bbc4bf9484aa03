//! metrics.k8s.io: metrics-server behind the API server, and kwok's kubelets behind it.

use serde_json::json;

use super::components::Layout;
use super::{Component, ControlPlane};
use crate::Error;

const SERVICES: &str = "/api/v1/namespaces/kube-system/services";
const API_SERVICES: &str = "/apis/apiregistration.k8s.io/v1/apiservices";
const NAME: &str = "v1beta1.metrics.k8s.io";

impl Layout {
    /// How kube-apiserver tells the servers behind it who asks.
    pub(super) fn aggregation(&self) -> Vec<String> {
        let file = |name: &str| self.dir.join("pki").join(name).display().to_string();
        vec![
            format!("--proxy-client-cert-file={}", file("front-proxy.crt")),
            format!("--proxy-client-key-file={}", file("front-proxy.key")),
            format!("--requestheader-client-ca-file={}", file("ca.crt")),
            "--requestheader-allowed-names=front-proxy".to_owned(),
            "--requestheader-username-headers=X-Remote-User".to_owned(),
            "--requestheader-group-headers=X-Remote-Group".to_owned(),
            "--requestheader-extra-headers-prefix=X-Remote-Extra-".to_owned(),
        ]
    }

    pub(super) fn metrics_server(&self) -> Vec<String> {
        let file = |name: &str| self.dir.join(name).display().to_string();
        let mut args: Vec<_> = ["kubeconfig", "authentication-kubeconfig", "authorization-kubeconfig"]
            .map(|flag| format!("--{flag}={}", file("kubeconfig")))
            .into();
        args.extend([
            "--bind-address=127.0.0.1".to_owned(),
            format!("--secure-port={}", self.metrics_port),
            format!("--tls-cert-file={}", file("pki/server.crt")),
            format!("--tls-private-key-file={}", file("pki/server.key")),
            format!("--kubelet-port={}", self.kubelet_port),
            "--kubelet-preferred-address-types=InternalIP".to_owned(),
            // kwok's kubelets speak plainly.
            "--deprecated-kubelet-completely-insecure".to_owned(),
            "--metric-resolution=10s".to_owned(),
            "--kubelet-request-timeout=5s".to_owned(),
        ]);
        args
    }
}

impl ControlPlane {
    /// Starts metrics-server and waits until it answers. It tells of a node or pod when it has looked at it twice, in
    /// some twenty seconds, and when there is something that it uses.
    pub(super) fn start_metrics(&self) -> Result<(), Error> {
        let nodes = self.api.get("/api/v1/nodes")?;
        let names = nodes["items"].as_array().into_iter().flatten();
        for name in names.filter_map(|node| node["metadata"]["name"].as_str()) {
            // The path of a real kubelet is taken: one process plays them all.
            let path = format!("/metrics/nodes/{name}/metrics/resource");
            let patch = json!({"metadata": {"annotations": {"metrics.k8s.io/resource-metrics-path": path}}});
            self.api.patch(&format!("/api/v1/nodes/{name}"), &patch)?;
            let address = json!({"status": {"addresses": [{"type": "InternalIP", "address": "127.0.0.1"}]}});
            self.api.patch(&format!("/api/v1/nodes/{name}/status"), &address)?;
        }
        self.processes().start(&self.layout, Component::MetricsServer)?;
        // A service by name needs no addresses, which may not be of loopback.
        let service = json!({
            "metadata": {"name": "metrics-server"},
            "spec": {"type": "ExternalName", "externalName": "localhost"},
        });
        self.api.create(SERVICES, &service)?;
        let registration = json!({
            "metadata": {"name": NAME},
            "spec": {
                "group": "metrics.k8s.io",
                "version": "v1beta1",
                "groupPriorityMinimum": 100,
                "versionPriority": 100,
                "insecureSkipTLSVerify": true,
                "service": {"namespace": "kube-system", "name": "metrics-server", "port": self.layout.metrics_port},
            },
        });
        self.api.create(API_SERVICES, &registration)?;
        self.await_ready("/apis/metrics.k8s.io/v1beta1")
    }
}

//! A small shop in a namespace of its own, and what the plugin prints of it.

use passmuster_tests::{ControlPlane, Plugin, plugin::Run};
use serde_json::Value;

const MANIFEST: &str = r"
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: spare}
---
apiVersion: v1
kind: Secret
metadata: {name: password}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: robot}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: nginx}
spec:
  replicas: 2
  selector: {matchLabels: {app: nginx}}
  template:
    metadata: {labels: {app: nginx}}
    spec:
      serviceAccountName: robot
      containers:
      - name: nginx
        image: nginx
        envFrom: [{configMapRef: {name: settings}}, {configMapRef: {name: gone, optional: true}}]
        env:
        - {name: PASSWORD, valueFrom: {secretKeyRef: {name: password, key: p}}}
        - {name: TOKEN, valueFrom: {secretKeyRef: {name: lost, key: t, optional: true}}}
      volumes:
      - {name: late, configMap: {name: late, optional: true}}
      - {name: never, secret: {secretName: never, optional: true}}
---
apiVersion: v1
kind: Pod
metadata: {name: broken}
spec:
  containers: [{name: main, image: x, envFrom: [{configMapRef: {name: absent}}, {secretRef: {name: nowhere}}]}]
---
apiVersion: v1
kind: Service
metadata: {name: nginx}
spec: {selector: {app: nginx}, ports: [{port: 80}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: nginx}
spec: {defaultBackend: {service: {name: nginx, port: {number: 80}}}}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: nginx}
spec: {minAvailable: 1, selector: {matchLabels: {app: nginx}}}
";

/// Opens the shop and waits until its pods run.
pub(crate) fn open(plane: &ControlPlane) -> String {
    let namespace = plane.namespace("shop");
    plane.apply_in(&namespace, MANIFEST);
    plane.kubectl(&["-n", &namespace, "rollout", "status", "deployment/nginx", "--timeout=60s"]);
    namespace
}

/// A run with these arguments, as whoever the kubeconfig file says.
pub(crate) fn graph(kubeconfig: &std::path::Path, args: &[&str]) -> Run {
    Plugin::new("kubectl-graph").kubeconfig(kubeconfig).args(args).run()
}

/// A printed graph, to ask of.
pub(crate) struct Graph(pub(crate) Value);

impl Graph {
    pub(crate) fn ids(&self) -> Vec<&str> {
        list(&self.0["nodes"]).iter().filter_map(|node| node["id"].as_str()).collect()
    }

    /// Ids of the nodes of which this field is true.
    pub(crate) fn marked(&self, field: &str) -> Vec<&str> {
        let nodes = list(&self.0["nodes"]).iter();
        nodes.filter(|node| node[field] == true).filter_map(|node| node["id"].as_str()).collect()
    }

    pub(crate) fn has_edge(&self, source: &str, edge: &str, target: &str) -> bool {
        let mut edges = list(&self.0["edges"]).iter();
        edges.any(|e| {
            e["type"] == edge
                && e["source"].as_str().is_some_and(|id| id.starts_with(source))
                && e["target"].as_str().is_some_and(|id| id.starts_with(target))
        })
    }

    /// What was skipped, as `resource reason`; each once.
    pub(crate) fn skipped(&self) -> Vec<String> {
        let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let mut all: Vec<String> = list(&self.0["skipped"])
            .iter()
            .map(|skipped| format!("{} {}", word(&skipped["resource"]), word(&skipped["reason"])))
            .collect();
        all.dedup();
        all
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

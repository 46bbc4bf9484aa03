//! A namespace with everything that sums get wrong: sidecars, init containers, ended pods, pods without a node.

use std::time::Duration;

use passmuster_tests::{ControlPlane, Plugin, eventually};
use serde_json::Value;

/// What kubectl looks for.
pub(crate) const PROGRAM: &str = "kubectl-quota_usage";

/// Pods whose requests together are 1450m and 832Mi, and whose limits are 2 and 1Gi.
const PODS: &str = r"
apiVersion: v1
kind: Pod
metadata: {name: sidecar, labels: {tier: web}}
spec:
  initContainers:
  - {name: proxy, image: x, restartPolicy: Always, resources: {requests: {cpu: 100m, memory: 64Mi}}}
  - {name: setup, image: x, resources: {requests: {cpu: 600m, memory: 64Mi}}}
  containers:
  - {name: main, image: x, resources: {requests: {cpu: 250m, memory: 256Mi}, limits: {cpu: '1', memory: 512Mi}}}
---
apiVersion: v1
kind: Pod
metadata: {name: whole, labels: {tier: db}}
spec:
  resources: {requests: {cpu: 750m, memory: 512Mi}, limits: {cpu: '1', memory: 512Mi}}
  containers:
  - {name: main, image: x}
---
apiVersion: v1
kind: Pod
metadata: {name: gated}
spec:
  schedulingGates: [{name: example.com/wait}]
  containers:
  - {name: main, image: x}
---
apiVersion: v1
kind: Pod
metadata: {name: ended}
spec:
  restartPolicy: Never
  containers:
  - {name: main, image: x, resources: {requests: {cpu: '7', memory: 7Gi}}}
";

const QUOTA: &str = r"
apiVersion: v1
kind: ResourceQuota
metadata: {name: all}
spec: {hard: {cpu: '10', requests.memory: 10Gi, limits.cpu: '10', limits.memory: 10Gi, pods: '10', count/services: '3'}}
";

/// Creates the namespace, waits until its pods are where they stay and the quota is counted, and gives its name.
pub(crate) fn create(plane: &ControlPlane) -> String {
    let namespace = plane.namespace("usage");
    plane.apply_in(&namespace, PODS);
    finish(plane, &namespace, "ended");
    // A quota that is there before would ask of each container what it does not say.
    plane.apply_in(&namespace, QUOTA);
    eventually(Duration::from_secs(60), "the quota is counted", || {
        (used(plane, &namespace)["pods"] == "3").then_some(())
    });
    namespace
}

/// Marks a pod as ended well, as its kubelet would.
fn finish(plane: &ControlPlane, namespace: &str, pod: &str) {
    let path = format!("/api/v1/namespaces/{namespace}/pods/{pod}");
    eventually(Duration::from_secs(60), "the pod has ended", || {
        let object = plane.api().get(&path).ok()?;
        if object["status"]["phase"] == "Succeeded" {
            return Some(());
        }
        let status = serde_json::json!({"status": {"phase": "Succeeded"}});
        let headers = [("content-type", "application/merge-patch+json")];
        let body = status.to_string();
        plane.api().send(&http::Method::PATCH, &format!("{path}/status"), &headers, body).ok()?;
        None
    });
}

/// What the API server has charged the quota.
pub(crate) fn used(plane: &ControlPlane, namespace: &str) -> Value {
    let path = format!("/api/v1/namespaces/{namespace}/resourcequotas/all");
    plane.api().get(&path).map(|quota| quota["status"]["used"].clone()).unwrap_or_default()
}

/// The answer as JSON.
pub(crate) fn usage(plane: &ControlPlane, args: &[&str]) -> Value {
    Plugin::new(PROGRAM).on(plane).args(args).args(["-o", "json"]).run().success().json()
}

/// The row of a resource.
pub(crate) fn row<'a>(usage: &'a Value, resource: &str) -> &'a Value {
    let rows = usage["rows"].as_array().unwrap();
    rows.iter()
        .find(|row| row["resource"] == resource)
        .unwrap_or_else(|| panic!("no row of {resource}: {usage}"))
}

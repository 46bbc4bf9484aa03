//! A control plane with our definitions, projects and their namespaces.

use std::sync::OnceLock;

use passmuster::quota::{ledger, project};
use passmuster_tests::{ControlPlane, Error, Options};
use serde_json::{Value, json};

pub(crate) const QUOTAS: &str = "/apis/passmuster.dev/v1alpha1/projectquotas";
pub(crate) const LEDGERS: &str = "/apis/passmuster.dev/v1alpha1/quotaledgers";

/// Only etcd and the API server, which keeps its history for longer than any of these tests lasts.
pub(crate) fn plane() -> ControlPlane {
    let options =
        Options { apiserver_args: vec!["--etcd-compaction-interval=0".to_owned()], ..Options::bare() };
    let plane = ControlPlane::start(options).unwrap();
    for definition in [project::definition(), ledger::definition()] {
        plane.serve(&definition).unwrap();
    }
    plane
}

/// The one that all tests share that break nothing.
pub(crate) fn shared() -> &'static ControlPlane {
    static PLANE: OnceLock<ControlPlane> = OnceLock::new();
    PLANE.get_or_init(plane)
}

/// Namespaces of a project, by label.
pub(crate) fn namespaces(plane: &ControlPlane, project: &str, count: usize) -> Vec<String> {
    (0..count)
        .map(|n| {
            let name = format!("{project}-{n}");
            let labels = json!({"project": project});
            let object = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}});
            plane.create(&object).unwrap();
            name
        })
        .collect()
}

/// A quota of the namespaces with a project's label.
pub(crate) fn quota(plane: &ControlPlane, project: &str, spec: &Value) {
    let mut object = json!({"apiVersion": "passmuster.dev/v1alpha1", "kind": "ProjectQuota",
        "metadata": {"name": project}, "spec": {"namespaceSelector": {"matchLabels": {"project": project}}}});
    for (field, value) in spec.as_object().unwrap() {
        object["spec"][field] = value.clone();
    }
    plane.create(&object).unwrap();
}

/// A pod that requests so much cpu.
pub(crate) fn pod(namespace: &str, name: &str, cpu: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": namespace},
        "spec": {"automountServiceAccountToken": false, "containers": [
            {"name": "c", "image": "i", "resources": {"requests": {"cpu": cpu}}}]}})
}

pub(crate) fn path(namespace: &str, name: &str) -> String {
    format!("/api/v1/namespaces/{namespace}/pods/{name}")
}

/// What the API server says against a request; empty when it says nothing.
pub(crate) fn said<T>(outcome: &Result<T, Error>) -> String {
    let Err(Error::Status { body, .. }) = outcome else {
        return outcome.as_ref().err().map(ToString::to_string).unwrap_or_default();
    };
    let status: Value = serde_json::from_str(body).unwrap_or_default();
    status["message"].as_str().unwrap_or(body).to_owned()
}

/// Reservations in a project's ledger.
pub(crate) fn reserved(plane: &ControlPlane, project: &str) -> Vec<Value> {
    let ledger = plane.api().get(&format!("{LEDGERS}/{project}")).unwrap_or_default();
    ledger["spec"]["reservations"].as_array().cloned().unwrap_or_default()
}

/// The status of a project's quota.
pub(crate) fn status(plane: &ControlPlane, project: &str) -> Value {
    plane.api().get(&format!("{QUOTAS}/{project}")).unwrap()["status"].clone()
}

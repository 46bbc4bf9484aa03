//! Objects of the tests.

use passmuster_tests::{ControlPlane, eventually};
use serde_json::{Value, json};

use crate::LONG;

pub(crate) fn quota(namespace: &str, name: &str, hard: Value) -> Value {
    json!({
        "apiVersion": "v1", "kind": "ResourceQuota",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {"hard": hard},
    })
}

/// Creates a quota and waits until it is enforced.
pub(crate) fn enforced(quota: &Value) {
    let plane = ControlPlane::shared();
    plane.create(quota).unwrap();
    await_enforced(quota);
}

pub(crate) fn await_enforced(quota: &Value) {
    let plane = ControlPlane::shared();
    let path = plane.path_of(quota).unwrap();
    eventually(LONG, "a quota is enforced", || {
        let live = plane.api().get(&path).ok()?;
        let keys = |part: &Value| part.as_object().map(serde_json::Map::len);
        (keys(&live["status"]["hard"]) == keys(&quota["spec"]["hard"])).then_some(())
    });
}

pub(crate) fn container(name: &str, resources: Value) -> Value {
    json!({"name": name, "image": "example.com/app:1", "resources": resources})
}

pub(crate) fn pod(namespace: &str, name: &str, spec: Value) -> Value {
    json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": namespace}, "spec": spec})
}

/// A pod that no scheduler looks at: it stays as it is.
pub(crate) fn still(namespace: &str, name: &str, mut spec: Value) -> Value {
    spec["schedulerName"] = "nobody".into();
    pod(namespace, name, spec)
}

pub(crate) fn deployment(
    namespace: &str,
    name: &str,
    replicas: usize,
    strategy: Value,
    spec: Value,
) -> Value {
    json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {
            "replicas": replicas,
            "strategy": strategy,
            "selector": {"matchLabels": {"app": name}},
            "template": {"metadata": {"labels": {"app": name}}, "spec": spec},
        },
    })
}

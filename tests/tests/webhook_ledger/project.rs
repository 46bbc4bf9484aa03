//! A project with a quota, and a webhook that keeps it.

use std::time::Duration;

use passmuster_tests::eventually;
use serde_json::Value;

use crate::{
    replicas::Replicas,
    world::{namespaces, quota, said, shared},
};

pub(crate) const SOON: Duration = Duration::from_secs(20);

/// A project with its namespaces, its quota, and one replica that is called for it.
pub(crate) fn project(
    name: &str,
    count: usize,
    spec: &Value,
    resources: &[&str],
) -> (Vec<String>, Replicas<'static>) {
    let plane = shared();
    quota(plane, name, spec);
    let names = namespaces(plane, name, count);
    let replicas = Replicas::start(
        plane,
        &[plane.kubeconfig()],
        &["--quota-reservation-seconds", "61", "--log", "error,passmuster_webhook::run=info"],
    );
    replicas.register(name, ("project", name), resources, 5);
    (names, replicas)
}

pub(crate) fn pods(namespace: &str) -> String {
    format!("/api/v1/namespaces/{namespace}/pods")
}

/// Waits until the webhook is called: an object that can't fit is refused.
pub(crate) fn called(collection: &str, too_much: &Value) {
    eventually(Duration::from_secs(30), "a call of the webhook", || {
        let outcome = shared().api().create(&format!("{collection}?dryRun=All"), too_much);
        said(&outcome).contains("exceeded quota").then_some(())
    });
}

//! The server that judges by every rule there is.

use std::time::Duration;

use passmuster::audit;
use passmuster_tests::{ControlPlane, Webhook, eventually};
use serde_json::json;

const WITHIN: Duration = Duration::from_secs(120);

/// Starts it, with a policy that names every rule and holds pods to the strictest standard.
pub(crate) fn start(plane: &ControlPlane) -> Webhook {
    plane.serve(&audit::definition()).expect("the definition");
    let policy = json!({"apiVersion": "passmuster.dev/v1alpha1", "kind": "AuditPolicy",
        "metadata": {"name": "all"}, "spec": {"rules": [{"action": "Warn"}],
            "podSecurity": {"level": "restricted", "action": "Warn"}}});
    plane.create(&policy).expect("a policy");
    let kubeconfig = plane.kubeconfig().display().to_string();
    let webhook =
        Webhook::start("passmuster", &["--threads", "1", "--policies", "--kubeconfig", &kubeconfig]);
    eventually(WITHIN, "the webhook is ready", || (webhook.telemetry("/readyz").0 == 200).then_some(()));
    webhook
}

/// Waits until it knows of so many pods.
pub(crate) fn caught_up(webhook: &Webhook, pods: usize) {
    let line = format!("passmuster_cache_objects{{kind=\"Pod\",group=\"\"}} {pods}");
    eventually(WITHIN, "all pods are cached", || {
        webhook.telemetry("/metrics").1.contains(&line).then_some(())
    });
}

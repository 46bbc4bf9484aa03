//! What a kubelet would say of a pod, written through the status subresource.

use std::time::Duration;

use passmuster_tests::{ControlPlane, eventually};
use serde_json::{Value, json};

/// Says this of a pod, once it is there; the scheduler may write its own part in between.
pub(crate) fn say(plane: &ControlPlane, namespace: &str, pod: &str, status: &Value) {
    let path = format!("/api/v1/namespaces/{namespace}/pods/{pod}/status");
    let headers = [("content-type", "application/strategic-merge-patch+json")];
    eventually(Duration::from_secs(60), "the status of a pod is written", || {
        let body = json!({ "status": status }).to_string();
        plane.api().send(&http::Method::PATCH, &path, &headers, body).ok().filter(|it| it.status == 200)
    });
}

/// The status of a container `a` that waits.
pub(crate) fn waiting(reason: &str, message: &str, last: &Value) -> Value {
    let state = json!({"waiting": {"reason": reason, "message": message}});
    json!({"containerStatuses": [{
        "name": "a", "image": "x", "imageID": "", "ready": false, "restartCount": 4, "state": state, "lastState": last,
    }]})
}

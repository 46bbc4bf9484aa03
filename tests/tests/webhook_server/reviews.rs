//! Reviews as an API server sends them.

use passmuster_tests::webhook::{Answer, Client};
use serde_json::{Value, json};

/// A config map with what its review shall come to.
pub(crate) fn config_map(name: &str, says: &Value) -> Value {
    let mut annotations = json!({});
    for (key, value) in says.as_object().into_iter().flatten() {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        annotations[format!("test.passmuster.dev/{key}")] = text.into();
    }
    json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "annotations": annotations}})
}

/// The creation of a config map.
pub(crate) fn creation(uid: &str, says: &Value) -> Vec<u8> {
    let review = json!({"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": {
        "uid": uid, "operation": "CREATE", "kind": {"group": "", "version": "v1", "kind": "ConfigMap"},
        "resource": {"group": "", "version": "v1", "resource": "configmaps"}, "name": "map", "namespace": "shop",
        "userInfo": {"username": "alice"}, "object": config_map("map", says), "oldObject": null}});
    review.to_string().into_bytes()
}

/// Posts a creation and returns the review that comes back.
pub(crate) fn judged(client: &mut Client, uid: &str, says: &Value) -> Value {
    let answer = client.post(&creation(uid, says)).unwrap();
    response(&answer, uid)
}

/// The response in an answer that must be a review of this call.
pub(crate) fn response(answer: &Answer, uid: &str) -> Value {
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("content-type"), Some("application/json"));
    let review = answer.json();
    assert_eq!(review["apiVersion"], "admission.k8s.io/v1");
    assert_eq!(review["kind"], "AdmissionReview");
    assert_eq!(review["request"], Value::Null);
    assert_eq!(review["response"]["uid"], uid);
    review["response"].clone()
}

use serde_json::{Value, json};

use super::*;
use crate::admission::parse;

fn object(finalizers: &[&str]) -> Value {
    json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata":
        {"name": "map", "resourceVersion": "1", "managedFields": [1], "finalizers": finalizers}, "data": {"a": "1"}})
}

fn passing(operation: &str, sub_resource: &str, object: &Value, old: &Value) -> Option<Pass> {
    let review = json!({"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": {
        "uid": "u", "kind": {"kind": "ConfigMap"}, "resource": {"resource": "configmaps"}, "operation": operation,
        "subResource": sub_resource, "object": object, "oldObject": old}});
    let body = review.to_string();
    passes(&parse(body.as_bytes()).unwrap()).unwrap()
}

#[test]
fn status_passes() {
    assert_eq!(passing("UPDATE", "status", &object(&[]), &object(&[])), Some(Pass::Status));
    assert_eq!(passing("UPDATE", "finalize", &object(&[]), &object(&[])), Some(Pass::Status));
    assert_eq!(passing("UPDATE", "ephemeralcontainers", &object(&[]), &object(&[])), None);
    assert_eq!(passing("CREATE", "", &object(&[]), &Value::Null), None);
    assert_eq!(passing("DELETE", "", &Value::Null, &object(&["a"])), None);
}

#[test]
fn what_is_being_deleted_passes_and_what_only_says_so_does_not() {
    let mut deleted = object(&["a"]);
    deleted["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:00Z".into();
    let mut changed = deleted.clone();
    changed["data"] = json!({});
    assert_eq!(passing("UPDATE", "", &changed, &deleted), Some(Pass::Deleting));
    assert_eq!(passing("UPDATE", "", &deleted, &object(&["a"])), None);
    assert_eq!(passing("CREATE", "", &deleted, &Value::Null), None);
}

#[test]
fn finalizers_may_go_when_nothing_else_changes() {
    let mut fewer = object(&["b"]);
    fewer["metadata"]["resourceVersion"] = "2".into();
    fewer["metadata"]["managedFields"] = json!([1, 2]);
    assert_eq!(passing("UPDATE", "", &fewer, &object(&["a", "b"])), Some(Pass::Finalizers));
    let mut none = object(&[]);
    none["metadata"].as_object_mut().unwrap().remove("finalizers");
    assert_eq!(passing("UPDATE", "", &none, &object(&["a"])), Some(Pass::Finalizers));
    for (new, old) in [
        (object(&["a", "b"]), object(&["a"])),
        (object(&["a"]), object(&["a"])),
        (object(&["c"]), object(&["a", "b"])),
    ] {
        assert_eq!(passing("UPDATE", "", &new, &old), None, "{new} {old}");
    }
    fewer["data"]["a"] = "2".into();
    assert_eq!(passing("UPDATE", "", &fewer, &object(&["a", "b"])), None);
    let mut labelled = object(&[]);
    labelled["metadata"]["labels"] = json!({"a": "b"});
    assert_eq!(passing("UPDATE", "", &labelled, &object(&["a"])), None);
}

use serde_json::{Value, json};

use super::*;
use crate::admission::Metadata;

fn pod() -> Value {
    json!({"apiVersion": "v1", "kind": "Pod",
        "metadata": {"name": "web", "namespace": "shop", "uid": "p-1"}, "spec": {"containers": []}})
}

fn review(operation: &str) -> Value {
    json!({"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": {
        "uid": "u-1", "kind": {"group": "", "version": "v1", "kind": "Pod"},
        "resource": {"group": "", "version": "v1", "resource": "pods"},
        "requestKind": {"group": "", "version": "v1", "kind": "Pod"},
        "requestResource": {"group": "", "version": "v1", "resource": "pods"},
        "name": "web", "namespace": "shop", "operation": operation,
        "userInfo": {"username": "alice", "groups": ["system:authenticated"], "extra": {"secret": ["s3cr3t"]}},
        "object": pod(), "oldObject": null, "dryRun": false,
        "options": {"kind": "CreateOptions", "apiVersion": "meta.k8s.io/v1"}}})
}

fn refused(review: &Value) -> String {
    parse(review.to_string().as_bytes()).expect_err("no review").to_string()
}

/// A review that is changed before it is read.
fn changed(change: impl Fn(&mut Value)) -> Value {
    let mut review = review("CREATE");
    change(&mut review);
    review
}

#[test]
fn a_creation() {
    let body = review("CREATE").to_string();
    let request = parse(body.as_bytes()).unwrap();
    assert_eq!(request.uid, "u-1");
    assert_eq!((request.operation, request.dry_run), (Operation::Create, false));
    assert_eq!(request.kind.kind, "Pod");
    assert_eq!((request.resource_path(), request.object_name()), ("pods".to_owned(), "web".to_owned()));
    assert_eq!(request.user_info.groups, ["system:authenticated"]);
    assert!(request.old_object.is_none());
    let Metadata { uid, namespace, deletion_timestamp, .. } = request.object.unwrap().metadata().unwrap();
    assert_eq!((uid.as_str(), namespace.as_str(), deletion_timestamp.as_str()), ("p-1", "shop", ""));
    // What is secret is in no debug form.
    let debug = format!("{request:?}");
    assert!(debug.contains("alice") && !debug.contains("s3cr3t") && !debug.contains("containers"), "{debug}");
}

#[test]
fn each_operation_needs_its_objects() {
    let with = |operation: &str, object: Value, old: Value| {
        let mut review = review(operation);
        review["request"]["object"] = object;
        review["request"]["oldObject"] = old;
        parse(review.to_string().as_bytes()).map(drop).map_err(|error| error.to_string())
    };
    let missing = |name: &str| Err(format!("the request has no {name}"));
    assert_eq!(with("CREATE", pod(), Value::Null), Ok(()));
    assert_eq!(with("CREATE", Value::Null, Value::Null), missing("object"));
    assert_eq!(with("UPDATE", pod(), pod()), Ok(()));
    assert_eq!(with("UPDATE", pod(), Value::Null), missing("oldObject"));
    assert_eq!(with("UPDATE", Value::Null, pod()), missing("object"));
    assert_eq!(with("DELETE", Value::Null, pod()), Ok(()));
    assert_eq!(with("DELETE", Value::Null, Value::Null), missing("oldObject"));
    assert_eq!(with("CONNECT", json!({"kind": "PodExecOptions"}), Value::Null), Ok(()));
    assert_eq!(with("CONNECT", Value::Null, Value::Null), Ok(()));
    assert_eq!(
        with("CREATE", json!("x"), Value::Null),
        Err("the request's object is not an object".to_owned())
    );
    assert_eq!(
        with("CREATE", json!([]), Value::Null),
        Err("the request's object is not an object".to_owned())
    );
}

#[test]
fn names_of_deletions_and_generated_names() {
    let mut deletion = review("DELETE");
    deletion["request"]["name"] = "".into();
    deletion["request"]["object"] = Value::Null;
    deletion["request"]["oldObject"] = pod();
    let body = deletion.to_string();
    assert_eq!(parse(body.as_bytes()).unwrap().object_name(), "web");
    let generated = changed(|review| {
        review["request"]["name"] = Value::Null;
        review["request"]["object"]["metadata"] = json!({"generateName": "web-"});
    });
    let body = generated.to_string();
    assert_eq!(parse(body.as_bytes()).unwrap().object_name(), "web-");
}

#[test]
fn null_is_empty_as_in_go() {
    let body = changed(|review| {
        for key in ["subResource", "dryRun", "options", "requestKind", "namespace"] {
            review["request"][key] = Value::Null;
        }
        review["request"]["userInfo"]["groups"] = Value::Null;
        review["request"]["unknown"] = json!({"of": ["a", "later", "version"]});
    });
    let body = body.to_string();
    let request = parse(body.as_bytes()).unwrap();
    assert!(request.namespace.is_empty() && !request.dry_run && request.user_info.groups.is_empty());
}

#[test]
fn other_versions_and_kinds_are_named() {
    let beta = changed(|review| {
        review["apiVersion"] = "admission.k8s.io/v1beta1".into();
        review["request"]["userInfo"] = "odd".into();
    });
    let text = refused(&beta);
    assert!(
        text.contains("admission.k8s.io/v1beta1")
            && text.contains("expected apiVersion admission.k8s.io/v1,")
    );
    assert!(refused(&changed(|review| review["kind"] = "Review".into())).contains("\"Review\""));
    assert!(refused(&json!({})).contains("apiVersion \"\""));
}

#[test]
fn what_is_no_review_is_refused() {
    for (change, reason) in [
        (json!({"request": null}), "has no request"),
        (json!({"request": []}), "expected an object"),
        (json!({"request": ["u"]}), "expected an object"),
        (json!({"request": {"operation": "CREATE", "userInfo": ["alice"]}}), "expected an object"),
        (json!({"request": {}}), "missing field `operation`"),
        (json!({"request": {"operation": "create"}}), "unknown variant"),
        (json!({"request": {"operation": "CREATE"}}), "no uid"),
        (json!({"request": {"operation": "CREATE", "uid": 5}}), "expected a string"),
        (json!({"request": {"operation": "CREATE", "uid": "u"}}), "no kind"),
    ] {
        let mut review = review("CREATE");
        review["request"] = change["request"].clone();
        let text = refused(&review);
        assert!(text.contains(reason), "{change}: {text}");
    }
    for (body, reason) in [
        (&b""[..], "EOF"),
        (b"\xff\xfe", "not UTF-8 (at byte 0)"),
        (b"{\"apiVersion\":\"\xff\"}", "not UTF-8 (at byte 15)"),
        (b"[]", "expected an object"),
        (b"null", "null"),
        (b"5", "expected an object"),
        (b"{} {}", "trailing"),
    ] {
        let text = parse(body).expect_err("no review").to_string();
        assert!(text.contains(reason), "{body:?}: {text}");
    }
}

#[test]
fn depth_is_bounded_and_what_is_within_can_be_read() {
    // The object's own text stands two levels down.
    let nested = |depth: usize| {
        let deep = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        review("CREATE").to_string().replace("\"containers\":[]", &format!("\"containers\":{deep}"))
    };
    let body = nested(MAX_DEPTH - 4);
    let request = parse(body.as_bytes()).unwrap();
    request.object.unwrap().read::<Value>().unwrap();
    assert!(matches!(parse(nested(MAX_DEPTH - 3).as_bytes()), Err(Unreadable::Depth)));
    assert!(matches!(parse("[".repeat(1 << 22).as_bytes()), Err(Unreadable::Depth)));
}

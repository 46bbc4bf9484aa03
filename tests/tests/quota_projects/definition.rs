//! The definition of our kind: what the API server takes, and what it refuses.

use passmuster::{
    cluster::{ProjectQuotas, Writing},
    quota::project::{ProjectQuota, ProjectQuotaSpec},
};
use passmuster_tests::{Error, Plugin};
use serde_json::{Value, json};

use crate::world::{connected, plane, projects};

fn object(name: &str, spec: &Value) -> Value {
    json!({"apiVersion": "passmuster.dev/v1alpha1", "kind": "ProjectQuota", "metadata": {"name": name}, "spec": spec})
}

/// A good one with this in place of what it says.
fn with(change: Value) -> Value {
    let mut spec = json!({"namespaces": ["shop"], "hard": {"requests.cpu": "10", "pods": 20}});
    if let Value::Object(change) = change {
        for (field, value) in change {
            spec[field] = value;
        }
    }
    spec
}

#[test]
fn what_is_right_is_taken_and_read_back() {
    let plane = plane();
    let full = with(json!({
        "displayName": "支付", "externalId": "p-1", "model": "allocation", "namespaces": ["a", "b-1"],
        "namespaceSelector": {"matchLabels": {"team": "pay"}, "matchExpressions": [
            {"key": "env", "operator": "NotIn", "values": ["test"]}]},
        "hard": {
            "requests.cpu": "10", "limits.memory": "1.5Gi", "pods": 20, "count/jobs.batch": "1k", "cpu": "250m",
            "requests.nvidia.com/gpu": "2", "hugepages-2Mi": "1Gi", "requests.storage": "12e6",
            "gold.storageclass.storage.k8s.io/requests.storage": "1Ti", "services.nodeports": "0"},
        "scopes": ["NotTerminating", "NotBestEffort"],
        "scopeSelector": {"matchExpressions": [{"scopeName": "PriorityClass", "operator": "In", "values": ["low"]}]},
        "clusters": [{"name": "east", "hard": {"requests.cpu": "4"}}, {"name": "west", "hard": {"requests.cpu": 6}}],
    }));
    let mut full = object("full", &full);
    let condition = json!({"type": "Ready", "status": "True", "lastTransitionTime": "2026-01-01T00:00:00Z",
        "reason": "Counted", "message": ""});
    full["status"] = json!({
        "observedGeneration": 1, "hard": {"pods": "20"}, "used": {"pods": "3"}, "reserved": {"pods": "1"},
        "namespaces": [{"name": "a", "used": {"pods": "3"}, "reserved": {"pods": "1"}}], "conditions": [condition]});
    plane.create(&full).unwrap();
    plane.create(&object("small", &json!({"namespaceSelector": {}, "hard": {"pods": "1"}}))).unwrap();

    let (found, skipped) = projects(&plane);
    assert_eq!(skipped, []);
    let found = found.iter().find(|project| project.name == "full").unwrap();
    assert_eq!(found.used.as_ref().unwrap().of("pods").to_string(), "3");
    assert_eq!(found.hard.of("limits.memory").to_string(), "1536Mi");
    assert_eq!(found.display_name.as_deref(), Some("支付"));

    // Whole, it is what was written, defaults filled in; and writing it back changes nothing.
    let (read, stored) = connected(&plane, async |connection, discovery| {
        let quotas = ProjectQuotas::new(connection, discovery).unwrap();
        let read = quotas.list().await.unwrap();
        let full = read.iter().find(|object| object.metadata.name == "full").unwrap().clone();
        let writing = Writing { force: true, ..Writing::default() };
        (full.clone(), quotas.apply(&full, writing).await.unwrap())
    });
    assert_eq!(read.spec, stored.spec);
    assert_eq!(serde_json::to_value(read.status.unwrap()).unwrap(), full["status"]);
    let small: ProjectQuota = connected(&plane, async |connection, discovery| {
        let all = ProjectQuotas::new(connection, discovery).unwrap().list().await.unwrap();
        all.into_iter().find(|object| object.metadata.name == "small").unwrap()
    });
    assert_eq!(small.spec.model, ProjectQuotaSpec::default().model);
}

#[test]
fn what_is_wrong_is_refused_and_the_field_named() {
    let plane = plane();
    for (spec, field) in [
        (json!({"hard": {"pods": "1"}}), "spec.namespaces"),
        (with(json!({"namespaces": []})), "spec.namespaces"),
        (json!({"namespaces": ["a"]}), "spec.hard"),
        (with(json!({"hard": {}})), "spec.hard"),
        (with(json!({"hard": {"requests.cpu": "ten"}})), "spec.hard.requests.cpu"),
        (with(json!({"hard": {"requests.cpu": "-1"}})), "spec.hard.requests.cpu"),
        (with(json!({"hard": {"pods": -1}})), "spec.hard.pods"),
        (with(json!({"hard": {"pods": true}})), "spec.hard.pods"),
        (with(json!({"hard": {"reqests.cpu": "1"}})), "spec.hard"),
        (with(json!({"model": "both"})), "spec.model"),
        (with(json!({"namespaces": ["A_b"]})), "spec.namespaces[0]"),
        (with(json!({"namespaces": ["a", "a"]})), "spec.namespaces[1]"),
        (
            with(json!({"namespaceSelector": {"matchExpressions": [{"key": "a", "operator": "Like"}]}})),
            "spec.namespaceSelector.matchExpressions[0].operator",
        ),
        (with(json!({"scopes": ["Sometimes"]})), "spec.scopes[0]"),
        (with(json!({"scopes": ["Terminating", "NotTerminating"]})), "spec.scopes"),
        (
            with(json!({"scopeSelector": {"matchExpressions": [{"scopeName": "x", "operator": "In"}]}})),
            "spec.scopeSelector.matchExpressions[0].scopeName",
        ),
        (with(json!({"clusters": [{"name": "east", "hard": {"services": "1"}}]})), "spec.clusters"),
        (with(json!({"clusters": [{"hard": {"pods": "1"}}]})), "spec.clusters[0].name"),
        (
            with(
                json!({"clusters": [{"name": "e", "hard": {"pods": "1"}}, {"name": "e", "hard": {"pods": "1"}}]}),
            ),
            "spec.clusters[1]",
        ),
        (with(json!({"displayName": ""})), "spec.displayName"),
    ] {
        let refused = plane.create(&object("wrong", &spec));
        let Err(Error::Status { status: 422, body: message, .. }) = &refused else {
            panic!("{spec}: {refused:?}")
        };
        assert!(message.contains(&format!("{field}:")), "{field}: {message}");
    }
    let long = object(&"x".repeat(64), &with(json!({})));
    let refused = plane.create(&long).unwrap_err().to_string();
    assert!(refused.contains("metadata.name: Too long: may not be more than 63"), "{refused}");
}

#[test]
fn kubectl_knows_its_short_name_its_category_and_its_columns() {
    let plane = plane();
    let cells = json!({"requests.cpu": "10", "requests.memory": "20Gi"});
    plane.create(&object("columns", &with(json!({"displayName": "Columns", "hard": cells})))).unwrap();
    let kubectl = |args: &[&str]| Plugin::through_kubectl("get").on(&plane).args(args).run().success().stdout;
    let table = kubectl(&["pq", "columns"]);
    let lines: Vec<Vec<&str>> = table.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(lines[0], ["NAME", "DISPLAY", "NAME", "MODEL", "CPU", "MEMORY", "AGE"]);
    assert_eq!(lines[1][..5], ["columns", "Columns", "usage", "10", "20Gi"]);
    assert!(kubectl(&["passmuster", "-o", "name"]).contains("projectquota.passmuster.dev/columns"));
}

//! Quotas of a cluster whose quota controller does not run: nobody counts but the admission.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test that calls them")]

use std::sync::OnceLock;

use passmuster_tests::{ControlPlane, Options, Plugin};
use serde_json::{Value, json};

fn plane() -> &'static ControlPlane {
    static PLANE: OnceLock<ControlPlane> = OnceLock::new();
    PLANE.get_or_init(|| ControlPlane::start(Options::bare()).unwrap())
}

fn quota(namespace: &str, hard: &Value) -> Value {
    json!({"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "q", "namespace": namespace},
        "spec": {"hard": hard}})
}

fn pod(namespace: &str, name: &str) -> Value {
    let container = json!({"name": "c", "image": "i", "resources": {"requests": {"cpu": "100m"}}});
    json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": namespace},
        "spec": {"containers": [container]}})
}

fn verify(namespace: &str, more: &[&str]) -> Plugin {
    let plugin =
        Plugin::new("kubectl-quota-usage").on(plane()).args(["verify", "-n", namespace, "--settle", "1s"]);
    plugin.args(more)
}

fn problems(namespace: &str) -> Vec<(String, String)> {
    let found = verify(namespace, &["-o", "json"]).run().success().json();
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let findings = found["findings"].as_array().unwrap();
    findings.iter().map(|finding| (text(&finding["problem"]), text(&finding["resource"]))).collect()
}

fn of(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(problem, resource)| ((*problem).to_owned(), (*resource).to_owned())).collect()
}

#[test]
fn a_quota_that_was_never_looked_at_enforces_nothing() {
    let namespace = plane().namespace("never");
    plane().create(&quota(&namespace, &json!({"pods": "1"}))).unwrap();
    for name in ["a", "b"] {
        plane().create(&pod(&namespace, name)).unwrap();
    }
    assert_eq!(problems(&namespace), of(&[("never-synced", "-")]));
    let run = verify(&namespace, &["--nudge", "--exit-code"]).run().exits(3);
    assert!(run.stderr.contains("no answer within 10 s, so it does not run or cannot count"), "{run}");
    let live = plane().api().get(&plane().path_of(&quota(&namespace, &json!({}))).unwrap()).unwrap();
    assert_eq!(live["spec"]["hard"], json!({"pods": "1"}), "nothing is left behind");
}

#[test]
fn usage_that_only_grows() {
    let namespace = plane().namespace("ratchet");
    let hard = json!({"pods": "9", "requests.cpu": "1"});
    let quota = quota(&namespace, &hard);
    plane().create(&quota).unwrap();
    plane().write_status(&quota, &json!({"hard": hard, "used": {"pods": "0", "requests.cpu": "0"}})).unwrap();
    for name in ["a", "b", "c"] {
        plane().create(&pod(&namespace, name)).unwrap();
    }
    assert_eq!(problems(&namespace), [], "admission has counted");
    plane().write_status(&pod(&namespace, "a"), &json!({"phase": "Succeeded"})).unwrap();
    assert_eq!(problems(&namespace), of(&[("ratchet", "pods"), ("ratchet", "requests.cpu")]));
    let found = verify(&namespace, &["-o", "json"]).run().success().json();
    assert_eq!(found["findings"][0]["objects"], json!([format!("Pod/{namespace}/a")]));
    let table = verify(&namespace, &[]).run().success().stdout;
    assert!(table.contains("way out:  see whether kube-controller-manager runs"), "{table}");
    // What is gone altogether leaves no trace but the sum.
    plane().remove(&pod(&namespace, "b")).unwrap();
    plane().remove(&pod(&namespace, "a")).unwrap();
    assert_eq!(problems(&namespace), of(&[("leak", "pods"), ("leak", "requests.cpu")]));
}

#[test]
fn limits_that_are_not_the_ones_that_are_enforced() {
    let namespace = plane().namespace("stale");
    let hard = json!({"pods": "9", "services": "2"});
    let quota = quota(&namespace, &hard);
    plane().create(&quota).unwrap();
    let enforced = json!({"pods": "5", "services": "2", "configmaps": "1"});
    plane().write_status(&quota, &json!({"hard": enforced, "used": {"pods": "0", "services": "0"}})).unwrap();
    assert_eq!(
        problems(&namespace),
        of(&[("stale", "configmaps"), ("stale", "pods"), ("usage-unknown", "configmaps")])
    );
    // As it says: whatever the key counts is refused.
    let map =
        json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "m", "namespace": namespace}});
    let refused = plane().create(&map).unwrap_err().to_string();
    assert!(refused.contains("status unknown for quota: q, resources: configmaps"), "{refused}");
}

#[test]
fn pods_that_should_be_gone() {
    let namespace = plane().namespace("leaving");
    let hard = json!({"pods": "9"});
    let quota = quota(&namespace, &hard);
    plane().create(&quota).unwrap();
    plane().write_status(&quota, &json!({"hard": hard, "used": {"pods": "0"}})).unwrap();
    let mut stuck = pod(&namespace, "stuck");
    stuck["metadata"]["finalizers"] = json!(["example.com/never"]);
    plane().create(&stuck).unwrap();
    plane().api().delete(&plane().path_of(&stuck).unwrap()).unwrap();
    // Its grace period of nothing is over at once, and no controller is there to notice.
    let found = verify(&namespace, &["-o", "json"]).run().success().json();
    let leak = &found["findings"][0];
    assert_eq!((&leak["problem"], &leak["counted"]), (&json!("leak"), &json!("0")), "{found}");
    assert!(
        leak["cause"].as_str().unwrap().contains("1 pod whose grace period is over is still in it"),
        "{leak}"
    );
    plane().remove(&stuck).unwrap();
}

//! Live clusters, snapshots of them, and several at once.

use std::time::Duration;

use passmuster_tests::{ControlPlane, Kubeconfig, Plugin, eventually, kubeconfig::Cluster};
use serde_json::{Value, json};

use super::rules_of;

fn shop(plane: &ControlPlane) -> String {
    let namespace = plane.namespace("audit");
    let template = json!({"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [
        {"name": "main", "image": "registry.example/web:1", "securityContext": {"privileged": true}}]}});
    let deployment = json!({"apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {"name": "web", "namespace": namespace},
        "spec": {"replicas": 3, "selector": {"matchLabels": {"app": "web"}}, "template": template}});
    plane.create(&deployment).unwrap();
    namespace
}

fn of_rule<'a>(report: &'a Value, rule: &str) -> Vec<&'a Value> {
    report["findings"].as_array().unwrap().iter().filter(|it| it["rule"] == rule).collect()
}

#[test]
fn a_workload_is_one_finding_live_and_saved() {
    let plane = ControlPlane::shared();
    let namespace = shop(plane);
    let folder = tempfile::tempdir().unwrap();
    let saved = folder.path().join("saved.json");
    let saved = saved.to_str().unwrap();
    eventually(Duration::from_secs(30), "the pods of the deployment", || {
        let pods = plane.api().get(&format!("/api/v1/namespaces/{namespace}/pods")).unwrap();
        pods["items"].as_array().filter(|pods| pods.len() == 3).map(drop)
    });
    let args = ["-n", &namespace, "--select", "pod-security", "-o", "json"];
    let live =
        Plugin::new("kubectl-audit").on(plane).args(args).args(["--save", saved]).run().success().json();
    let privileged = of_rule(&live, "privileged-container");
    assert_eq!(privileged.len(), 1, "{privileged:?}");
    assert_eq!(privileged[0]["object"], format!("Deployment.apps/{namespace}/web"));
    let again = Plugin::new("kubectl-audit").args(["--snapshot", saved]).args(args).run().success().json();
    assert_eq!(again["findings"], live["findings"]);
    let one = Plugin::new("kubectl-audit").on(plane).args(["deploy/web"]).args(args).run().success().json();
    let all = live["findings"].as_array().unwrap().iter();
    let own: Vec<&Value> =
        all.filter(|it| it["object"] == format!("Deployment.apps/{namespace}/web")).collect();
    assert_eq!(one["findings"].as_array().unwrap().iter().collect::<Vec<_>>(), own);
    let none = Plugin::new("kubectl-audit").on(plane).args(["deploy/other", "-n", &namespace]).run().exits(1);
    assert!(none.stderr.contains("\"other\" not found"), "{none}");
}

#[test]
fn a_cluster_that_does_not_answer_is_told_and_fails_no_other() {
    let plane = ControlPlane::shared();
    let namespace = shop(plane);
    let config = Kubeconfig::new()
        .cluster("live", &plane.cluster())
        .cluster("gone", &Cluster::new("https://127.0.0.1:1"))
        .user("admin", &plane.admin())
        .context("live", "live", "admin", None)
        .context("gone", "gone", "admin", None);
    let path = plane.write_kubeconfig("audit-two", &config).unwrap();
    let args = ["--all-clusters", "-n", &namespace, "--select", "privileged-container", "-o", "json"];
    let run = Plugin::new("kubectl-audit").kubeconfig(&path).args(args).run().success();
    let report = run.json();
    assert!(run.stderr.contains("warning: cluster \"gone\""), "{run}");
    assert!(rules_of(&report).contains(&"privileged-container".to_owned()), "{report}");
    assert_eq!(report["score"], 0.0, "nobody knows what the other holds");
    Plugin::new("kubectl-audit").kubeconfig(&path).args(args).arg("--strict").run().exits(4);
}

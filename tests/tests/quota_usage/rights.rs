//! Users who may see little, and servers that are not there.

use std::time::Duration;

use passmuster_tests::{ControlPlane, Kubeconfig, Plugin, controlplane::Rule, eventually, kubeconfig::User};

use crate::world::{PROGRAM, create, row};

#[test]
fn what_may_not_be_read_is_told_and_the_rest_shown() {
    let plane = ControlPlane::shared();
    let namespace = create(plane);
    let rules = [Rule::new("list", "pods,resourcequotas")];
    let config = plane.restricted_kubeconfig(&namespace, &rules).unwrap();
    let plugin = || Plugin::new(PROGRAM).kubeconfig(&config).args(["-o", "json"]);
    let run = plugin().run().success();
    let usage = run.json();
    assert_eq!(row(&usage, "cpu")["used"], "1450m");
    assert!(row(&usage, "cpu")["allocatable"].is_null());
    assert_eq!(run.stderr.trim(), "warning: not everything could be read: Forbidden: namespaces, nodes");
    let skipped = usage["clusters"][0]["skipped"].as_array().unwrap();
    assert_eq!(skipped.len(), 2, "{usage:#}");
    plugin().args(["--strict"]).run().exits(4);
}

#[test]
fn without_quotas_and_pods_there_is_nothing_to_say() {
    let plane = ControlPlane::shared();
    let namespace = create(plane);
    let config = plane.restricted_kubeconfig(&namespace, &[Rule::new("list", "services")]).unwrap();
    let run = Plugin::new(PROGRAM).kubeconfig(&config).run().exits(1);
    assert!(run.stderr.starts_with("Error from server (Forbidden): pods is forbidden"), "{run}");
    assert!(run.stdout.is_empty(), "{run}");
}

#[test]
fn quotas_alone_are_shown_without_what_pods_ask_for() {
    let plane = ControlPlane::shared();
    let namespace = create(plane);
    let config = plane.restricted_kubeconfig(&namespace, &[Rule::new("list", "resourcequotas")]).unwrap();
    let run = Plugin::new(PROGRAM).kubeconfig(&config).args(["-o", "json"]).run().success();
    let usage = run.json();
    assert_eq!(row(&usage, "cpu")["used"], "1450m");
    assert!(row(&usage, "cpu")["requested"].is_null(), "unknown is not zero: {usage:#}");
}

#[test]
fn a_server_that_is_not_there_is_an_error_in_kubectls_words() {
    let plane = ControlPlane::shared();
    let nowhere = ["--server", "https://127.0.0.1:1", "--request-timeout", "5s"];
    let ours = Plugin::new(PROGRAM).on(plane).args(nowhere).run().exits(1);
    let line =
        "The connection to the server 127.0.0.1:1 was refused - did you specify the right host or port?";
    assert_eq!(ours.stderr.trim(), line);
}

#[test]
fn who_may_read_some_namespaces_only_sees_those() {
    let plane = ControlPlane::shared();
    let namespace = create(plane);
    let rules = [Rule::new("list", "pods,resourcequotas")];
    let token = plane.restricted_token(&namespace, &rules).unwrap();
    let account = plane.api_with(&token).unwrap();
    assert_eq!(account.send(&http::Method::GET, "/api/v1/pods", &[], "").unwrap().status, 403);
    // To know which namespaces there are is another matter than to see what is in them.
    plane.kubectl(&["create", "clusterrole", "see-namespaces", "--verb=list", "--resource=namespaces"]);
    let group = format!("--group=system:serviceaccounts:{namespace}");
    plane.kubectl(&[
        "create",
        "clusterrolebinding",
        "see-namespaces",
        "--clusterrole=see-namespaces",
        &group,
    ]);
    eventually(Duration::from_secs(30), "namespaces may be listed", || {
        let answer = account.send(&http::Method::GET, "/api/v1/namespaces", &[], "").ok()?;
        (answer.status == 200).then_some(())
    });
    let config = Kubeconfig::single("some", &plane.cluster(), &User::token(&token), None);
    let config = plane.write_kubeconfig("some", &config).unwrap();
    let run = Plugin::new(PROGRAM).kubeconfig(&config).args(["-A", "-o", "json"]).run().success();
    let usage = run.json();
    assert_eq!(row(&usage, "cpu")["used"], "1450m");
    assert!(usage["rows"].as_array().unwrap().iter().all(|row| row["namespace"] == *namespace), "{usage:#}");
    assert!(run.stderr.contains("Forbidden: nodes, pods, resourcequotas"), "{run}");
    plane.kubectl(&["delete", "clusterrolebinding,clusterrole", "see-namespaces"]);
}

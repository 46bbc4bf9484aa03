//! What rows say.

use std::time::Duration;

use passmuster_tests::{ControlPlane, Plugin, eventually};
use serde_json::Value;

use crate::world::{PROGRAM, create, row, usage, used};

#[test]
fn what_is_charged_is_what_the_server_says_and_what_pods_ask_for_adds_up_to_it() {
    let plane = ControlPlane::shared();
    let namespace = create(plane);
    let usage = usage(plane, &["-n", &namespace]);
    let used = used(plane, &namespace);
    for (key, amount) in used.as_object().unwrap() {
        assert_eq!(&row(&usage, key)["used"], amount, "{key}");
    }
    // Init containers run before the others, beside the sidecars that were there before them.
    for (key, column) in [
        ("cpu", "requested"),
        ("requests.memory", "requested"),
        ("limits.cpu", "limited"),
        ("limits.memory", "limited"),
    ] {
        assert_eq!(row(&usage, key)[column], row(&usage, key)["used"], "{key}: {usage:#}");
    }
    assert_eq!(row(&usage, "cpu")["used"], "1450m");
    assert_eq!(row(&usage, "cpu")["rate"], 0.145);
    assert_eq!(row(&usage, "pods")["requested"], "3", "what has ended holds nothing");
    assert_eq!(usage["rows"].as_array().unwrap().iter().filter(|row| row["quota"] != "all").count(), 0);
}

#[test]
fn sums_by_node_are_those_of_kubectl() {
    let plane = ControlPlane::shared();
    create(plane);
    // Other tests create pods meanwhile: what is compared must have stood still.
    eventually(Duration::from_secs(120), "kubectl says the same of every node", || {
        let usage = usage(plane, &["--by", "node", "--resources", "cpu,memory"]);
        let rows = usage["rows"].as_array().unwrap();
        let rows: Vec<_> = rows.iter().filter(|row| row["node"].is_string()).collect();
        assert!(rows.len() >= 4, "{usage}");
        rows.iter()
            .all(|row| allocated(plane, row).iter().eq([&row["requested"], &row["limited"]]))
            .then_some(())
    });
}

/// Requests and limits of a row's node and resource, as `kubectl describe node` has them: `cpu  1450m (2%)  2 (3%)`.
fn allocated(plane: &ControlPlane, row: &Value) -> [Value; 2] {
    let (node, resource) = (row["node"].as_str().unwrap(), row["resource"].as_str().unwrap());
    let described = plane.kubectl(&["describe", "node", node]);
    let allocated = described.split("Allocated resources:").nth(1).unwrap_or_default();
    let line = allocated.lines().find(|line| line.trim_start().starts_with(resource)).unwrap_or_default();
    let words: Vec<&str> = line.split_whitespace().collect();
    [words[1].into(), words[3].into()]
}

#[test]
fn pods_by_what_they_belong_to_and_are_labelled_with() {
    let plane = ControlPlane::shared();
    let namespace = create(plane);
    let names = |by: &str, field: &str| -> Vec<String> {
        let usage = usage(plane, &["-n", &namespace, "--by", by, "--resources", "cpu"]);
        let rows = usage["rows"].as_array().unwrap().clone();
        rows.iter().map(|row| format!("{}={}", row.pointer(field).unwrap(), row["requested"])).collect()
    };
    assert_eq!(names("pod", "/pod"), [r#""gated"="0""#, r#""sidecar"="700m""#, r#""whole"="750m""#]);
    assert_eq!(
        names("owner", "/owner"),
        [r#""Pod/gated"="0""#, r#""Pod/sidecar"="700m""#, r#""Pod/whole"="750m""#]
    );
    assert_eq!(names("label=tier", "/labels/0"), [r#"""="0""#, r#""db"="750m""#, r#""web"="700m""#]);
    let selected = usage(plane, &["-n", &namespace, "-l", "tier=db", "--by", "pod", "--resources", "cpu"]);
    assert_eq!(selected["rows"].as_array().unwrap().len(), 1, "{selected}");
}

#[test]
fn only_what_is_over_counts_for_the_exit_code() {
    let plane = ControlPlane::shared();
    let namespace = create(plane);
    let run = |threshold: &str, code: i32| {
        let args = ["-n", &namespace, "--threshold", threshold, "--exit-code", "-o", "json"];
        Plugin::new(PROGRAM).on(plane).args(args).run().exits(code)
    };
    let over = run("20%", 3).json();
    let mut keys: Vec<_> = over["rows"].as_array().unwrap().iter().map(|row| &row["resource"]).collect();
    keys.sort_by_key(ToString::to_string);
    assert_eq!(keys, ["limits.cpu", "pods"], "{over:#}");
    assert_eq!(run("99", 0).json()["rows"].as_array().unwrap().len(), 0);
    let refused = Plugin::new(PROGRAM).on(plane).args(["--threshold", "much"]).run().exits(1);
    assert!(refused.stderr.starts_with("error: --threshold takes a whole number of percent"), "{refused}");
}

#[test]
fn the_same_name_in_two_namespaces_is_two_pods() {
    let plane = ControlPlane::shared();
    let namespaces = [plane.namespace("twin"), plane.namespace("twin")];
    for (namespace, cpu) in namespaces.iter().zip(["100m", "200m"]) {
        let manifest = format!(
            "{{apiVersion: v1, kind: Pod, metadata: {{name: redis-0}}, spec: {{containers: [{{name: a, image: x, resources: {{requests: {{cpu: {cpu}}}}}}}]}}}}"
        );
        plane.apply_in(namespace, &manifest);
    }
    let usage = usage(plane, &["-A", "--by", "namespace,pod", "--resources", "cpu"]);
    let of = |namespace: &str| -> Vec<&Value> {
        usage["rows"].as_array().unwrap().iter().filter(|row| row["namespace"] == namespace).collect()
    };
    assert_eq!(of(&namespaces[0])[0]["requested"], "100m");
    assert_eq!(of(&namespaces[1])[0]["requested"], "200m");
}

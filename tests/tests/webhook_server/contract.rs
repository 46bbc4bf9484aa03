//! What the real API server makes of answers.

use std::fs;
use std::time::Duration;

use passmuster_tests::{ControlPlane, Options, Webhook, eventually};
use serde_json::{Value, json};

use crate::reviews::config_map;

const POLICY: &str =
    r#"{"apiVersion": "audit.k8s.io/v1", "kind": "Policy", "rules": [{"level": "Metadata"}]}"#;

/// A control plane that keeps an audit log of what this suite does.
fn audited() -> (ControlPlane, std::path::PathBuf) {
    let files = tempfile::tempdir().unwrap().keep();
    let (policy, log) = (files.join("policy.yaml"), files.join("audit.log"));
    fs::write(&policy, POLICY).unwrap();
    let args =
        [format!("--audit-policy-file={}", policy.display()), format!("--audit-log-path={}", log.display())];
    let plane = ControlPlane::start(Options { apiserver_args: args.into(), ..Options::bare() }).unwrap();
    (plane, log)
}

fn create(plane: &ControlPlane, namespace: &str, object: &Value) -> passmuster_tests::controlplane::Output {
    plane.run_kubectl(&["create", "-n", namespace, "-f", "-"], &object.to_string()).unwrap()
}

#[test]
fn denials_warnings_and_annotations_arrive() {
    let (plane, log) = audited();
    let webhook = Webhook::start("annotated-webhook", &[]);
    let namespace = plane.namespace("contract");
    webhook.register(&plane, &namespace, &["configmaps"]);

    let denied = create(&plane, &namespace, &config_map("denied", &json!({"deny": "too big\ntry smaller"})));
    assert_eq!(denied.code, Some(1));
    let name =
        format!("admission webhook \"{namespace}.passmuster.dev\" denied the request: too big\ntry smaller");
    assert!(denied.stderr.contains(&name), "{}", denied.stderr);
    assert!(
        denied.stderr.contains("(Forbidden)") || denied.stderr.contains("Error from server"),
        "{}",
        denied.stderr
    );

    // What is invalid has another status, which clients see.
    let path = format!("/api/v1/namespaces/{namespace}/configmaps");
    let invalid = config_map("invalid", &json!({"deny": "no", "code": "422"}));
    let answer = plane
        .api()
        .send(&http::Method::POST, &path, &[("content-type", "application/json")], invalid.to_string())
        .unwrap();
    assert_eq!((answer.status, &answer.json()["reason"]), (422, &json!("Invalid")));

    let notes = json!({"mode": "warn", "a/b c": "made a name", "findings": "[\"x\",\"y\"]"});
    let warned = config_map("warned", &json!({"warn": ["first", "se\ncond\u{7}"], "note": notes}));
    let warned = create(&plane, &namespace, &warned);
    assert_eq!((warned.code, warned.stderr.as_str()), (Some(0), "Warning: first\nWarning: se cond^G\n"));

    // The audit log is written behind the answer.
    let annotations = eventually(Duration::from_secs(30), "the entry in the audit log", || {
        let log = fs::read_to_string(&log).ok()?;
        let entries = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let mut entries = entries.filter(|entry| entry["objectRef"]["name"] == "warned");
        entries.find(|entry| entry["verb"] == "create").map(|entry| entry["annotations"].clone())
    });
    let key = |name: &str| annotations[format!("{namespace}.passmuster.dev/{name}")].clone();
    assert_eq!(key("mode"), "warn", "{annotations}");
    assert_eq!(key("a-b-c"), "made a name", "{annotations}");
    assert_eq!(key("findings"), "[\"x\",\"y\"]", "{annotations}");
    assert_eq!(key("call"), "1", "{annotations}");
    fs::remove_dir_all(log.parent().unwrap()).unwrap();
}

#[test]
fn whatever_is_warned_of_arrives_as_it_was_cut() {
    let plane = ControlPlane::shared();
    let webhook = Webhook::start("annotated-webhook", &[]);
    let namespace = plane.namespace("warnings");
    webhook.register(plane, &namespace, &["configmaps"]);
    let evil = "\u{1b}[31mred\u{7}\r\n\t\"quoted\\\" \u{85}\u{9b}x\u{202e}kcab ümläut 日本語";
    for (number, given) in [
        vec![evil.to_owned()],
        vec!["x".repeat(500), "y".repeat(119), "z".repeat(120), "z".repeat(121)],
        (0..40).map(|number| format!("warning number {number}: {}", "w".repeat(number * 5))).collect(),
        vec!["日".repeat(300); 3],
        (0..20).map(|number| format!("{number}{}", "語".repeat(119))).collect(),
        vec![String::new(), " ".to_owned(), "\n".to_owned(), "last".to_owned()],
        vec!["same".to_owned(); 20],
    ]
    .into_iter()
    .enumerate()
    {
        let object = config_map(&format!("warned-{number}"), &json!({"warn": given}));
        let output = create(plane, &namespace, &object);
        assert_eq!(output.code, Some(0), "{}", output.stderr);
        let arrived: Vec<_> = output
            .stderr
            .lines()
            .filter_map(|line| line.strip_prefix("Warning: "))
            .map(str::to_owned)
            .collect();
        assert_eq!(arrived, passmuster_webhook::admission::warnings(&given), "{given:?}");
    }
}

#[test]
fn a_call_that_gets_no_review_is_no_allow() {
    let plane = ControlPlane::shared();
    let webhook = Webhook::start("annotated-webhook", &[]);
    let namespace = plane.namespace("failing");
    webhook.register(plane, &namespace, &["configmaps"]);
    for fail in ["internal", "panic"] {
        let output = create(plane, &namespace, &config_map(fail, &json!({"fail": fail})));
        assert_eq!(output.code, Some(1));
        assert!(output.stderr.contains("failed calling webhook"), "{}", output.stderr);
    }
    assert!((webhook.figures().sum("admission_refused_total", &["reason=\"internal\""]) - 2.0).abs() < 0.1);
    // One defect takes no other call with it.
    assert_eq!(create(plane, &namespace, &config_map("fine", &json!({}))).code, Some(0));
}

/// The API server's own repetition, which no product seems to use: proven here and nowhere else.
#[test]
fn the_api_server_comes_again_when_it_is_told_to() {
    let plane = ControlPlane::shared();
    let webhook = Webhook::start("annotated-webhook", &[]);
    let namespace = plane.namespace("retried");
    webhook.register(plane, &namespace, &["configmaps"]);
    let busy = config_map("busy", &json!({"busy": "3"}));
    let output = create(plane, &namespace, &busy);
    assert_eq!(output.code, Some(0), "{}", output.stderr);
    let figures = webhook.figures();
    assert!((figures.sum("admission_refused_total", &["reason=\"later\""]) - 3.0).abs() < 0.1);
    // Beyond the webhook's timeout it gives up, and the failure policy decides.
    let never = config_map("never", &json!({"busy": "1000"}));
    let output = create(plane, &namespace, &never);
    assert!(output.code == Some(1) && output.stderr.contains("failed calling webhook"), "{}", output.stderr);
}

#[test]
fn the_largest_objects_arrive_whole() {
    let plane = ControlPlane::shared();
    let webhook = Webhook::start("annotated-webhook", &[]);
    let namespace = plane.namespace("large");
    webhook.register(plane, &namespace, &["configmaps"]);
    let path = format!("/api/v1/namespaces/{namespace}/configmaps");
    // A line end is one byte to a config map, and two in a review.
    let mut large = config_map("large", &json!({}));
    large["data"] = json!({"lines": "x\n".repeat(500_000)});
    plane.api().create(&path, &large).unwrap();
    large["data"]["lines"] = "y\n".repeat(500_000).into();
    plane.api().replace(&format!("{path}/large"), &large).unwrap();
    large["metadata"]["annotations"]["test.passmuster.dev/deny"] = "seen to its end".into();
    let denied = plane.api().replace(&format!("{path}/large"), &large).unwrap_err().to_string();
    assert!(denied.contains("seen to its end"), "{denied}");
}

//! What fails a pipeline, and what does not.

use super::{PRIVILEGED, audit, file, rules_of};

#[test]
fn findings_fail_a_run_only_when_asked_and_only_from_that_severity_on() {
    let folder = tempfile::tempdir().unwrap();
    let bad = file(folder.path(), "bad.yaml", PRIVILEGED);
    let select = ["-f", &bad, "--select", "privileged-container"];
    audit(&select).run().exits(0);
    audit(&select).args(["--fail-on", "critical"]).run().exits(3);
    audit(&select).args(["--fail-on", "info"]).run().exits(3);
    let run = audit(&select).args(["--fail-on", "dreadful"]).run().exits(1);
    assert!(run.stderr.contains("is no severity: choose critical, high, medium, low or info"), "{run}");
}

#[test]
fn a_word_that_names_no_rule_is_an_error_that_says_what_was_meant() {
    let run = audit(&["-f", "-", "--select", "privileged-containr"]).stdin(PRIVILEGED).run().exits(1);
    assert!(run.stderr.contains("did you mean \"privileged-container\"?"), "{run}");
    audit(&["-f", "-", "--ignore", "nonsense"]).stdin(PRIVILEGED).run().exits(1);
    let folder = tempfile::tempdir().unwrap();
    let run = audit(&["-f", folder.path().to_str().unwrap()]).run().exits(1);
    assert!(!run.stderr.is_empty(), "nothing to audit is no success: {run}");
}

#[test]
fn only_what_is_new_fails_beside_a_baseline() {
    let folder = tempfile::tempdir().unwrap();
    let bad = file(folder.path(), "bad.yaml", PRIVILEGED);
    let baseline = folder.path().join("baseline.json");
    let baseline = baseline.to_str().unwrap();
    audit(&["-f", &bad, "--baseline-write", baseline]).run().success();
    let again = audit(&["-f", &bad, "--baseline", baseline, "--fail-on", "info", "-o", "json"])
        .run()
        .success()
        .json();
    assert_eq!(again["summary"]["failed"], serde_json::json!({}));
    assert!(again["summary"]["known"].as_u64().unwrap() > 0);
    let worse = PRIVILEGED.replace(
        "containers: [",
        "containers: [{name: new, image: \"registry.example/x:1\", securityContext: {privileged: true}}, ",
    );
    let worse = file(folder.path(), "bad.yaml", &worse);
    let run = audit(&["-f", &worse, "--baseline", baseline, "--fail-on", "critical", "-o", "json"])
        .run()
        .exits(3)
        .json();
    let new: Vec<_> = run["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|it| it["known"] != true && it["verdict"] == "fail")
        .collect();
    assert!(new.iter().any(|it| it["rule"] == "privileged-container" && it["container"] == "new"), "{new:?}");
    assert!(new.iter().all(|it| it["container"] != "main"), "what was there before is known: {new:?}");
}

#[test]
fn exemptions_say_why_and_end() {
    let exempt = |line: &str| {
        PRIVILEGED.replace(
            "namespace: shop",
            &format!("namespace: shop, annotations: {{passmuster.dev/exempt: '{line}'}}"),
        )
    };
    let run = |line: &str| {
        let args = ["-f", "-", "--fail-on", "critical", "-o", "json"];
        audit(&args).stdin(exempt(line)).run()
    };
    let held = run("privileged-container=needs the device; until=2999-01-01; owner=storage");
    let report = held.json();
    let findings = report["findings"].as_array().unwrap();
    let own = findings.iter().find(|it| it["rule"] == "privileged-container").unwrap();
    assert_eq!(own["exemption"]["reason"], "needs the device");
    assert_eq!(own["exemption"]["owner"], "storage");
    let ended = run("privileged-container=needs the device; until=2020-01-01").exits(3).json();
    assert!(rules_of(&ended).contains(&"exemption-expired".to_owned()));
    let stale = audit(&["-f", "-", "-o", "json"])
        .stdin(exempt("privileged-container=x").replace("privileged: true", "privileged: false"))
        .run()
        .success()
        .json();
    assert!(rules_of(&stale).contains(&"exemption-stale".to_owned()));
}

#[test]
fn a_policy_chooses_weighs_and_exempts() {
    let folder = tempfile::tempdir().unwrap();
    let bad = file(folder.path(), "bad.yaml", PRIVILEGED);
    let policy = "apiVersion: passmuster.dev/v1alpha1
kind: AuditPolicy
metadata: {name: p}
spec:
  rules: [{select: [privileged-container], action: Deny}]
  severities: {privileged-container: low}
  exemptions: [{rules: [privileged-container], namespaces: [kube-*], reason: the system's own}]
";
    let policy_file = file(folder.path(), "policy.yaml", policy);
    let report = audit(&["-f", &bad, "--policy", &policy_file, "-o", "json"]).run().success().json();
    assert_eq!(rules_of(&report), ["privileged-container"]);
    assert_eq!(report["findings"][0]["severity"], "low");
    let wider = file(folder.path(), "policy.yaml", &policy.replace("kube-*", "sh*p"));
    let report = audit(&["-f", &bad, "--policy", &wider, "-o", "json"]).run().success().json();
    assert_eq!(report["findings"][0]["exemption"]["reason"], "the system's own");
    let wrong = file(folder.path(), "policy.yaml", &policy.replace("action: Deny", "action: Forbid"));
    let run = audit(&["-f", &bad, "--policy", &wrong]).run().exits(1);
    assert!(run.stderr.contains("policy.yaml"), "{run}");
}

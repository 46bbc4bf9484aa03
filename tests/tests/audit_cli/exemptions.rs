//! Exemptions of a policy that are over or of no use are told, as those of annotations are.

use super::{PRIVILEGED, audit, file};

#[test]
fn exemptions_of_a_policy_that_do_nothing_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let objects = file(folder.path(), "objects.yaml", PRIVILEGED);
    let policy = "apiVersion: passmuster.dev/v1alpha1
kind: AuditPolicy
metadata: {name: p}
spec:
  exemptions:
    - {rules: [privileged-container], namespaces: [shop], reason: the device needs it}
    - {rules: [image-latest-tag], namespaces: [shop], reason: once it had no tag}
    - {rules: [privileged-container], reason: until the driver came, until: '2020-01-31'}
    - {rules: [image-latest-tag], namespaces: [bank], reason: nothing of it is here}
    - {rules: [host-port], users: [ada], reason: at admission alone}
";
    let policy = file(folder.path(), "policy.yaml", policy);
    let run = audit(&["-f", &objects, "--policy", &policy, "-o", "json"]).run().success();
    let report = run.json();
    let told = |rule: &str| -> Vec<String> {
        let findings = report["findings"].as_array().unwrap().iter().filter(|it| it["rule"] == rule);
        findings
            .map(|it| format!("{}: {}", it["path"].as_str().unwrap(), it["message"].as_str().unwrap()))
            .collect()
    };
    let of = |at: usize, what: &str| format!("spec.exemptions[{at}]: {policy}: exemption of {what}");
    assert_eq!(told("exemption-stale"), [of(1, "image-latest-tag exempts from nothing")], "{run}");
    assert_eq!(told("exemption-expired"), [of(2, "privileged-container ended on 2020-01-31")], "{run}");
    let ignored = audit(&["-f", &objects, "--policy", &policy, "--ignore", "exemption-stale", "-o", "json"]);
    assert!(!ignored.run().success().stdout.contains("\"exemption-stale\""));
}

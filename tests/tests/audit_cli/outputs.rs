//! Several outputs of one run, for people and for programs.

use passmuster_tests::Plugin;
use serde_json::Value;

use super::{PRIVILEGED, audit};

#[test]
fn one_run_writes_several() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let run = audit(&["-f", "-", "-o", "table"])
        .args(["-o", &format!("sarif={}", path("a.sarif")), "-o", &format!("junit={}", path("a.xml"))])
        .args(["-o", &format!("csv={}", path("a.csv")), "-o", &format!("markdown={}", path("a.md"))])
        .stdin(PRIVILEGED)
        .run()
        .success();
    assert!(run.stdout.starts_with("Score "), "{run}");
    assert!(run.stdout.contains("CRITICAL  privileged-container"), "{run}");
    let read = |name: &str| std::fs::read_to_string(path(name)).unwrap();
    let sarif: Value = serde_json::from_str(&read("a.sarif")).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let rules = sarif["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
    for result in results {
        let at = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[at]["id"], result["ruleId"]);
    }
    assert!(read("a.xml").contains("<testsuite name=\"privileged-container\""));
    assert!(read("a.csv").lines().any(|line| line.contains("privileged-container")));
    assert!(read("a.md").starts_with("# Score "));
    let run = audit(&["-f", "-", "-o", "json", "-o", "yaml"]).stdin(PRIVILEGED).run().exits(1);
    assert!(run.stderr.contains("only one output can go to standard output"), "{run}");
}

#[test]
fn a_narrow_terminal_and_templates() {
    let columns = "custom-columns=RULE:.rule,OBJECT:.object";
    let run = audit(&["-f", "-", "--select", "privileged-container", "-o", columns])
        .stdin(PRIVILEGED)
        .run()
        .success();
    assert_eq!(
        run.stdout.lines().last().unwrap().split_whitespace().collect::<Vec<_>>(),
        ["privileged-container", "Pod/shop/bad"]
    );
    let run = audit(&["-f", "-", "-o", "jsonpath={.kind}"]).stdin(PRIVILEGED).run().success();
    assert_eq!(run.stdout, "AuditReport");
}

#[test]
fn rules_are_listed_and_explained() {
    let all = audit(&["rules", "-o", "name"]).run().success();
    assert!(all.stdout.lines().count() > 150, "{}", all.stdout.lines().count());
    let one = audit(&["explain", "privileged-container"]).run().success();
    for part in ["Why it matters", "Remediation", "passmuster.dev/exempt"] {
        assert!(one.stdout.contains(part), "{one}");
    }
    audit(&["explain", "nonsense"]).run().exits(1);
}

#[test]
fn kubectl_finds_the_plugin() {
    let run = Plugin::through_kubectl("audit").args(["-f", "-"]).stdin(PRIVILEGED).run().success();
    assert!(run.stdout.starts_with("Score "), "{run}");
}

//! Files that are not what they should be: file, document and field are named, and the rest is audited.

use super::{PRIVILEGED, audit, file, rules_of};

#[test]
fn one_broken_document_hides_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let text = format!(
        "{PRIVILEGED}---\nkind: [unclosed\n---\nkind: Pod\nkind: Pod\napiVersion: v1\nmetadata: {{name: twice}}\n"
    );
    let broken = file(folder.path(), "broken.yaml", &text);
    let run = audit(&["-f", &broken, "-o", "json"]).run().success();
    assert!(rules_of(&run.json()).contains(&"privileged-container".to_owned()));
    assert!(run.stderr.contains("broken.yaml: document 2"), "{run}");
    audit(&["-f", &broken, "--strict"]).run().exits(4);
}

#[test]
fn a_field_of_the_wrong_type_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let text = "apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec: {replicas: \"3\", selector: {}, template: {spec: {containers: []}}}
---
apiVersion: v1
kind: Pod
metadata: {name: p}
spec: {containers: [{name: a, image: x, securityContext: {privileged: 'yes'}}]}
---
apiVersion: example.com/v1
kind: Unknown
metadata: {name: whatever}
";
    let wrong = file(folder.path(), "wrong.yaml", text);
    let run = audit(&["-f", &wrong, "-o", "json"]).run().success();
    let report = run.json();
    let told: Vec<String> = report["skipped"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| format!("{} {}", it["resource"].as_str().unwrap(), it["message"].as_str().unwrap()))
        .collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].contains("document 1") && told[0].contains("spec.replicas: invalid type"), "{told:?}");
    assert!(
        told[1].contains("document 2") && told[1].contains("spec.containers[0].securityContext.privileged"),
        "{told:?}"
    );
}

#[test]
fn names_do_not_steer_a_terminal() {
    let text = PRIVILEGED.replace("name: main", "name: \"\\e[31mred\\u202e\"");
    for format in ["table", "wide", "markdown", "github", "csv", "junit", "json", "yaml", "sarif"] {
        let run = audit(&["-f", "-", "-o", format]).stdin(text.clone()).run().success();
        assert!(!run.stdout.contains('\u{1b}') && !run.stdout.contains('\u{202e}'), "{format}: {run}");
    }
}

#[test]
fn a_hundred_megabytes_are_audited() {
    let folder = tempfile::tempdir().unwrap();
    let filler = format!("# {}\n", "x".repeat(1 << 20));
    let mut text = String::from(PRIVILEGED);
    for n in 0..100 {
        let pod = PRIVILEGED.replace("name: bad", &format!("name: bad-{n}"));
        text.extend(["---\n", &filler, &pod]);
    }
    let large = file(folder.path(), "large.yaml", &text);
    let run = audit(&["-f", &large, "--select", "privileged-container", "-o", "json"]).run().success();
    assert_eq!(rules_of(&run.json()).len(), 101);
    assert!(run.peak_memory < 120 << 20, "{} bytes", run.peak_memory);
}

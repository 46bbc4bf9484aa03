//! What the project asks of others it keeps to itself: its own manifests pass its own rules.

use std::path::Path;

use passmuster_tests::{Plugin, assets::Assets};
use serde_json::Value;

#[test]
fn our_manifests_pass_our_rules() {
    let kubectl = Assets::find().program("kubectl").unwrap();
    let manifests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../manifests");
    let mut folders = vec![manifests.join("base")];
    let overlays = manifests.join("overlays").read_dir().unwrap();
    folders.extend(overlays.map(|entry| entry.unwrap().path()));
    assert!(folders.len() > 3, "{folders:?}");
    for folder in folders {
        let folder = folder.to_str().unwrap();
        let audit = Plugin::new("kubectl-audit").args(["-k", folder, "-o", "json", "--fail-on", "medium"]);
        let run = audit.env("KUBECTL_PATH", &kubectl).run().success();
        let report = run.json();
        assert_eq!(report["skipped"], Value::Array(Vec::new()), "{folder}");
        let findings = report["findings"].as_array().unwrap();
        let told = |what: &dyn Fn(&Value) -> bool| -> Vec<String> {
            let of = |it: &Value| format!("{} {}: {}", it["rule"], it["object"], it["message"]);
            findings.iter().filter(|it| it["verdict"] == "fail" && what(it)).map(of).collect()
        };
        let bad = told(&|it| {
            let severe = ["critical", "high", "medium"].iter().any(|severity| it["severity"] == *severity);
            severe && it.get("exemption").is_none()
        });
        assert!(bad.is_empty(), "{folder}: {bad:#?}");
        let exempt = told(&|it| it.get("exemption").is_some());
        assert_eq!(exempt.len(), 1, "{folder}: {exempt:#?}");
        let idle = told(&|it| it["rule"].as_str().is_some_and(|rule| rule.starts_with("exemption-")));
        assert!(idle.is_empty(), "{folder}: {idle:#?}");
        assert!(report["rules"]["privileged-container"]["passed"].as_u64() >= Some(1), "{run}");
    }
}

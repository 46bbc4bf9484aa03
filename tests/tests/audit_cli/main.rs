//! `kubectl audit` as its users run it: files, clusters, rights, gates.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test that calls them")]

mod bad_input;
mod clusters;
mod exemptions;
mod gates;
mod outputs;
mod rights;

use std::{fs, path::Path};

use passmuster_tests::Plugin;

/// A pod that runs privileged.
const PRIVILEGED: &str = "apiVersion: v1
kind: Pod
metadata: {name: bad, namespace: shop}
spec: {containers: [{name: main, image: \"registry.example/x:1\", securityContext: {privileged: true}}]}
";

fn audit(args: &[&str]) -> Plugin {
    Plugin::new("kubectl-audit").args(args)
}

/// A file in a directory of its own, and its path.
fn file(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

fn rules_of(report: &serde_json::Value) -> Vec<String> {
    let findings = report["findings"].as_array().unwrap();
    findings.iter().map(|finding| finding["rule"].as_str().unwrap().to_owned()).collect()
}

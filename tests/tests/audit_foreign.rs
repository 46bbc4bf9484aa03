//! Manifests that nobody here wrote: those that ship with Kubernetes' own sources. Whatever is in them, the plugin says
//! something sensible of it.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test that calls them")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use passmuster_tests::Plugin;
use passmuster_tests::plugin::Run;
use serde_json::Value;

/// Directory of the sources that the control plane is built from.
fn sources() -> &'static Path {
    static SOURCES: OnceLock<PathBuf> = OnceLock::new();
    SOURCES.get_or_init(|| {
        let module = Path::new(env!("CARGO_MANIFEST_DIR")).join("controlplane");
        let go = |args: &[&str]| {
            let run = Command::new("go").arg("-C").arg(&module).args(args).output().unwrap();
            String::from_utf8(run.stdout).unwrap()
        };
        let listed = go(&["list", "-m", "-f", "{{.Dir}}", "k8s.io/kubernetes"]);
        let listed = listed.trim();
        if !listed.is_empty() {
            return listed.into();
        }
        // The control plane's programs came from elsewhere.
        let downloaded: Value =
            serde_json::from_str(&go(&["mod", "download", "-json", "k8s.io/kubernetes"])).unwrap();
        downloaded["Dir"].as_str().unwrap().into()
    })
}

fn audit(folder: &str, more: &[&str]) -> Run {
    let folder = sources().join(folder);
    let run = Plugin::new("kubectl-audit").args(["-f", folder.to_str().unwrap(), "-R"]).args(more).run();
    assert!(!run.stderr.contains("panicked"), "{run}");
    run
}

fn report(folder: &str) -> Value {
    audit(folder, &["-o", "json"]).success().json()
}

/// `RULE OBJECT` of each defect.
fn defects(report: &Value) -> BTreeSet<String> {
    let text = |finding: &Value, field: &str| finding[field].as_str().unwrap_or_default().to_owned();
    let findings = report["findings"].as_array().unwrap().iter();
    let fails = findings.filter(|finding| finding["verdict"] == "fail");
    fails.map(|finding| format!("{} {}", text(finding, "rule"), text(finding, "object"))).collect()
}

/// How many workloads and pods were looked at.
fn workloads(report: &Value) -> u64 {
    let count = &report["rules"]["privileged-container"];
    ["passed", "failed", "notEvaluated"].iter().filter_map(|how| count[how].as_u64()).sum()
}

/// What could not be read, as `FILE: document N` below the folder.
fn unread(report: &Value, folder: &str) -> BTreeSet<String> {
    let folder = format!("{}/", sources().join(folder).display());
    let skipped = report["skipped"].as_array().unwrap().iter();
    let told = skipped.map(|it| it["resource"].as_str().unwrap().strip_prefix(&folder).unwrap().to_owned());
    told.map(|told| told.split_once(", line").map_or(told.clone(), |(it, _)| it.to_owned())).collect()
}

/// Files below a folder whose text has this.
fn files_with(folder: &Path, text: &str, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files_with(&path, text, found);
        } else if matches!(path.extension().and_then(|it| it.to_str()), Some("yaml" | "yml" | "json"))
            && fs::read_to_string(&path).is_ok_and(|content| content.contains(text))
        {
            found.push(path);
        }
    }
}

#[test]
fn the_addons_of_kubernetes() {
    let report = report("cluster/addons");
    assert!(workloads(&report) >= 14, "{}", workloads(&report));
    let found = defects(&report);
    for true_one in [
        "privileged-container DaemonSet.apps/kube-system/calico-node",
        "host-namespace-shared DaemonSet.apps/kube-system/node-local-dns",
        "dangerous-capability DaemonSet.apps/kube-system/node-local-dns",
        "secrets-readable-in-every-namespace ClusterRoleBinding.rbac.authorization.k8s.io/stackdriver:metadata-agent",
        "takeover-path Deployment.apps/kube-system/fluentd-gcp-scaler",
    ] {
        assert!(found.contains(true_one), "{true_one} is not among {found:#?}");
    }
    for (false_one, why) in [
        (
            "binding-to-missing-role RoleBinding.rbac.authorization.k8s.io/kube-system/metrics-server-auth-reader",
            "the API server makes the role that it reads",
        ),
        (
            "service-selects-no-pods Service/kube-system/kube-dns-upstream",
            "the DNS of the cluster is not in these files",
        ),
    ] {
        assert!(!found.contains(false_one), "{false_one}: {why}");
    }
}

#[test]
fn unreadable_documents_are_named_and_their_neighbours_are_read() {
    let folder = "cluster/addons/metadata-agent/stackdriver";
    let report = report(folder);
    let unread = unread(&report, folder);
    // Two of the documents are templates.
    assert_eq!(
        unread,
        BTreeSet::from([
            "metadata-agent.yaml: document 2".to_owned(),
            "metadata-agent.yaml: document 3".to_owned()
        ])
    );
    assert!(defects(&report).iter().any(|it| it.ends_with("stackdriver:metadata-agent")));
    audit(folder, &["--strict"]).exits(4);
}

#[test]
fn templates_in_the_tests_of_kubernetes_are_all_named() {
    let folder = "test/integration/scheduler_perf";
    let report = report(folder);
    let unread = unread(&report, folder);
    // What a template puts in place of a number, or of a mapping, is neither.
    let mut templates = Vec::new();
    let root = sources().join(folder);
    files_with(&root, "containerPort: 8{{", &mut templates);
    files_with(&root, "\n{{", &mut templates);
    assert!(!templates.is_empty());
    for template in templates {
        let name = template.strip_prefix(&root).unwrap().display().to_string();
        assert!(unread.iter().any(|told| told.starts_with(&name)), "{name} is not among {unread:#?}");
    }
    assert!(workloads(&report) >= 28, "{}", workloads(&report));
    let found = defects(&report);
    let labels: Vec<_> = found.iter().filter(|it| it.starts_with("invalid-label")).collect();
    assert!(labels.is_empty(), "what is still to be filled in is no label yet: {labels:?}");
    let nodes: Vec<_> = found.iter().filter(|it| it.starts_with("pod-fits-no-node")).collect();
    assert!(nodes.is_empty(), "files do not hold the nodes of a cluster: {nodes:?}");
}

#[test]
fn stateful_sets_and_storage_drivers() {
    let report = report("test/e2e/testing-manifests");
    assert!(workloads(&report) >= 28, "{}", workloads(&report));
    let found = defects(&report);
    for true_one in [
        "privileged-container DaemonSet.apps/default/csi-gce-pd-node",
        "host-path-writable StatefulSet.apps/default/csi-hostpathplugin",
        "deprecated-service-account-field StatefulSet.apps/kube-system/volume-data-source-validator",
        "binding-to-missing-role ClusterRoleBinding.rbac.authorization.k8s.io/csi-controller-cluster-driver-registrar-role",
    ] {
        assert!(found.contains(true_one), "{true_one} is not among {found:#?}");
    }
    let claim = "missing-claim StatefulSet.apps/default/cockroachdb";
    assert!(!found.contains(claim), "{claim}: its volume is replaced by the claim of its template");
    let class = "no-default-storage-class StatefulSet.apps/default/cassandra";
    assert!(!found.contains(class), "{class}: the cluster may have one");
}

#[test]
fn every_output_and_command_takes_them() {
    for folder in ["hack/testdata", "test/fixtures/doc-yaml"] {
        for format in ["table", "wide", "yaml", "csv", "sarif", "junit", "markdown", "github"] {
            assert!(!audit(folder, &["-o", format]).success().stdout.is_empty(), "{folder} {format}");
        }
    }
    let folder = sources().join("test/e2e/testing-manifests");
    let folder = folder.to_str().unwrap();
    for level in ["baseline", "restricted"] {
        let args = ["enforce", "--level", level, "-f", folder, "-R", "-o", "json"];
        let run = Plugin::new("kubectl-audit").args(args).run();
        assert!(!run.stderr.contains("panicked"), "{run}");
        let refused = run.success().stdout;
        assert!(refused.contains("csi-hostpathplugin"), "{level}: {refused}");
    }
}

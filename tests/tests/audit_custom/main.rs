//! Rules of one's own: tested, refused, run over files, a cluster, a snapshot and at admission.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test that calls them")]

mod fixtures;
mod problems;

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use fixtures::{IDS, OBJECTS, RULES, policy};
use passmuster::audit::{Admitted, AuditPolicy, Cached, KubernetesVersion, Settings, Subject, World};
use passmuster_tests::{ControlPlane, Options, Plugin, controlplane::Rule};
use serde_json::Value;

fn audit(args: &[&str]) -> Plugin {
    Plugin::new("kubectl-audit").args(args)
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn file(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

/// Of the objects of the fixtures.
fn own(report: &Value) -> Vec<Value> {
    let findings = report["findings"].as_array().unwrap();
    let of_ours = |finding: &&Value| {
        let object = finding["object"].as_str().unwrap_or_default();
        object.contains("/shop/") && IDS.split(',').any(|id| finding["rule"] == id)
    };
    findings.iter().filter(of_ours).cloned().collect()
}

fn expected() -> Vec<&'static str> {
    vec![
        "host-network-of-ours Deployment.apps/shop/web spec.template.spec.hostNetwork Pods use the network of the node.",
        "too-many-replicas Deployment.apps/shop/web spec.replicas web has 5 replicas",
        "service-selects-nothing-here Service/shop/gone spec.selector no deployment has the labels app=gone,tier=back",
        "widget-larger-than-budget Widget.example.com/shop/large  a widget of 2Gi",
        "widget-too-large Widget.example.com/shop/large ? expression: no such overload",
        "widget-too-large Widget.example.com/shop/small ? expression: no such overload",
    ]
}

fn told(findings: &[Value]) -> Vec<String> {
    let line = |finding: &Value| {
        let text = |field: &str| finding[field].as_str().unwrap_or_default().to_owned();
        let place = if finding["verdict"] == "not-evaluated" { "?".to_owned() } else { text("path") };
        format!("{} {} {place} {}", text("rule"), text("object"), text("message"))
    };
    findings.iter().map(line).collect()
}

#[test]
fn files_a_cluster_a_snapshot_and_admission_agree_to_the_letter() {
    let plane = ControlPlane::start(Options::bare()).unwrap();
    plane.define("Widget", &["v1"], "example.com", "widgets", true).unwrap();
    plane.apply("{apiVersion: v1, kind: Namespace, metadata: {name: shop}}");
    plane.apply(OBJECTS);
    let folder = tempfile::tempdir().unwrap();
    let rules = file(folder.path(), "policy.yaml", &policy(RULES));
    let objects = file(folder.path(), "objects.yaml", OBJECTS);
    let snapshot = folder.path().join("snapshot.json");
    let snapshot = snapshot.to_str().unwrap();
    let args = ["--policy", &rules, "--select", IDS, "-o", "json"];
    let of_files = audit(&["-f", &objects]).args(args).run().success().json();
    assert_eq!(told(&own(&of_files)), expected(), "{of_files}");
    let live = audit(&["-A", "--save", snapshot]).on(&plane).args(args).run().success();
    assert!(live.stderr.is_empty(), "{live}");
    assert_eq!(own(&live.json()), own(&of_files));
    let saved = audit(&["--snapshot", snapshot]).args(args).run().success().json();
    assert_eq!(own(&saved), own(&of_files));
    // All rules together change nothing.
    let all = ["--policy", &rules, "-o", "json"];
    let whole = audit(&["-A"]).on(&plane).args(all).run().success().json();
    assert_eq!(own(&whole), own(&of_files));
    assert_eq!(at_admission(&plane, &policy(RULES)), at_most_warned(&own(&of_files)));
}

/// The findings that admission has: it knows of no Secrets and ConfigMaps, so rules that ask for them are not asked.
fn at_most_warned(findings: &[Value]) -> BTreeSet<String> {
    told(findings).into_iter().filter(|line| !line.starts_with("widget-larger-than-budget ")).collect()
}

/// Each stored object through the function that the webhook calls, the others looked up.
fn at_admission(plane: &ControlPlane, text: &str) -> BTreeSet<String> {
    let rules = AuditPolicy::parse(text).unwrap().spec.compiled().unwrap();
    let rules_of_ours = rules.custom().len();
    assert_eq!(rules_of_ours, 5);
    let kinds = [
        ("/apis/apps/v1/namespaces/shop/deployments", "apps/v1", "Deployment"),
        ("/api/v1/namespaces/shop/services", "v1", "Service"),
        ("/apis/example.com/v1/namespaces/shop/widgets", "example.com/v1", "Widget"),
        ("/api/v1/namespaces/shop/configmaps", "v1", "ConfigMap"),
        ("/api/v1/namespaces/shop/secrets", "v1", "Secret"),
    ];
    let mut cached = World::of_cluster().keeping(rules.whole());
    let mut all = Vec::new();
    for (path, version, kind) in kinds {
        for mut object in plane.api().get(path).unwrap()["items"].as_array().unwrap().clone() {
            object["apiVersion"] = version.into();
            object["kind"] = kind.into();
            let group = version.rsplit_once('/').map_or("", |(group, _)| group);
            cached.take_live(group, kind, object.clone()).unwrap();
            all.push((version, kind, object));
        }
    }
    cached.coverage.cover_everything();
    let settings = Settings { version: KubernetesVersion::NEWEST, ..Settings::default() };
    let cached = Cached::new(cached, vec![settings]);
    let rules = Admitted::new(&rules);
    let mut found = Vec::new();
    for (version, kind, object) in all {
        let subject = Subject::read(&version.into(), kind, object, rules.all().whole()).unwrap();
        let findings = cached.judge(0, &rules.of(&subject), &subject);
        let ours = findings.into_iter().filter(|it| IDS.split(',').any(|id| it.rule == id));
        found.extend(ours.map(|finding| serde_json::to_value(finding).unwrap()));
    }
    at_most_warned(&found)
}

#[test]
fn who_may_not_read_what_is_related_is_told_so() {
    let plane = ControlPlane::start(Options::bare()).unwrap();
    plane.apply("{apiVersion: v1, kind: Namespace, metadata: {name: shop}}");
    plane.define("Widget", &["v1"], "example.com", "widgets", true).unwrap();
    plane.apply(OBJECTS);
    let folder = tempfile::tempdir().unwrap();
    let rules = file(folder.path(), "policy.yaml", &policy(RULES));
    let user = plane.restricted_kubeconfig("shop", &[Rule::new("get,list", "services")]).unwrap();
    let args = ["-n", "shop", "--policy", &rules, "--select", "service-selects-nothing-here", "-o", "json"];
    let run = Plugin::new("kubectl-audit").kubeconfig(&user).args(args).run().success();
    let report = run.json();
    let findings = report["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 2, "{report}");
    for finding in findings {
        assert_eq!(finding["verdict"], "not-evaluated");
        let message = finding["message"].as_str().unwrap();
        assert!(
            message.starts_with("expression: Deployment.apps in namespace shop could not be read: Forbidden"),
            "{message}"
        );
    }
    assert_eq!(report["score"], 0.0);
    Plugin::new("kubectl-audit").kubeconfig(&user).args(args).arg("--strict").run().exits(4);
}

#[test]
fn they_are_selected_exempted_weighed_and_described_as_all_rules_are() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let rules = file(folder, "policy.yaml", &policy(RULES));
    let objects = file(folder, "objects.yaml", OBJECTS);
    let run = |args: &[&str]| audit(&["-f", &objects, "--policy", &rules]).args(args).run();
    let ids = |report: &Value| -> BTreeSet<String> {
        report["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it["rule"].as_str().unwrap().to_owned())
            .collect()
    };
    let by_id = run(&["--select", "too-many-replicas", "-o", "json"]).success().json();
    assert_eq!(ids(&by_id), BTreeSet::from(["too-many-replicas".to_owned()]));
    assert!(
        ids(&run(&["--select", "reliability", "-o", "json"]).success().json()).contains("too-many-replicas")
    );
    assert!(ids(&run(&["--select", "cis", "-o", "json"]).success().json()).contains("too-many-replicas"));
    assert!(!ids(&run(&["--ignore", "high", "-o", "json"]).success().json()).contains("too-many-replicas"));
    let wrong = run(&["--select", "too-many-replica"]).exits(1);
    assert!(wrong.stderr.contains("did you mean \"too-many-replicas\"?"), "{wrong}");
    audit(&["-f", &objects, "--select", "too-many-replicas"]).run().exits(1);
    run(&["--select", "too-many-replicas", "--fail-on", "high"]).exits(3);
    run(&["--select", "too-many-replicas", "--fail-on", "critical"]).success();

    // Baseline, exemptions on the object and in the policy, another severity.
    let baseline = folder.join("baseline.json");
    let baseline = baseline.to_str().unwrap();
    run(&["--baseline-write", baseline]).success();
    run(&["--baseline", baseline, "--fail-on", "info"]).success();
    let exempt = OBJECTS.replacen(
        "labels: {app: web}}",
        "labels: {app: web}, annotations: {passmuster.dev/exempt: 'too-many-replicas=it is sale'}}",
        1,
    );
    let exempt = file(folder, "exempt.yaml", &exempt);
    let report = audit(&["-f", &exempt, "--policy", &rules, "-o", "json"]).run().success().json();
    let finding =
        report["findings"].as_array().unwrap().iter().find(|it| it["rule"] == "too-many-replicas").unwrap();
    assert_eq!(finding["exemption"]["reason"], "it is sale");
    assert!(!ids(&report).contains("exemption-invalid") && !ids(&report).contains("exemption-stale"));
    let other = policy(RULES).replace(
        "  customParameters",
        "  severities: {too-many-replicas: info}\n  exemptions: [{rules: [too-many-replicas], namespaces: [shop], reason: known}]\n  customParameters",
    );
    let other = file(folder, "other.yaml", &other);
    let report = audit(&["-f", &objects, "--policy", &other, "--select", "too-many-replicas", "-o", "json"]);
    let report = report.run().success().json();
    assert_eq!(report["findings"][0]["severity"], "info");
    assert_eq!(report["findings"][0]["exemption"]["reason"], "known");
    assert_eq!(report["score"], 100.0);

    // What it says of itself.
    let explained = audit(&["explain", "too-many-replicas", "--policy", &rules]).run().success();
    for part in
        ["too-many-replicas (high, reliability)", "They cost money.", "Scale down.", "At admission: deny"]
    {
        assert!(explained.stdout.contains(part), "{explained}");
    }
    let listed =
        audit(&["rules", "--policy", &rules, "--select", "reliability", "-o", "name"]).run().success();
    assert!(listed.stdout.lines().any(|line| line == "too-many-replicas"), "{listed}");
    let sarif = run(&["--select", "too-many-replicas", "-o", "sarif"]).success().json();
    let rule = &sarif["runs"][0]["tool"]["driver"]["rules"][0];
    assert_eq!(rule["shortDescription"]["text"], "There are too many replicas.");
    assert_eq!(rule["properties"]["security-severity"], "8.0");
    for output in ["table", "wide", "yaml", "csv", "junit", "markdown", "github"] {
        let printed = run(&["--select", "too-many-replicas", "-o", output]).success();
        assert!(printed.stdout.contains("too-many-replicas"), "{output}: {printed}");
    }
}

#[test]
fn examples_pass_their_own_cases_and_a_wrong_case_fails() {
    let example = root().join("docs/examples/audit-policy.yaml");
    let run = audit(&["test", example.to_str().unwrap()]).run().success();
    assert!(run.stdout.ends_with("8 cases, 0 failed\n"), "{run}");
    assert!(run.stderr.is_empty(), "{run}");
    let folder = tempfile::tempdir().unwrap();
    let page = fs::read_to_string(root().join("docs/custom-rules.md")).unwrap();
    let shown: Vec<&str> =
        page.split("```yaml\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    let whole: Vec<&&str> =
        shown.iter().filter(|text| text.starts_with("apiVersion: passmuster.dev")).collect();
    assert!(!whole.is_empty());
    for text in whole {
        let path = file(folder.path(), "page.yaml", text);
        let run = audit(&["test", &path]).run().success();
        assert!(!run.stdout.starts_with("0 cases"), "{run}");
    }
    let wrong =
        fs::read_to_string(&example).unwrap().replace("there is no team sales", "there is no team salt");
    let wrong = file(folder.path(), "wrong.yaml", &wrong);
    let run = audit(&["test", &wrong]).run().exits(3);
    assert!(run.stdout.contains("FAILED team-label-missing: one that does not, and none at all\n"), "{run}");
    assert!(run.stdout.contains("expected [\"there is no team salt\", "), "{run}");
}

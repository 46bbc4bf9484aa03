//! Projects: promised more than there is, claimed twice or not at all; and what they let fit.

use std::sync::OnceLock;

use passmuster_tests::{ControlPlane, eventually};
use serde_json::{Value, json};

use crate::{
    LONG,
    fitting::stage,
    items, quota_usage,
    shop::{container, deployment, enforced, quota, still},
    text, with_input,
};

/// Serves the definition, once.
fn served() {
    static SERVED: OnceLock<()> = OnceLock::new();
    SERVED.get_or_init(|| {
        let plane = ControlPlane::shared();
        let file =
            concat!(env!("CARGO_MANIFEST_DIR"), "/../manifests/crds/passmuster.dev_projectquotas.yaml");
        plane.kubectl(&["apply", "--server-side", "-f", file]);
        plane.kubectl(&[
            "wait",
            "--for=condition=established",
            "crd/projectquotas.passmuster.dev",
            "--timeout=60s",
        ]);
    });
}

fn project(name: &str, spec: Value) {
    let plane = ControlPlane::shared();
    let object = json!({"apiVersion": "passmuster.dev/v1alpha1", "kind": "ProjectQuota", "metadata": {"name": name}, "spec": spec});
    eventually(LONG, "project quotas are taken", || plane.create(&object).ok());
}

/// Findings about a project, as problem and resource.
fn problems(name: &str) -> Vec<(String, String)> {
    let found = quota_usage("default", &["verify", "-A", "-o", "json", "--settle", "0"]).success().json();
    let findings = items(&found["findings"]);
    let of = findings.iter().filter(|finding| finding["project"] == name);
    of.map(|finding| (text(&finding["problem"]).to_owned(), text(&finding["resource"]).to_owned())).collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(problem, resource)| ((*problem).to_owned(), (*resource).to_owned())).collect()
}

fn small() -> Value {
    json!({"containers": [container("app", json!({"requests": {"cpu": "100m"}}))]})
}

#[test]
fn namespaces_that_are_promised_more_than_there_is() {
    served();
    let plane = ControlPlane::shared();
    let (one, other) = (plane.namespace("promised"), plane.namespace("promised"));
    enforced(&quota(&one, "q", json!({"requests.cpu": "3", "pods": "5"})));
    enforced(&quota(&other, "q", json!({"requests.cpu": "2"})));
    project(
        "promise",
        json!({"model": "allocation", "namespaces": [one, other], "hard": {"requests.cpu": "4", "pods": "10"}}),
    );
    assert_eq!(problems("promise"), pairs(&[("over-committed", "requests.cpu"), ("unallocated", "pods")]));
    plane
        .api()
        .patch(
            "/apis/passmuster.dev/v1alpha1/projectquotas/promise",
            &json!({"spec": {"hard": {"requests.cpu": "5"}}}),
        )
        .unwrap();
    assert_eq!(problems("promise"), pairs(&[("unallocated", "pods")]));
}

#[test]
fn a_project_that_uses_more_than_it_has() {
    served();
    let plane = ControlPlane::shared();
    let (one, other) = (plane.namespace("used"), plane.namespace("used"));
    for namespace in [&one, &other] {
        for name in ["a", "b"] {
            plane.create(&still(namespace, name, small())).unwrap();
        }
    }
    project("user", json!({"namespaces": [one, other], "hard": {"requests.cpu": "300m", "pods": "4"}}));
    assert_eq!(problems("user"), pairs(&[("over-hard", "requests.cpu")]));
    let section = quota_usage("default", &["explain", "cpu", "--project", "user", "-o", "json"])
        .success()
        .json()["sections"][0]
        .clone();
    assert_eq!((&section["sum"], items(&section["workloads"]).len()), (&json!("400m"), 4));
    assert_eq!(section["quotas"][0]["quota"], "ProjectQuota/user");

    // And nothing more fits.
    let object = deployment(&one, "web", 2, json!({"type": "Recreate"}), small());
    let predicted = with_input(&one, &["fit", "-f", "-", "-o", "json"], &object.to_string()).success().json();
    let refusal = &stage(&predicted, "now")["refusal"];
    assert_eq!(
        (&refusal["quota"], &refusal["replica"]),
        (&json!("ProjectQuota/user"), &json!(1)),
        "{predicted}"
    );
    assert_eq!(
        refusal["message"],
        "exceeded quota: ProjectQuota/user, requested: pods=1,requests.cpu=100m, used: pods=4,requests.cpu=400m, \
         limited: pods=4,requests.cpu=300m"
    );
}

#[test]
fn namespaces_of_nobody_and_of_two() {
    served();
    let plane = ControlPlane::shared();
    let (stray, both) = (plane.namespace("stray"), plane.namespace("both"));
    project("first", json!({"namespaces": [both], "hard": {"pods": "9"}}));
    project("second", json!({"namespaces": [both], "hard": {"pods": "9"}}));
    let found = quota_usage("default", &["verify", "-A", "-o", "json", "--settle", "0"]).success().json();
    let strays: Vec<Value> =
        items(&found["findings"]).into_iter().filter(|finding| finding["problem"] == "no-project").collect();
    assert!(
        strays
            .iter()
            .any(|finding| items(&finding["objects"]).contains(&json!(format!("Namespace/{stray}")))),
        "{strays:?}"
    );
    assert!(strays.iter().any(|finding| finding["namespace"] == json!(both)), "{strays:?}");
    assert!(
        !strays.iter().any(|finding| items(&finding["objects"]).contains(&json!("Namespace/kube-system")))
    );
}

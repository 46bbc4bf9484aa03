//! Denied, warned of, noted.

use serde_json::json;

use crate::world::{World, deployment, pod};

#[test]
fn a_bad_pod_is_denied_with_the_rule_and_the_remedy_and_a_fixed_one_passes() {
    let world = World::shared();
    let namespace = world.plane.namespace("actions");
    let rules = |action: &str| json!({"rules": [{"select": ["privileged-container"], "action": action}]});
    world.policy("actions", &namespace, &rules("Deny"));
    let bad = pod(&namespace, "bad", &json!({"privileged": true}));
    let (done, said) = world.apply(&bad);
    assert!(!done, "{said}");
    assert!(said.contains("denied the request: Pod/"), "{said}");
    assert!(said.contains("AuditPolicy \"actions\""), "{said}");
    assert!(
        said.contains(
            "- privileged-container (critical) spec.containers[0].securityContext.privileged: container c: "
        ),
        "{said}"
    );
    let remedy = passmuster::audit::find("privileged-container").unwrap().remediation();
    assert!(said.contains(remedy.split(". ").next().unwrap()), "{said}\n{remedy}");
    // What makes such pods is denied as well.
    let (done, said) = world.apply(&deployment(&namespace, "bad", 1, &json!({"privileged": true})));
    assert!(!done && said.contains("spec.template.spec.containers[0].securityContext.privileged"), "{said}");
    let (done, said) = world.apply(&pod(&namespace, "good", &json!({"privileged": false})));
    assert!(done && !said.contains("Warning"), "{said}");

    world.policy("actions", &namespace, &rules("Warn"));
    let (done, said) = world.apply(&bad);
    assert!(done && said.contains("Warning: privileged-container: container c: "), "{said}");

    world.policy("actions", &namespace, &rules("Audit"));
    let (done, said) = world.apply(&pod(&namespace, "noted", &json!({"privileged": true})));
    assert!(done && !said.contains("Warning"), "{said}");
}

#[test]
fn rules_that_may_only_warn_warn() {
    let world = World::shared();
    let namespace = world.plane.namespace("only-warn");
    world.policy(
        "only-warn",
        &namespace,
        &json!({"rules": [{"select": ["missing-service-account"], "action": "Deny"}]}),
    );
    let mut deployment = deployment(&namespace, "web", 1, &json!({}));
    deployment["spec"]["template"]["spec"]["serviceAccountName"] = "nobody".into();
    let (done, said) = world.apply(&deployment);
    assert!(done && said.contains("Warning: missing-service-account: "), "{said}");
}

#[test]
fn pods_are_held_to_a_standard_in_the_api_server_s_words() {
    let world = World::shared();
    let namespace = world.plane.namespace("standard");
    let none = json!([{"select": ["privileged-container"], "action": "Audit"}]);
    world.policy(
        "standard",
        &namespace,
        &json!({"rules": none, "podSecurity": {"level": "restricted", "version": "v1.36", "action": "Deny"}}),
    );
    let (done, ours) = world.apply(&pod(&namespace, "a", &json!({"runAsUser": 0})));
    assert!(!done, "{ours}");
    // The API server's own admission, in a namespace of its own.
    let held = world.plane.namespace("held");
    let labels = json!({"metadata": {"labels": {"pod-security.kubernetes.io/enforce": "restricted",
        "pod-security.kubernetes.io/enforce-version": "v1.36"}}});
    world.plane.api().patch(&format!("/api/v1/namespaces/{held}"), &labels).unwrap();
    let (done, theirs) = world.apply(&pod(&held, "a", &json!({"runAsUser": 0})));
    let start = theirs.find("violates PodSecurity").unwrap_or_else(|| panic!("{theirs}"));
    assert!(!done && ours.contains(theirs[start..].trim()), "{ours}\n{theirs}");
    // What makes pods is warned of, as there.
    let (done, said) = world.apply(&deployment(&namespace, "a", 1, &json!({"runAsUser": 0})));
    assert!(done && said.contains("Warning: violates PodSecurity \"restricted:v1.36\""), "{said}");
}

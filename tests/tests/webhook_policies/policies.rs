//! Policies themselves.

use passmuster_tests::eventually;
use serde_json::json;

use crate::world::{LONG, POLICIES, World, pod};

#[test]
fn what_can_t_be_used_is_refused_with_its_field() {
    let world = World::shared();
    let policy = json!({"apiVersion": "passmuster.dev/v1alpha1", "kind": "AuditPolicy",
        "metadata": {"name": "refused"}, "spec": {
            "rules": [{"select": ["priviledged-container"], "action": "Deny"}],
            "exemptions": [{"rules": ["pss"], "reason": "x", "until": "soon"}]}});
    let (done, said) = world.apply(&policy);
    assert!(!done && said.contains("spec.rules[0].select[0]: "), "{said}");
    assert!(said.contains("did you mean \"privileged-container\"?"), "{said}");
    assert!(said.contains("spec.exemptions[0].until: \"soon\" is no date"), "{said}");
    let quota = json!({"apiVersion": "passmuster.dev/v1alpha1", "kind": "ProjectQuota",
        "metadata": {"name": "refused"}, "spec": {"namespaces": ["a"], "hard": {"requests.cpu": "-1"}}});
    let (done, said) = world.apply(&quota);
    assert!(!done && said.contains("requests.cpu"), "{said}");
    let mut action = policy.clone();
    action["spec"] = json!({"rules": [{"action": "deny"}]});
    let (done, said) = world.apply(&action);
    assert!(!done && said.contains("spec.rules[0].action"), "{said}");
}

#[test]
fn what_was_stored_without_us_never_weakens_what_was_in_force() {
    let world = World::new(|plane| plane.kubeconfig().to_str().unwrap().to_owned());
    let namespace = world.plane.namespace("weaken");
    let spec = json!({"rules": [{"select": ["privileged-container"], "action": "Deny"}]});
    world.policy("weaken", &namespace, &spec);
    let bad = pod(&namespace, "bad", &json!({"privileged": true}));
    assert!(!world.apply(&bad).0);
    // Nobody asks us for a while.
    world.plane.kubectl(&["delete", "validatingwebhookconfiguration", "policies"]);
    let path = format!("{POLICIES}/weaken");
    eventually(LONG, "the API server asks no longer", || {
        let patch = json!({"spec": {"rules": [{"select": ["nonsense"], "action": "Deny"}]}});
        world.plane.api().patch(&path, &patch).ok()
    });
    let condition = eventually(LONG, "it is told", || {
        let condition = world.plane.api().get(&path).unwrap()["status"]["conditions"][0].clone();
        (condition["status"] == "False").then_some(condition)
    });
    assert!(condition["message"].as_str().unwrap().starts_with("spec.rules[0].select[0]: "), "{condition}");
    world.ask();
    let (done, said) = world.apply(&bad);
    assert!(!done && said.contains("- privileged-container "), "{said}");
    world.plane.kubectl(&["delete", "auditpolicy", "weaken"]);
    eventually(LONG, "the policy is gone", || world.apply(&bad).0.then_some(()));
}

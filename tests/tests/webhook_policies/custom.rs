//! Rules of one's own, in CEL.

use passmuster_tests::eventually;
use serde_json::json;

use crate::world::{LONG, World, deployment};

#[test]
fn rules_of_a_policy_deny_and_warn_and_ask_other_objects() {
    let world = World::shared();
    let namespace = world.plane.namespace("custom");
    let rule = |id: &str, expression: &str, message: &str| {
        json!({"id": id, "severity": "high", "category": "reliability", "title": "T.", "why": "W.",
            "remediation": "Set it.", "kinds": ["Deployment.apps"], "expression": expression, "path": "metadata.labels",
            "message": message})
    };
    let mut served = rule("deployment-unserved", "services.size() > 0", "no service selects it");
    served["related"] = json!([{"name": "services", "kind": "Service", "namespace": "same",
        "where": "has(it.spec.selector) && it.spec.selector.all(k, k in object.spec.selector.matchLabels \
            && object.spec.selector.matchLabels[k] == it.spec.selector[k])"}]);
    let team = rule(
        "team-label-missing",
        "has(object.metadata.labels) && 'team' in object.metadata.labels",
        "{.metadata.name} has no label team",
    );
    let rules = json!([{"select": ["team-label-missing"], "action": "Deny"},
        {"select": ["deployment-unserved"], "action": "Warn"}]);
    world.policy("custom", &namespace, &json!({"rules": rules, "customRules": [team, served]}));
    let bare = deployment(&namespace, "web", 1, &json!({}));
    let (done, said) = world.apply(&bare);
    assert!(
        !done && said.contains("- team-label-missing (high) metadata.labels: web has no label team"),
        "{said}"
    );
    assert!(said.contains("\n  Set it."), "{said}");
    let mut labelled = bare.clone();
    labelled["metadata"]["labels"] = json!({"team": "a"});
    let (done, said) = world.apply(&labelled);
    assert!(done && said.contains("Warning: deployment-unserved: no service selects it"), "{said}");
    let service = json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web", "namespace": namespace},
        "spec": {"selector": {"app": "web"}, "ports": [{"port": 80}]}});
    world.plane.create(&service).unwrap();
    labelled["metadata"]["labels"]["more"] = "b".into();
    eventually(LONG, "the service is seen", || {
        let (done, said) = world.run(&["apply", "--dry-run=server", "-f", "-"], &labelled.to_string());
        assert!(done, "{said}");
        (!said.contains("Warning")).then_some(())
    });
}

#[test]
fn an_expression_that_says_nothing_is_refused_with_its_field() {
    let world = World::shared();
    let policy = json!({"apiVersion": "passmuster.dev/v1alpha1", "kind": "AuditPolicy",
        "metadata": {"name": "broken"}, "spec": {"customRules": [{"id": "a-rule", "severity": "low",
            "category": "security", "title": "T.", "why": "W.", "remediation": "R.", "kinds": ["Pod"],
            "expression": "object.spec.(", "message": "m"}]}});
    let (done, said) = world.apply(&policy);
    assert!(!done && said.contains("spec.customRules[0].expression: "), "{said}");
}

//! Rules that need other objects.

use passmuster_tests::eventually;
use serde_json::{Value, json};

use crate::world::{LONG, World, deployment};

fn account(namespace: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "web", "namespace": namespace}})
}

fn with_account(namespace: &str, name: &str) -> Value {
    let mut object = deployment(namespace, name, 1, &json!({}));
    object["spec"]["template"]["spec"]["serviceAccountName"] = "web".into();
    object
}

#[test]
fn what_is_missing_is_told_and_what_comes_is_seen() {
    let world = World::shared();
    let namespace = world.plane.namespace("lookups");
    world.policy("lookups", &namespace, &json!({"rules": [{"select": ["missing-service-account"]}]}));
    let (done, said) = world.apply(&with_account(&namespace, "a"));
    assert!(done && said.contains("Warning: missing-service-account: "), "{said}");
    world.plane.create(&account(&namespace)).unwrap();
    eventually(LONG, "the service account is seen", || {
        let (done, said) =
            world.run(&["apply", "--dry-run=server", "-f", "-"], &with_account(&namespace, "b").to_string());
        assert!(done, "{said}");
        (!said.contains("Warning")).then_some(())
    });
    let figures = world.telemetry("/metrics").1;
    assert!(figures.contains("passmuster_cache_objects{kind=\"ServiceAccount\""), "{figures}");
}

#[test]
fn what_is_not_known_comes_to_what_the_policy_says() {
    // The webhook may read policies, and no service accounts.
    let world = World::new(|plane| {
        let namespace = plane.namespace("webhook");
        let kubeconfig = plane.restricted_kubeconfig(&namespace, &[]).unwrap();
        plane.apply(&format!(
            "{{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {{name: policies}}, rules: [{{
              apiGroups: [passmuster.dev], resources: [auditpolicies, auditpolicies/status],
              verbs: [get, list, watch, update]}}]}}\n---\n\
             {{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {{name: policies}},
              roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: policies}},
              subjects: [{{kind: Group, apiGroup: rbac.authorization.k8s.io,
              name: 'system:serviceaccounts:{namespace}'}}]}}"
        ));
        kubeconfig.to_str().unwrap().to_owned()
    });
    let namespace = world.plane.namespace("unknown");
    let policy = |response: &str| json!({"rules": [{"select": ["missing-service-account"], "action": "Deny"}], "whenUnknown": response});
    world.policy("unknown", &namespace, &policy("Deny"));
    let dry = |name: &str| {
        world.run(&["apply", "--dry-run=server", "-f", "-"], &with_account(&namespace, name).to_string())
    };
    let (done, said) = dry("a");
    assert!(!done && said.contains("- missing-service-account: could not be evaluated: "), "{said}");
    world.policy("unknown", &namespace, &policy("Warn"));
    let (done, said) = dry("a");
    assert!(done && said.contains("Warning: missing-service-account: could not be evaluated"), "{said}");
    world.policy("unknown", &namespace, &policy("Allow"));
    let (done, said) = dry("a");
    assert!(done && !said.contains("Warning"), "{said}");
}

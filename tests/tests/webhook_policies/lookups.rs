//! Rules that need other objects.

use passmuster_tests::eventually;
use serde_json::{Value, json};

use crate::world::{LONG, World, deployment, pod};

fn account(namespace: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "web", "namespace": namespace}})
}

fn with_account(namespace: &str, name: &str) -> Value {
    let mut object = deployment(namespace, name, 1, &json!({}));
    object["spec"]["template"]["spec"]["serviceAccountName"] = "web".into();
    object
}

/// An object that another one made.
fn made_by(owner: &Value, mut object: Value) -> Value {
    object["metadata"]["ownerReferences"] = json!([{"apiVersion": "apps/v1", "kind": owner["kind"],
        "name": owner["metadata"]["name"], "uid": owner["metadata"]["uid"], "controller": true}]);
    object
}

/// A quota of one resource, and its status.
fn quota(namespace: &str, resource: &str, hard: &str, used: &str) -> (Value, Value) {
    let hard = json!({resource: hard});
    let quota = json!({"apiVersion": "v1", "kind": "ResourceQuota",
        "metadata": {"name": "q", "namespace": namespace}, "spec": {"hard": hard}});
    (quota, json!({"hard": hard, "used": {resource: used}}))
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
    // What is known becomes figures once a second.
    eventually(LONG, "a figure of service accounts", || {
        let figures = world.telemetry("/metrics").1;
        figures.contains("passmuster_cache_objects{kind=\"ServiceAccount\"").then_some(())
    });
}

#[test]
fn what_a_workload_has_is_not_taken_by_others() {
    let world = World::shared();
    let namespace = world.plane.namespace("own");
    let web = deployment(&namespace, "web", 2, &json!({}));
    let set = json!({"apiVersion": "apps/v1", "kind": "ReplicaSet",
        "metadata": {"name": "web-1", "namespace": namespace}, "spec": web["spec"]});
    let stored = world.plane.create(&web).unwrap();
    let stored = world.plane.create(&made_by(&stored, set)).unwrap();
    for name in ["web-1-a", "web-1-b"] {
        let mut pod = made_by(&stored, pod(&namespace, name, &json!({})));
        pod["metadata"]["labels"] = json!({"app": "web"});
        world.plane.create(&pod).unwrap();
    }
    let (quota, status) = quota(&namespace, "pods", "3", "2");
    world.plane.create(&quota).unwrap();
    world.plane.write_status(&quota, &status).unwrap();
    world.policy(
        "own",
        &namespace,
        &json!({"rules": [{"select": ["rollout-exceeds-quota"], "action": "Deny"}]}),
    );
    // It takes one pod more during a rollout, and has two of the three.
    let dry = |args: &[&str]| world.run(&[args, &["--dry-run=server", "-n", &namespace]].concat(), "");
    eventually(LONG, "its pods are seen", || {
        let (done, said) = dry(&["set", "image", "deployment/web", "c=registry.example.com/i:2"]);
        (done && !said.contains("Warning")).then_some(())
    });
    let (done, said) = dry(&["scale", "deployment/web", "--replicas=3"]);
    assert!(!done && said.contains("take pods 4; quota \"q\" leaves 3 of 3"), "{said}");
}

#[test]
fn a_daemon_set_will_have_as_many_pods_as_it_has() {
    let world = World::shared();
    let namespace = world.plane.namespace("daemons");
    let mut set = deployment(&namespace, "agent", 1, &json!({}));
    set["kind"] = "DaemonSet".into();
    set["spec"].as_object_mut().unwrap().remove("replicas");
    let resources = json!({"requests": {"cpu": "1"}});
    set["spec"]["template"]["spec"]["containers"][0]["resources"] = resources.clone();
    let stored = world.plane.create(&set).unwrap();
    for name in ["agent-a", "agent-b"] {
        let mut pod = made_by(&stored, pod(&namespace, name, &json!({})));
        pod["metadata"]["labels"] = json!({"app": "agent"});
        pod["spec"]["containers"][0]["resources"] = resources.clone();
        world.plane.create(&pod).unwrap();
    }
    let (quota, status) = quota(&namespace, "requests.cpu", "2", "2");
    world.plane.create(&quota).unwrap();
    world.plane.write_status(&quota, &status).unwrap();
    world.policy(
        "daemons",
        &namespace,
        &json!({"rules": [{"select": ["rollout-exceeds-quota"], "action": "Deny"}]}),
    );
    let dry = |requests: &str| {
        world
            .run(&["set", "resources", "daemonset/agent", requests, "--dry-run=server", "-n", &namespace], "")
    };
    let said = eventually(LONG, "its pods are seen", || {
        let (done, said) = dry("--requests=cpu=1500m");
        (!done).then_some(said)
    });
    assert!(said.contains("2 pods take requests.cpu 3; quota \"q\" leaves 2 of 2"), "{said}");
    let (done, said) = dry("--requests=cpu=1");
    assert!(done && !said.contains("Warning"), "{said}");
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

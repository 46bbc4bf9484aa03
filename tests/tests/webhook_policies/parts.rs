//! Parts of objects: containers to debug, a pod's resources, a scale.

use serde_json::json;

use crate::world::{World, deployment, pod};

#[test]
fn ephemeral_containers_are_judged_and_the_rest_of_the_pod_is_not() {
    let world = World::shared();
    let namespace = world.plane.namespace("ephemeral");
    // Before there is a policy.
    let (done, said) = world.apply(&pod(&namespace, "old", &json!({"privileged": true})));
    assert!(done, "{said}");
    world.policy(
        "ephemeral",
        &namespace,
        &json!({"rules": [{"select": ["privileged-container"], "action": "Deny"}]}),
    );
    let debug = |name: &str, privileged: bool| {
        let patch = json!({"spec": {"ephemeralContainers": [
            {"name": name, "image": "i", "securityContext": {"privileged": privileged}}]}});
        let patch = patch.to_string();
        world.run(
            &[
                "patch",
                "pod",
                "old",
                "-n",
                &namespace,
                "--subresource=ephemeralcontainers",
                "--type=strategic",
                "-p",
                &patch,
            ],
            "",
        )
    };
    let (done, said) = debug("bad", true);
    assert!(!done && said.contains("spec.ephemeralContainers[0].securityContext.privileged"), "{said}");
    assert!(!said.contains("spec.containers[0]"), "{said}");
    let (done, said) = debug("good", false);
    assert!(done && !said.contains("Warning"), "{said}");
}

#[test]
fn a_scale_is_judged_as_what_is_scaled() {
    let world = World::shared();
    let namespace = world.plane.namespace("scale");
    let quota = json!({"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "q", "namespace": namespace},
        "spec": {"hard": {"pods": "3"}}});
    world.plane.create(&quota).unwrap();
    world.plane.write_status(&quota, &json!({"hard": {"pods": "3"}, "used": {"pods": "0"}})).unwrap();
    let (done, said) = world.apply(&deployment(&namespace, "web", 1, &json!({"privileged": true})));
    assert!(done, "{said}");
    world.policy(
        "scale",
        &namespace,
        &json!({"rules": [{"select": ["rollout-exceeds-quota", "privileged-container"], "action": "Deny"}]}),
    );
    let scale = |replicas: &str| {
        world.run(&["scale", "deployment", "web", "-n", &namespace, &format!("--replicas={replicas}")], "")
    };
    // What makes it worse is denied, and nothing else that is wrong is mentioned.
    let (done, said) = scale("10");
    assert!(!done && said.contains("- rollout-exceeds-quota ") && !said.contains("privileged"), "{said}");
    assert!(said.contains("Deployment.apps/"), "{said}");
    let (done, said) = scale("2");
    assert!(done && !said.contains("Warning"), "{said}");
}

#[test]
fn a_resize_is_judged() {
    let world = World::shared();
    let namespace = world.plane.namespace("resize");
    let mut small = pod(&namespace, "small", &json!({}));
    small["spec"]["containers"][0]["resources"] = json!({"requests": {"cpu": "1", "memory": "1Gi"}});
    let (done, said) = world.apply(&small);
    assert!(done, "{said}");
    let node = json!({"apiVersion": "v1", "kind": "Node", "metadata": {"name": "n"}});
    world.plane.create(&node).unwrap();
    let room = json!({"cpu": "4", "memory": "8Gi", "pods": "10"});
    world.plane.write_status(&node, &json!({"capacity": room, "allocatable": room})).unwrap();
    world.policy("resize", &namespace, &json!({"rules": [{"select": ["pod-fits-no-node"]}]}));
    let resize = |cpu: &str| {
        let patch = json!({"spec": {"containers": [{"name": "c", "resources": {"requests": {"cpu": cpu}}}]}});
        let patch = patch.to_string();
        world.run(&["patch", "pod", "small", "-n", &namespace, "--subresource=resize", "-p", &patch], "")
    };
    let (done, said) = resize("64");
    assert!(done && said.contains("Warning: pod-fits-no-node: "), "{said}");
    let (done, said) = resize("2");
    assert!(done && !said.contains("Warning"), "{said}");
}

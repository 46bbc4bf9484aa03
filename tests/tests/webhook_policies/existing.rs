//! Defects that an object has already are no reason to deny a change of something else, unless a policy says so.

use serde_json::json;

use crate::world::{World, deployment};

#[test]
fn what_was_there_before_is_warned_of() {
    let world = World::shared();
    let namespace = world.plane.namespace("existing");
    let bad = json!({"privileged": true});
    let (done, said) = world.apply(&deployment(&namespace, "web", 1, &bad));
    assert!(done, "{said}");
    let select = ["privileged-container", "host-namespace-shared"];
    let mut spec = json!({"rules": [{"select": select, "action": "Deny"}]});
    world.policy("existing", &namespace, &spec);
    let mut changed = deployment(&namespace, "web", 1, &bad);
    changed["spec"]["template"]["spec"]["containers"][0]["image"] = "registry.example.com/i:2".into();
    let (done, said) = world.apply(&changed);
    assert!(
        done && said.contains("Warning: privileged-container: ") && said.contains("it has it already"),
        "{said}"
    );
    // Another defect is.
    let mut worse = changed.clone();
    worse["spec"]["template"]["spec"]["hostPID"] = true.into();
    let (done, said) = world.apply(&worse);
    assert!(
        !done && said.contains("- host-namespace-shared ") && !said.contains("- privileged-container"),
        "{said}"
    );
    // Unless that is what is wanted.
    spec["existingDefects"] = "Deny".into();
    world.policy("existing", &namespace, &spec);
    changed["spec"]["template"]["spec"]["containers"][0]["image"] = "registry.example.com/i:3".into();
    let (done, said) = world.apply(&changed);
    assert!(!done && said.contains("- privileged-container "), "{said}");
}

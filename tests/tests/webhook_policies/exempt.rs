//! Exemptions hold at admission as they do for `kubectl audit`.

use serde_json::json;

use crate::world::{World, pod};

#[test]
fn on_the_object_in_the_policy_and_for_a_user() {
    let world = World::shared();
    let namespace = world.plane.namespace("exempt");
    let exemption = |users: &[&str], until: &str| {
        json!({
            "rules": [{"select": ["privileged-container"], "action": "Deny"}],
            "exemptions": [{"rules": ["privileged-container"], "objects": ["Pod/*/agent"], "users": users,
                "reason": "needs the device", "until": until}],
        })
    };
    world.policy("exempt", &namespace, &exemption(&[], "2999-12-31"));
    let bad = |name: &str| pod(&namespace, name, &json!({"privileged": true}));
    let (done, said) = world.apply(&bad("other"));
    assert!(!done, "{said}");
    let (done, said) = world.apply(&bad("agent"));
    assert!(done && !said.contains("Warning"), "{said}");
    let mut annotated = bad("annotated");
    annotated["metadata"]["annotations"]["passmuster.dev/exempt"] =
        "privileged-container=needs the device".into();
    let (done, said) = world.apply(&annotated);
    assert!(done, "{said}");
    let mut expired = bad("expired");
    expired["metadata"]["annotations"]["passmuster.dev/exempt"] =
        "privileged-container=needs the device; until=2020-01-01".into();
    let (done, said) = world.apply(&expired);
    assert!(!done, "{said}");

    world.plane.kubectl(&["delete", "pod", "agent", "-n", &namespace, "--grace-period=0", "--force"]);
    world.policy("exempt", &namespace, &exemption(&["system:serviceaccount:ci:*"], "2999-12-31"));
    let (done, said) = world.apply(&bad("agent"));
    assert!(!done, "{said}");
    let user = ["--as=system:serviceaccount:ci:robot", "--as-group=system:masters"];
    let (done, said) =
        world.run(&[&["apply", "-f", "-"], user.as_slice()].concat(), &bad("agent").to_string());
    assert!(done, "{said}");
    world.plane.kubectl(&["delete", "pod", "agent", "-n", &namespace, "--grace-period=0", "--force"]);
    world.policy("exempt", &namespace, &exemption(&[], "2020-01-01"));
    let (done, said) = world.apply(&bad("agent"));
    assert!(!done, "{said}");
}

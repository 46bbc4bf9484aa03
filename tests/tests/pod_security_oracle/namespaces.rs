//! A namespace for every level and version, one that warns and one that enforces.

use std::thread;

use passmuster::audit::pod_security::{Level, Policy, PolicyVersion};
use passmuster_tests::{ControlPlane, population::Random};
use serde_json::json;

use crate::case::How;

/// Every version that has a name here, and one that is newer than the API server.
pub(crate) fn versions() -> Vec<PolicyVersion> {
    (0..=37).map(PolicyVersion::Minor).chain([PolicyVersion::Minor(99), PolicyVersion::Latest]).collect()
}

/// The last version before each change of a check, and that change.
pub(crate) fn turns() -> Vec<PolicyVersion> {
    let minors = [0, 7, 8, 18, 19, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36];
    minors.into_iter().map(PolicyVersion::Minor).chain([PolicyVersion::Latest]).collect()
}

/// Any policy; of the turns more often than of the rest.
pub(crate) fn any(random: &mut Random) -> Policy {
    let level = match random.range(0, 20) {
        0 => Level::Privileged,
        1..=8 => Level::Baseline,
        _ => Level::Restricted,
    };
    let versions = if random.percent(60) { turns() } else { versions() };
    Policy::new(level, versions[random.range(0, versions.len())])
}

/// The namespace of a policy.
pub(crate) fn name(policy: Policy, how: How) -> String {
    let how = if how == How::Warn { "warn" } else { "enforce" };
    format!("{how}-{policy}").replace([':', '.'], "-")
}

/// Creates them all.
pub(crate) fn create(plane: &ControlPlane) {
    thread::scope(|scope| {
        for level in Level::ALL {
            scope.spawn(move || {
                for version in versions() {
                    create_only(plane, Policy::new(level, version));
                }
            });
        }
    });
}

/// Creates those of one policy.
pub(crate) fn create_only(plane: &ControlPlane, policy: Policy) {
    for (how, mode) in [(How::Warn, "warn"), (How::Enforce, "enforce")] {
        let mut labels = json!({});
        labels[format!("pod-security.kubernetes.io/{mode}")] = json!(policy.level.as_str());
        labels[format!("pod-security.kubernetes.io/{mode}-version")] = json!(policy.version.to_string());
        let metadata = json!({"name": name(policy, how), "labels": labels});
        let namespace = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": metadata});
        plane.api().create("/api/v1/namespaces", &namespace).unwrap();
    }
}

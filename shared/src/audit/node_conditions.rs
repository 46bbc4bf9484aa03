//! Which status of a node's condition is the bad one. Anybody may add conditions to nodes, and nothing but the name says
//! whether `True` is good.

use super::api::{Node, NodeCondition};

/// Conditions that the kubelet itself reports, and rules of their own look at.
const PRESSURES: &[&str] = &["MemoryPressure", "DiskPressure", "PIDPressure", "NetworkUnavailable"];

/// Parts of names that are bad when `True`. They go before the good ones: `Unhealthy` ends in `healthy`.
const BAD: &[&str] = &[
    "Pressure",
    "Unavailable",
    "Unhealthy",
    "NotReady",
    "Problem",
    "Deadlock",
    "Readonly",
    "ReadOnly",
    "Corrupt",
    "Frequent",
    "Error",
    "Fail",
    "Fault",
    "Shutdown",
    "Unregister",
    "Exhaust",
    "Degraded",
    "Outdated",
    "Unreachable",
    "Lost",
    "Leak",
    "Hung",
    "Stuck",
    "Missing",
    "Broken",
    "Throttl",
    "Fatal",
    "Panic",
    "OOM",
    "Conflict",
    "Mismatch",
    "Disconnected",
    "Inconsistent",
];

/// Ends of names that are bad when `False`.
const GOOD: &[&str] = &[
    "Ready",
    "Healthy",
    "Available",
    "Ok",
    "OK",
    "Valid",
    "Synced",
    "Running",
    "Connected",
    "Registered",
    "Succeeded",
    "Online",
    "Operational",
];

impl NodeCondition {
    /// Whether it says that something is wrong. Of names that say nothing about good and bad, and of what nobody knows,
    /// nothing is said.
    pub(crate) fn is_bad(&self) -> bool {
        let name = self.r#type.as_str();
        let bad = PRESSURES.contains(&name) || BAD.iter().any(|part| name.contains(part));
        let good = GOOD.iter().any(|end| name.ends_with(end));
        match self.status.as_str() {
            "True" => bad,
            "False" => !bad && good,
            _ => false,
        }
    }

    /// Whether it is one of those that the kubelet reports of what it runs short of.
    pub(crate) fn is_pressure(&self) -> bool {
        PRESSURES.contains(&self.r#type.as_str())
    }

    /// Its reason, or its status where there is none.
    pub(crate) fn why(&self) -> &str {
        if self.reason.is_empty() { &self.status } else { &self.reason }
    }
}

impl Node {
    /// A condition, by name.
    pub(crate) fn condition(&self, name: &str) -> Option<&NodeCondition> {
        self.status.conditions.iter().find(|condition| condition.r#type == name)
    }

    /// Whether it is ready.
    pub(crate) fn is_ready(&self) -> bool {
        self.condition("Ready").is_some_and(|ready| ready.status == "True")
    }

    /// Whether it runs the control plane, by the labels that installers set.
    pub(crate) fn is_control_plane(&self) -> bool {
        let labels = &self.metadata.labels;
        ["node-role.kubernetes.io/control-plane", "node-role.kubernetes.io/master"]
            .iter()
            .any(|label| labels.contains_key(*label))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn polarity_by_name() {
        let is_bad = |name: &str, status: &str| {
            NodeCondition { r#type: name.to_owned(), status: status.to_owned(), ..NodeCondition::default() }
                .is_bad()
        };
        for name in [
            "KernelDeadlock",
            "ReadonlyFilesystem",
            "FrequentKubeletRestart",
            "KubeletUnhealthy",
            "NTPProblem",
        ] {
            assert!(is_bad(name, "True") && !is_bad(name, "False") && !is_bad(name, "Unknown"), "{name}");
        }
        for name in ["NetworkingReady", "StorageReady", "NVLinkHealthy"] {
            assert!(is_bad(name, "False") && !is_bad(name, "True") && !is_bad(name, "Unknown"), "{name}");
        }
        for name in ["EtcdIsVoter", "VMEventScheduled", "Colour"] {
            assert!(!is_bad(name, "False") && !is_bad(name, "True"), "{name}: nobody knows");
        }
    }
}

//! Whether a pod is `BestEffort`.

use std::collections::BTreeMap;

use super::{Pod, ResourceRequirements};
use crate::quantity::{Quantity, Wire};

/// Whether nothing is set aside for the pod. The server says so in the status once the pod is made, and keeps to it; of a
/// pod in a file it follows from cpu and memory, of the pod as a whole where it says any, or else of every container.
pub(crate) fn is_best_effort(pod: &Pod) -> bool {
    let told = pod.status.as_ref().map_or("", |status| status.qos_class.as_str());
    if !told.is_empty() {
        return told == "BestEffort";
    }
    let Some(spec) = &pod.spec else { return true };
    if let Some(resources) = &spec.resources {
        return asks_for_nothing(resources);
    }
    let mut containers = spec.containers.iter().chain(&spec.init_containers);
    containers.all(|container| container.resources.as_ref().is_none_or(asks_for_nothing))
}

fn asks_for_nothing(resources: &ResourceRequirements) -> bool {
    let nothing = |amounts: &BTreeMap<String, Wire>| {
        ["cpu", "memory"]
            .iter()
            .all(|resource| amounts.get(*resource).is_none_or(|amount| amount.quantity() <= Quantity::ZERO))
    };
    nothing(&resources.requests) && nothing(&resources.limits)
}

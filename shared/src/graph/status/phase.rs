use crate::model::{Health, Status};

/// STATUS of kinds that have a phase: namespaces, claims and volumes (`printNamespace`, `printPersistentVolumeClaim`,
/// `printPersistentVolume`). `terminating` says that the kind's phase gives way to being deleted.
pub(in crate::graph) fn phase(phase: &str, terminating: bool) -> Status {
    let phase = if terminating { "Terminating" } else { phase };
    let health = match phase {
        "Active" | "Available" | "Bound" => Health::Healthy,
        "Lost" | "Failed" => Health::Degraded,
        "" => Health::Unknown,
        _ => Health::Progressing,
    };
    if phase.is_empty() { Status { health, ..Status::default() } } else { Status::of(phase, health) }
}

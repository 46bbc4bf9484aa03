//! Objects that so many others touch that walking through one would reach the whole cluster.

use crate::model::{Kind, ObjectKey, kinds};

/// Kinds whose every object is a hub.
pub(super) const HUB_KINDS: &[Kind] = &[
    kinds::NODE,
    kinds::NAMESPACE,
    kinds::STORAGE_CLASS,
    kinds::PRIORITY_CLASS,
    kinds::RUNTIME_CLASS,
    kinds::INGRESS_CLASS,
    kinds::GATEWAY_CLASS,
    kinds::CSI_DRIVER,
    kinds::DEVICE_CLASS,
    kinds::CLUSTER_ROLE,
    kinds::USER,
    kinds::GROUP,
    kinds::VOLUME_SNAPSHOT_CLASS,
    kinds::VOLUME_ATTRIBUTES_CLASS,
];

/// Edges that say who may talk to whom: shown between objects that are there anyway, never followed from the target
/// back, or one policy that lets everything in would make the whole namespace everyone's dependent.
pub(super) const PEER_EDGES: &[&str] = &["allows_from", "allows_to"];

/// Whether an object is shown but not walked through, unless it is the root.
pub(super) fn is_hub(key: &ObjectKey) -> bool {
    HUB_KINDS.iter().any(|kind| kind.is(&key.group, &key.kind))
        || (key.group.is_empty() && *key.kind == *"ServiceAccount" && *key.name == *"default")
        || (key.group.is_empty() && *key.kind == *"ConfigMap" && *key.name == *"kube-root-ca.crt")
        || *key.kind == *"IPBlock"
}

/// Whether an edge says nothing of the objects around a root, unless its source is the root: whom a policy lets in is
/// the policy's affair, and which nodes endpoints are on their pods say already.
pub(super) fn is_aside(edge: &str, target: &ObjectKey) -> bool {
    PEER_EDGES.contains(&edge) || (edge == "backs_onto" && kinds::NODE.is(&target.group, &target.kind))
}

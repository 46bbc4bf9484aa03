//! Objects that nothing refers to.

use super::{Graph, NodeId, Query, hubs, walk};
use crate::model::{Kind, kinds};

/// Kinds that exist to be referred to, and the kinds that could: where one of these was not read, nothing can be
/// called unused.
const MADE_TO_BE_USED: &[(Kind, &[Kind])] = &[
    (kinds::CONFIG_MAP, CARRIERS),
    (kinds::SECRET, CARRIERS_AND_ROUTES),
    (kinds::PERSISTENT_VOLUME_CLAIM, CARRIERS),
    (kinds::SERVICE_ACCOUNT, CARRIERS),
    (kinds::ROLE, &[kinds::ROLE_BINDING]),
    (kinds::CLUSTER_ROLE, &[kinds::ROLE_BINDING, kinds::CLUSTER_ROLE_BINDING]),
    (kinds::PERSISTENT_VOLUME, &[kinds::PERSISTENT_VOLUME_CLAIM]),
    (kinds::STORAGE_CLASS, &[kinds::PERSISTENT_VOLUME_CLAIM, kinds::PERSISTENT_VOLUME]),
    (kinds::INGRESS_CLASS, &[kinds::INGRESS]),
    (kinds::PRIORITY_CLASS, CARRIERS),
    (kinds::RUNTIME_CLASS, CARRIERS),
    (kinds::RESOURCE_CLAIM_TEMPLATE, CARRIERS),
];

const CARRIERS: &[Kind] = &[
    kinds::POD,
    kinds::DEPLOYMENT,
    kinds::STATEFUL_SET,
    kinds::DAEMON_SET,
    kinds::CRON_JOB,
    kinds::JOB,
    kinds::REPLICA_SET,
    kinds::REPLICATION_CONTROLLER,
];

const CARRIERS_AND_ROUTES: &[Kind] = &[
    kinds::POD,
    kinds::DEPLOYMENT,
    kinds::STATEFUL_SET,
    kinds::DAEMON_SET,
    kinds::CRON_JOB,
    kinds::JOB,
    kinds::REPLICA_SET,
    kinds::REPLICATION_CONTROLLER,
    kinds::INGRESS,
    kinds::SERVICE_ACCOUNT,
];

/// Whether an object is there to be referred to and nothing does. An object with an owner is its owner's business,
/// one with noise is the cluster's, and one whose users could not all be read is unknown: not unused.
pub(super) fn is_unused(graph: &Graph, query: &Query, id: NodeId) -> bool {
    let key = graph.key(id);
    let Some((_, users)) = MADE_TO_BE_USED.iter().find(|(kind, _)| kind.is(&key.group, &key.kind)) else {
        return false;
    };
    // Who claims a volume is decided in the cluster: a volume in a file has yet to be claimed.
    let undecided = kinds::PERSISTENT_VOLUME.is(&key.group, &key.kind) && graph.details(id).3.is_empty();
    graph.is_present(id)
        && !undecided
        && graph.noise(id).is_none()
        && walk::visible(graph, query, id)
        && !key.name.starts_with("system:")
        && !(*key.kind == *"ClusterRole" && graph.labels(id).get("kubernetes.io/bootstrapping").is_some())
        && !graph.edges_from(id).any(|edge| graph.edge_type(&edge).as_ref() == "owned_by")
        && !graph.edges_to(id).any(|edge| !hubs::PEER_EDGES.contains(&graph.edge_type(&edge).as_ref()))
        && users.iter().all(|user| covers(graph, *user, &key.namespace))
}

/// Whether every object of a kind that could refer into a namespace was read: of the namespace, or for an object of
/// the whole cluster, of every namespace.
fn covers(graph: &Graph, user: Kind, namespace: &str) -> bool {
    graph.is_covered_throughout(user.group, user.kind, if user.namespaced { namespace } else { "" })
}

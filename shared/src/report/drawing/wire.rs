//! Edges between cards.

use std::collections::BTreeMap;

use crate::report::relations::{OWNED_BY, Relations};

/// Edges whose holder belongs right of what it names: it comes of it, or belongs to it.
const AGAINST: &[&str] =
    &[OWNED_BY, "slice_of", "endpoints_of", "claimed_by", "reserved_for", "heartbeat_of", "node_info_of"];

/// How many owners up an edge is looked for that says the same.
const OWNERS_UP: usize = 8;

/// All edges from one card to another.
pub(crate) struct Wire {
    /// Indices of cards.
    pub(crate) source: usize,
    pub(crate) target: usize,
    /// Indices into the document's edges.
    pub(crate) edges: Vec<u32>,
    /// Their types, with commas between.
    pub(crate) label: String,
    pub(super) optional: bool,
    /// Whether the target belongs left of the source.
    pub(super) against: bool,
    /// Whether it leads to what does not exist.
    pub(super) missing: bool,
}

pub(super) fn wires(relations: &Relations<'_>, group_of: &[usize]) -> Vec<Wire> {
    let document = relations.document;
    let mut by_ends: BTreeMap<(usize, usize), Vec<u32>> = BTreeMap::new();
    for (edge, index) in document.edges.iter().zip(0u32..) {
        let (source, target) = (group_of[edge.source as usize], group_of[edge.target as usize]);
        if source != target && !is_said(relations, edge) {
            by_ends.entry((source, target)).or_default().push(index);
        }
    }
    by_ends
        .into_iter()
        .map(|((source, target), edges)| {
            let of = |index: &u32| &document.edges[*index as usize];
            let mut types: Vec<&str> = edges.iter().map(|index| &*of(index).edge_type).collect();
            types.sort_unstable();
            types.dedup();
            Wire {
                source,
                target,
                label: crate::text::neutral(&types.join(", ")).into_owned(),
                optional: edges.iter().all(|index| of(index).optional),
                against: types.iter().all(|edge_type| AGAINST.contains(edge_type)),
                missing: edges.iter().all(|index| document.node(of(index).target).missing),
                edges,
            }
        })
        .collect()
}

/// Whether another wire says what this edge does.
fn is_said(relations: &Relations<'_>, edge: &crate::graph::Edge) -> bool {
    let (source, target) = (edge.source, edge.target);
    let otherwise = match &*edge.edge_type {
        "provisions" => relations
            .to(target)
            .any(|other| *other.edge_type == *"mounts" && relations.has(other.source, source, OWNED_BY)),
        "claimed_by" => relations.has(target, source, "bound_to"),
        OWNED_BY => relations.has(source, target, "slice_of"),
        _ => false,
    };
    otherwise || said_by_owner(relations, edge) || said_by_service(relations, edge)
}

/// Whether the holder's owner says the same: pods need what their deployment needs, and one line tells it.
fn said_by_owner(relations: &Relations<'_>, edge: &crate::graph::Edge) -> bool {
    let mut owners: Vec<u32> = relations.owners(edge.source).collect();
    let mut at = 0;
    while at < owners.len() && at < OWNERS_UP {
        let owner = owners[at];
        if owner != edge.source && relations.has(owner, edge.target, &edge.edge_type) {
            return true;
        }
        owners.extend(relations.owners(owner));
        at += 1;
    }
    false
}

/// Whether an endpoint slice repeats what its service targets.
fn said_by_service(relations: &Relations<'_>, edge: &crate::graph::Edge) -> bool {
    let kind = &*relations.document.node(edge.source).key.kind;
    matches!(kind, "EndpointSlice" | "Endpoints")
        && *edge.edge_type == *"backs_onto"
        && relations
            .from(edge.source)
            .filter(|other| matches!(&*other.edge_type, "slice_of" | "endpoints_of"))
            .any(|other| relations.has(other.target, edge.target, "targets"))
}

//! What changed between two graphs: `kubectl graph diff`, and the lines of a watch.
//!
//! Nodes and edges of a [`Document`] are sorted, so two of them are compared in one pass.

mod apply;
mod delta;
mod text;

pub use apply::{ApplyError, apply};
pub use delta::{Changed, Delta, GraphDiff, KeyedEdge, NodeState, Part};
pub use text::write_text;

use std::{cmp::Ordering, sync::Arc};

use super::{Document, Edge};

/// What makes `after` of `before`. When a node was created is not compared: printed graphs don't have it.
pub fn diff(before: &Document, after: &Document) -> Delta {
    let mut delta = Delta {
        cluster: (before.cluster != after.cluster).then(|| after.cluster.clone()),
        skipped: (before.skipped != after.skipped).then(|| after.skipped.clone()),
        ..Delta::default()
    };
    let ranks = nodes(before, after, &mut delta);
    edges((before, &ranks.before), (after, &ranks.after), &mut delta);
    delta
}

/// For each node its place among the nodes of both documents, so that edges compare by numbers.
struct Ranks {
    before: Vec<u32>,
    after: Vec<u32>,
}

fn nodes(before: &Document, after: &Document, delta: &mut Delta) -> Ranks {
    let (old_roots, new_roots) = (roots(before), roots(after));
    let old = |at: usize| NodeState { node: before.nodes[at].clone(), root: old_roots[at] };
    let new = |at: usize| NodeState { node: after.nodes[at].clone(), root: new_roots[at] };
    let mut ranks = Ranks {
        before: Vec::with_capacity(before.nodes.len()),
        after: Vec::with_capacity(after.nodes.len()),
    };
    let mut rank = 0;
    loop {
        let (i, j) = (ranks.before.len(), ranks.after.len());
        let order = match (before.nodes.get(i), after.nodes.get(j)) {
            (None, None) => break,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(a), Some(b)) => a.key.cmp(&b.key),
        };
        match order {
            Ordering::Less => delta.removed.nodes.push(old(i)),
            Ordering::Greater => delta.added.nodes.push(new(j)),
            Ordering::Equal => {
                let (a, b) = (&before.nodes[i], &after.nodes[j]);
                let same = (&a.api_version, &a.uid, &a.status, a.missing, a.unknown, old_roots[i])
                    == (&b.api_version, &b.uid, &b.status, b.missing, b.unknown, new_roots[j]);
                if !same {
                    delta.changed.push(Changed { before: old(i), after: new(j) });
                }
            }
        }
        if order != Ordering::Greater {
            ranks.before.push(rank);
        }
        if order != Ordering::Less {
            ranks.after.push(rank);
        }
        rank += 1;
    }
    ranks
}

fn edges(
    (before, before_ranks): (&Document, &[u32]),
    (after, after_ranks): (&Document, &[u32]),
    delta: &mut Delta,
) {
    let (mut i, mut j) = (0, 0);
    loop {
        let (a, b) = (before.edges.get(i), after.edges.get(j));
        let order = match (a, b) {
            (None, None) => break,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(a), Some(b)) => order(a, before_ranks).cmp(&order(b, after_ranks)),
        };
        if order != Ordering::Greater {
            i += 1;
        }
        if order != Ordering::Less {
            j += 1;
        }
        match (order, a, b) {
            (Ordering::Less, Some(edge), _) => delta.removed.edges.push(KeyedEdge::of(before, edge)),
            (Ordering::Greater, _, Some(edge)) => delta.added.edges.push(KeyedEdge::of(after, edge)),
            _ => {}
        }
    }
}

/// The order of edges, with everything that can differ: an edge that became optional is another edge.
fn order<'a>(edge: &'a Edge, ranks: &[u32]) -> (u32, &'a Arc<str>, u32, &'a Arc<str>, bool, u32) {
    let rank = |node: u32| ranks[node as usize];
    (rank(edge.source), &edge.edge_type, rank(edge.target), &edge.via, edge.optional, edge.count)
}

/// Which nodes are roots.
fn roots(document: &Document) -> Vec<bool> {
    let mut flags = vec![false; document.nodes.len()];
    for root in &document.roots {
        if let Some(flag) = flags.get_mut(*root as usize) {
            *flag = true;
        }
    }
    flags
}

#[cfg(test)]
mod tests;

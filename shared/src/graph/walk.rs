//! From the roots outwards: which objects belong to an answer.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use super::{
    Direction, EdgeRef, Graph, NodeId, Query,
    hubs::{PEER_EDGES, is_hub},
};

/// Why an object is in the answer, which decides where the walk goes from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Role {
    /// A root, or owned by one, by however many steps.
    Family,
    /// Something that needs the family.
    Dependent,
    /// The owner of something that needs the family: what the people who look after it know it by.
    Owner,
    /// Something that the family needs.
    Dependency,
}

/// The objects that a walk from these roots reaches, and for each the one it was first reached from.
pub(super) fn reach(graph: &Graph, query: &Query, roots: &[NodeId]) -> BTreeMap<NodeId, Option<NodeId>> {
    go(graph, query, roots, &mut BTreeSet::new())
}

/// The objects that a walk from these roots reaches, and for each whether the walk goes on to what it needs.
pub(super) fn reach_all(graph: &Graph, query: &Query, roots: &[NodeId]) -> BTreeMap<NodeId, bool> {
    let mut seen = BTreeSet::new();
    let reached = go(graph, query, roots, &mut seen);
    let follows = |id: &NodeId| {
        let needed = seen.contains(&(*id, Role::Family)) || seen.contains(&(*id, Role::Dependency));
        needed && (roots.contains(id) || !is_hub(graph.key(*id)))
    };
    reached.into_keys().map(|id| (id, follows(&id))).collect()
}

fn go(
    graph: &Graph,
    query: &Query,
    roots: &[NodeId],
    seen: &mut BTreeSet<(NodeId, Role)>,
) -> BTreeMap<NodeId, Option<NodeId>> {
    let mut reached: BTreeMap<NodeId, Option<NodeId>> = roots.iter().map(|root| (*root, None)).collect();
    let mut queue: VecDeque<(NodeId, Role, u32)> =
        roots.iter().map(|root| (*root, Role::Family, 0)).collect();
    let down = query.direction != Direction::Dependencies;
    let up = query.direction != Direction::Dependents;
    while let Some((id, role, steps)) = queue.pop_front() {
        let is_root = steps == 0;
        if !seen.insert((id, role)) || query.depth.is_some_and(|depth| steps >= depth) {
            continue;
        }
        if !is_root && is_hub(graph.key(id)) {
            continue;
        }
        let mut next: Vec<(NodeId, Role)> = Vec::new();
        let wanted = |edge: &EdgeRef| query.wants_edge(graph.edge_type(edge));
        let owns = |edge: &EdgeRef| graph.edge_type(edge).as_ref() == "owned_by";
        if down && matches!(role, Role::Family | Role::Dependent) {
            for edge in graph.edges_to(id).filter(wanted) {
                let peer = PEER_EDGES.contains(&graph.edge_type(&edge).as_ref())
                    && !query.edges.iter().any(|named| **named == **graph.edge_type(&edge));
                match role {
                    _ if peer => {}
                    Role::Family if owns(&edge) => next.push((edge.source, Role::Family)),
                    _ => next.push((edge.source, Role::Dependent)),
                }
            }
        }
        for edge in graph.edges_from(id).filter(wanted) {
            match role {
                Role::Family | Role::Dependency if up => next.push((edge.target, Role::Dependency)),
                Role::Dependent | Role::Owner if owns(&edge) => next.push((edge.target, Role::Owner)),
                _ => {}
            }
        }
        next.sort_by(|a, b| (graph.key(a.0), a.1).cmp(&(graph.key(b.0), b.1)));
        next.dedup();
        for (node, role) in next {
            if visible(graph, query, node) {
                reached.entry(node).or_insert(Some(id));
                queue.push_back((node, role, steps + 1));
            }
        }
    }
    reached
}

/// Whether an object may be in an answer that it is not the root of.
pub(super) fn visible(graph: &Graph, query: &Query, id: NodeId) -> bool {
    query.wants_kind(graph.key(id)) && query.wants_noise(graph.noise(id))
}

/// The objects on the shortest paths between the roots and a goal, whichever way the edges point; empty if there is
/// no path. Hubs are crossed only when there is no other way.
pub(super) fn paths(graph: &Graph, query: &Query, roots: &[NodeId], goal: NodeId) -> BTreeSet<NodeId> {
    let found = shortest(graph, query, roots, goal, false);
    if found.is_empty() { shortest(graph, query, roots, goal, true) } else { found }
}

fn shortest(graph: &Graph, query: &Query, roots: &[NodeId], goal: NodeId, hubs: bool) -> BTreeSet<NodeId> {
    let mut steps: HashMap<NodeId, u32> = roots.iter().map(|root| (*root, 0)).collect();
    let mut before: HashMap<NodeId, Vec<NodeId>> = HashMap::new();
    let mut queue: VecDeque<NodeId> = roots.iter().copied().collect();
    while let Some(id) = queue.pop_front() {
        let here = steps.get(&id).copied().unwrap_or_default();
        let crossable = here == 0 || hubs || !is_hub(graph.key(id));
        if id == goal || !crossable || query.depth.is_some_and(|depth| here >= depth) {
            continue;
        }
        let wanted = |edge: &EdgeRef| query.wants_edge(graph.edge_type(edge));
        let mut next: Vec<NodeId> = graph.edges_from(id).filter(wanted).map(|edge| edge.target).collect();
        next.extend(graph.edges_to(id).filter(wanted).map(|edge| edge.source));
        next.sort_unstable();
        next.dedup();
        for node in next.into_iter().filter(|node| *node == goal || visible(graph, query, *node)) {
            let there = *steps.entry(node).or_insert_with(|| {
                queue.push_back(node);
                here + 1
            });
            if there == here + 1 {
                before.entry(node).or_default().push(id);
            }
        }
    }
    let mut on_path = BTreeSet::new();
    let mut back = vec![goal];
    while let Some(id) = back.pop() {
        if steps.contains_key(&id) && on_path.insert(id) {
            back.extend(before.get(&id).into_iter().flatten());
        }
    }
    on_path
}

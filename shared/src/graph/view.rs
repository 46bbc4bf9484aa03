//! An answer: the part of a graph that a query asks for, as a document.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{Document, Edge, EdgeRef, Graph, Node, NodeId, Only, Query, Scope, hubs::is_aside, unused, walk};
use crate::model::{ObjectKey, Skipped};

/// The place of a node that is not in the document.
const NONE: u32 = u32::MAX;

/// A query that names something that the graph does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ViewError {
    /// These roots are not there.
    #[error("{} not found", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))]
    NoRoot(Vec<ObjectKey>),
    /// The other end of a path is not there.
    #[error("{0} not found")]
    NoGoal(ObjectKey),
    /// Both are there, with nothing between.
    #[error("no path from {} to {}", .0.0, .0.1)]
    NoPath(Box<(ObjectKey, ObjectKey)>),
}

impl Graph {
    /// The answer to a query.
    pub fn view(&self, query: &Query, cluster: &str, skipped: &[Skipped]) -> Result<Document, ViewError> {
        let (roots, mut nodes) = self.select(query)?;
        if query.only == Only::Unused {
            nodes.retain(|node| unused::is_unused(self, query, *node));
        }
        let mut document = self.document(query, &roots, &nodes, cluster, skipped);
        if query.only == Only::Missing {
            keep_missing(&mut document);
        }
        Ok(document)
    }

    /// The nodes that a query asks for, and the roots among them.
    pub(crate) fn select(&self, query: &Query) -> Result<(Vec<NodeId>, BTreeSet<NodeId>), ViewError> {
        let Scope::Objects(keys) = &query.scope else {
            return Ok((Vec::new(), self.whole(query)));
        };
        let (mut roots, mut absent) = (Vec::new(), Vec::new());
        for key in keys {
            match self.find(key).filter(|root| self.is_present(*root) || !self.is_missing(*root)) {
                Some(root) => roots.push(root),
                None => absent.push(key.clone()),
            }
        }
        if !absent.is_empty() {
            return Err(ViewError::NoRoot(absent));
        }
        if let Some(to) = &query.to {
            let goal = self.find(to).ok_or_else(|| ViewError::NoGoal(to.clone()))?;
            let nodes = walk::paths(self, query, &roots, goal);
            return match keys.first() {
                Some(from) if nodes.is_empty() => {
                    Err(ViewError::NoPath(Box::new((from.clone(), to.clone()))))
                }
                _ => Ok((roots, nodes)),
            };
        }
        let reached = walk::reach(self, query, &roots);
        Ok((roots, self.included(query, &reached)))
    }

    /// Every node of the cluster or of a namespace, with what those of the namespace touch.
    fn whole(&self, query: &Query) -> BTreeSet<NodeId> {
        let shown = |id: &NodeId| walk::visible(self, query, *id);
        let inside = |id: &NodeId| match &query.scope {
            Scope::Namespace(namespace) => *self.key(*id).namespace == **namespace,
            Scope::Cluster | Scope::Objects(_) => true,
        };
        let mut nodes: BTreeSet<NodeId> = self.ids().filter(inside).filter(shown).collect();
        if matches!(query.scope, Scope::Namespace(_)) {
            let own: Vec<NodeId> = nodes.iter().copied().collect();
            for id in own {
                let targets = self.edges_from(id).filter(|edge| query.wants_edge(self.edge_type(edge)));
                nodes.extend(targets.map(|edge| edge.target).filter(shown));
                let sources = self.edges_to(id).filter(|edge| query.wants_edge(self.edge_type(edge)));
                nodes.extend(sources.map(|edge| edge.source).filter(shown));
            }
        }
        if !query.include.is_empty() {
            nodes.retain(|id| query.include.iter().any(|filter| filter.is(self.key(*id))));
        }
        nodes
    }

    /// What was reached of the kinds to include, and what leads there.
    fn included(&self, query: &Query, reached: &BTreeMap<NodeId, Option<NodeId>>) -> BTreeSet<NodeId> {
        let wanted = |id: &NodeId| {
            query.include.is_empty() || query.include.iter().any(|filter| filter.is(self.key(*id)))
        };
        let mut nodes = BTreeSet::new();
        for (id, from) in reached {
            if from.is_some() && !wanted(id) {
                continue;
            }
            let mut next = Some(*id);
            while let Some(id) = next.filter(|id| nodes.insert(*id)) {
                next = reached.get(&id).copied().flatten();
            }
        }
        nodes
    }

    fn document(
        &self,
        query: &Query,
        roots: &[NodeId],
        nodes: &BTreeSet<NodeId>,
        cluster: &str,
        skipped: &[Skipped],
    ) -> Document {
        let mut order: Vec<NodeId> = nodes.iter().copied().collect();
        order.sort_by(|a, b| self.key(*a).cmp(self.key(*b)));
        let mut index = vec![NONE; self.slots()];
        for (id, place) in order.iter().zip(0u32..) {
            index[id.slot()] = place;
        }
        let ranks = self.ranks();
        // Counted first: a list that grows takes up to three times its size on the way.
        let most = order.iter().map(|id| self.edges_from(*id).count()).sum();
        let mut edges: Vec<Edge> = Vec::with_capacity(most);
        let mut own: Vec<((u32, u32, u32), EdgeRef)> = Vec::new();
        for (id, source) in order.iter().zip(0u32..) {
            let peers = roots.is_empty() || roots.contains(id) || !query.edges.is_empty();
            let shown = |edge: &EdgeRef| {
                index[edge.target.slot()] != NONE
                    && query.wants_edge(self.edge_type(edge))
                    && (peers || !is_aside(self.edge_type(edge), self.key(edge.target)))
            };
            own.clear();
            own.extend(self.edges_from(*id).filter(shown).map(|edge| {
                let (edge_type, via) = edge.rank(&ranks);
                ((edge_type, index[edge.target.slot()], via), edge)
            }));
            own.sort_unstable_by_key(|(place, _)| *place);
            // Those that differ in nothing are one, counted.
            for same in own.chunk_by(|a, b| a.0 == b.0) {
                let [((_, target, _), edge), ..] = same else { continue };
                edges.push(Edge {
                    source,
                    target: *target,
                    edge_type: self.edge_type(edge).clone(),
                    via: self.via(edge).clone(),
                    optional: same.iter().all(|(_, edge)| edge.optional),
                    count: same.iter().map(|(_, edge)| edge.count).sum(),
                });
            }
        }
        let mut skipped = skipped.to_vec();
        skipped.sort();
        skipped.dedup();
        let mut roots: Vec<u32> =
            roots.iter().map(|root| index[root.slot()]).filter(|place| *place != NONE).collect();
        roots.sort_unstable();
        Document {
            cluster: cluster.to_owned(),
            roots,
            nodes: order.iter().map(|id| self.document_node(*id)).collect(),
            edges,
            skipped,
        }
    }

    fn document_node(&self, id: NodeId) -> Node {
        let (api_version, uid, created, status) = self.details(id);
        Node {
            key: self.key(id).clone(),
            api_version: Arc::clone(api_version),
            uid: uid.cloned(),
            created,
            status: status.clone(),
            missing: self.is_missing(id),
            unknown: self.is_unknown(id),
        }
    }
}

/// Owners and their owners: more than this no object has.
const MOST_OWNERS: usize = 64;

/// Whether an owner of an edge's source, however far up, misses the same: its pods then need not say it again. What
/// owns itself, as any file may say, has nobody to tell it.
fn told_by_owner(owners: &BTreeMap<u32, Vec<u32>>, held: &BTreeSet<(u32, u32)>, edge: &Edge) -> bool {
    let mut found = BTreeSet::new();
    let mut next: Vec<u32> = owners.get(&edge.source).cloned().unwrap_or_default();
    while let Some(owner) = next.pop() {
        if owner == edge.source || found.len() > MOST_OWNERS {
            return false;
        }
        if found.insert(owner) {
            next.extend(owners.get(&owner).into_iter().flatten());
        }
    }
    found.into_iter().any(|owner| held.contains(&(owner, edge.target)))
}

/// Leaves the references to objects that do not exist and that something needs, and who holds them.
fn keep_missing(document: &mut Document) {
    let missing: Vec<bool> = document.nodes.iter().map(|node| node.missing).collect();
    let needed = |edge: &Edge| missing[edge.target as usize] && !edge.optional;
    let mut owners: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for edge in document.edges.iter().filter(|edge| *edge.edge_type == *"owned_by") {
        owners.entry(edge.source).or_default().push(edge.target);
    }
    let held: BTreeSet<(u32, u32)> =
        document.edges.iter().filter(|edge| needed(edge)).map(|edge| (edge.source, edge.target)).collect();
    document.edges.retain(|edge| needed(edge) && !told_by_owner(&owners, &held, edge));
    let mut used = vec![false; document.nodes.len()];
    for edge in &document.edges {
        used[edge.source as usize] = true;
        used[edge.target as usize] = true;
    }
    document.keep(&used);
}

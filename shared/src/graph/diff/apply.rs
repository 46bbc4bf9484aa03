use std::cmp::Ordering;

use super::{Delta, KeyedEdge};
use crate::{
    graph::{Document, Edge, Node},
    model::ObjectKey,
};

/// A delta that was made of another graph.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ApplyError {
    /// It removes or changes an object that is not there, or names it in an edge.
    #[error("the graph has no {0}")]
    NoNode(ObjectKey),
    /// It adds an object that is there.
    #[error("the graph has {0} already")]
    HasNode(ObjectKey),
    /// It removes an edge that is not there.
    #[error("{0} has no such edge")]
    NoEdge(ObjectKey),
}

/// Place of an edge in the order of edges, and what else it says.
type Place = (u32, std::sync::Arc<str>, u32, std::sync::Arc<str>, bool, u32);

/// Makes the graph the other one that `delta` was made for. After an error the graph is as it was.
pub fn apply(document: &mut Document, delta: &Delta) -> Result<(), ApplyError> {
    let (nodes, moved) = nodes(document, delta)?;
    let removed = places(&delta.removed.edges, |key| document.find(key))?;
    let at = |key: &ObjectKey| {
        let at = nodes.binary_search_by(|(node, _)| node.key.cmp(key)).ok()?;
        u32::try_from(at).ok()
    };
    let added = places(&delta.added.edges, at)?;
    let edges = edges(document, &moved, &removed, added)?;
    document.edges = edges;
    document.roots = (0..).zip(&nodes).filter(|(_, (_, root))| *root).map(|(at, _)| at).collect();
    document.nodes = nodes.into_iter().map(|(node, _)| node).collect();
    if let Some(cluster) = &delta.cluster {
        document.cluster.clone_from(cluster);
    }
    if let Some(skipped) = &delta.skipped {
        document.skipped.clone_from(skipped);
    }
    Ok(())
}

/// The nodes after, with whether they are roots, and where the old ones went; `None`: nowhere.
#[expect(clippy::type_complexity, reason = "two lists, used once")]
fn nodes(document: &Document, delta: &Delta) -> Result<(Vec<(Node, bool)>, Vec<Option<u32>>), ApplyError> {
    let roots = super::roots(document);
    let mut nodes = Vec::with_capacity(document.nodes.len() + delta.added.nodes.len());
    let mut moved = Vec::with_capacity(document.nodes.len());
    let mut added = delta.added.nodes.iter().peekable();
    let mut removed = delta.removed.nodes.iter().peekable();
    let mut changed = delta.changed.iter().peekable();
    let (mut gone, mut altered) = (0, 0);
    for (node, root) in document.nodes.iter().zip(roots) {
        while let Some(new) = added.next_if(|new| new.node.key < node.key) {
            nodes.push((new.node.clone(), new.root));
        }
        if added.peek().is_some_and(|new| new.node.key == node.key) {
            return Err(ApplyError::HasNode(node.key.clone()));
        }
        if removed.next_if(|old| old.node.key == node.key).is_some() {
            gone += 1;
            moved.push(None);
            continue;
        }
        moved.push(u32::try_from(nodes.len()).ok());
        match changed.next_if(|changed| changed.after.node.key == node.key) {
            Some(changed) => {
                altered += 1;
                nodes.push((changed.after.node.clone(), changed.after.root));
            }
            None => nodes.push((node.clone(), root)),
        }
    }
    nodes.extend(added.map(|new| (new.node.clone(), new.root)));
    // A node that is not there stops its list.
    match (delta.removed.nodes.get(gone), delta.changed.get(altered)) {
        (Some(missing), _) => Err(ApplyError::NoNode(missing.node.key.clone())),
        (_, Some(missing)) => Err(ApplyError::NoNode(missing.after.node.key.clone())),
        _ => Ok((nodes, moved)),
    }
}

/// Edges with the indices of their ends.
fn places(edges: &[KeyedEdge], at: impl Fn(&ObjectKey) -> Option<u32>) -> Result<Vec<Place>, ApplyError> {
    let at = |key: &ObjectKey| at(key).ok_or_else(|| ApplyError::NoNode(key.clone()));
    let place = |edge: &KeyedEdge| {
        let ends = (at(&edge.source)?, at(&edge.target)?);
        Ok((ends.0, edge.edge_type.clone(), ends.1, edge.via.clone(), edge.optional, edge.count))
    };
    edges.iter().map(place).collect()
}

fn edges(
    document: &Document,
    moved: &[Option<u32>],
    removed: &[Place],
    added: Vec<Place>,
) -> Result<Vec<Edge>, ApplyError> {
    let mut edges = Vec::with_capacity(document.edges.len() + added.len());
    let mut added = added.into_iter().peekable();
    let mut removed = removed.iter().peekable();
    for edge in &document.edges {
        let place = |source, target| {
            (source, edge.edge_type.clone(), target, edge.via.clone(), edge.optional, edge.count)
        };
        let old = place(edge.source, edge.target);
        if removed.next_if(|removed| **removed == old).is_some() {
            continue;
        }
        let moved = |node: u32| {
            moved[node as usize].ok_or_else(|| ApplyError::NoNode(document.node(node).key.clone()))
        };
        let new = place(moved(edge.source)?, moved(edge.target)?);
        while let Some(before) = added.next_if(|added| (*added).cmp(&new) == Ordering::Less) {
            edges.push(edge_at(before));
        }
        edges.push(edge_at(new));
    }
    edges.extend(added.map(edge_at));
    match removed.next() {
        Some(missing) => Err(ApplyError::NoEdge(document.node(missing.0).key.clone())),
        None => Ok(edges),
    }
}

fn edge_at((source, edge_type, target, via, optional, count): Place) -> Edge {
    Edge { source, target, edge_type, via, optional, count }
}

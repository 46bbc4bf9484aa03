use std::sync::Arc;

use serde::{Serialize, Serializer, ser::SerializeStruct};

use super::super::{
    Document, Edge, Node,
    document::{EdgeJson, NodeOf},
};
use crate::{
    API_VERSION,
    model::{ObjectKey, Skipped},
};

/// What makes one graph of another. As JSON, a line of a watch:
/// `{type: delta, added: {nodes, edges}, removed: {nodes, edges}, changed: {nodes}}`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Delta {
    /// What is new.
    pub added: Part,
    /// What is gone. An edge goes with either of its ends, and is told all the same.
    pub removed: Part,
    /// Objects that are something else than they were.
    pub changed: Vec<Changed>,
    /// The cluster's name, if it is another.
    pub cluster: Option<String>,
    /// All that can't be read now, if it is something else than before.
    pub skipped: Option<Vec<Skipped>>,
}

/// Some nodes and edges, in the order of documents.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Part {
    /// Objects.
    pub nodes: Vec<NodeState>,
    /// Relationships.
    pub edges: Vec<KeyedEdge>,
}

/// A node and whether it was asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct NodeState {
    /// The object.
    pub node: Node,
    /// Whether it was asked for.
    pub root: bool,
}

/// An object before and after: another uid says that it was deleted and created again.
#[derive(Debug, Clone, PartialEq)]
pub struct Changed {
    /// As it was.
    pub before: NodeState,
    /// As it is.
    pub after: NodeState,
}

/// An edge that stands alone, with the ids of its ends. Edges order by source, type, target, field.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyedEdge {
    /// The object that holds the field.
    pub source: ObjectKey,
    /// What kind of relationship.
    pub edge_type: Arc<str>,
    /// The object that it names or selects.
    pub target: ObjectKey,
    /// The field.
    pub via: Arc<str>,
    /// The source works without the target.
    pub optional: bool,
    /// How many fields of this path say so.
    pub count: u32,
}

/// The same JSON as in a graph.
impl Serialize for KeyedEdge {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { source, edge_type, target, via, optional, count } = self.clone();
        EdgeJson { source, target, edge_type, via, optional, count }.serialize(serializer)
    }
}

impl KeyedEdge {
    pub(super) fn of(document: &Document, edge: &Edge) -> Self {
        Self {
            source: document.node(edge.source).key.clone(),
            edge_type: edge.edge_type.clone(),
            target: document.node(edge.target).key.clone(),
            via: edge.via.clone(),
            optional: edge.optional,
            count: edge.count,
        }
    }
}

impl Delta {
    /// Whether the two graphs are the same.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Serialize for NodeState {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        NodeOf(&self.node, self.root).serialize(serializer)
    }
}

#[derive(Serialize)]
struct Nodes<T> {
    nodes: T,
}

impl Serialize for Delta {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let fields = 4 + usize::from(self.cluster.is_some()) + usize::from(self.skipped.is_some());
        let mut delta = serializer.serialize_struct("Delta", fields)?;
        delta.serialize_field("type", "delta")?;
        delta.serialize_field("added", &self.added)?;
        delta.serialize_field("removed", &self.removed)?;
        let after: Vec<&NodeState> = self.changed.iter().map(|changed| &changed.after).collect();
        delta.serialize_field("changed", &Nodes { nodes: after })?;
        if let Some(cluster) = &self.cluster {
            delta.serialize_field("cluster", cluster)?;
        }
        if let Some(skipped) = &self.skipped {
            delta.serialize_field("skipped", skipped)?;
        }
        delta.end()
    }
}

/// The output of `kubectl graph diff -o json`:
/// `{apiVersion, kind: GraphDiff, before, after, added, removed, changed: {nodes: [{before, after}]}}`.
#[derive(Debug, Clone, Copy)]
pub struct GraphDiff<'a> {
    /// What the first graph is called: its file.
    pub before: &'a str,
    /// What the second graph is called.
    pub after: &'a str,
    /// What differs.
    pub delta: &'a Delta,
}

impl Serialize for GraphDiff<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Pair<'a> {
            before: &'a NodeState,
            after: &'a NodeState,
        }
        let pairs: Vec<Pair<'_>> =
            self.delta.changed.iter().map(|Changed { before, after }| Pair { before, after }).collect();
        let mut diff = serializer.serialize_struct("GraphDiff", 7)?;
        diff.serialize_field("apiVersion", API_VERSION)?;
        diff.serialize_field("kind", "GraphDiff")?;
        diff.serialize_field("before", self.before)?;
        diff.serialize_field("after", self.after)?;
        diff.serialize_field("added", &self.delta.added)?;
        diff.serialize_field("removed", &self.delta.removed)?;
        diff.serialize_field("changed", &Nodes { nodes: pairs })?;
        diff.end()
    }
}

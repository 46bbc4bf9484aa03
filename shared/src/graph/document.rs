use std::{collections::HashMap, sync::Arc};

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer, ser::SerializeSeq};

use crate::{
    API_VERSION,
    model::{ObjectKey, Skipped, Status, Time},
};

/// A graph as it is printed, saved and compared: nodes sorted by key, edges by source, type, target and field.
///
/// Its JSON is `{apiVersion, kind: Graph, cluster, nodes, edges, skipped}`; see docs/schemas/graph.json.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Document {
    /// Name of the cluster, or of the files.
    pub cluster: String,
    /// The objects that were asked for, as indices into `nodes`, sorted; empty when the question was a namespace or the cluster.
    pub roots: Vec<u32>,
    /// Objects, sorted by key.
    pub nodes: Vec<Node>,
    /// Relationships, sorted by source, type, target, field.
    pub edges: Vec<Edge>,
    /// What could not be read, sorted.
    pub skipped: Vec<Skipped>,
}

/// An object.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Who it is.
    pub key: ObjectKey,
    /// Its apiVersion; only the group is known of objects that were not read.
    pub api_version: Arc<str>,
    /// Its uid, if it was read from a cluster.
    pub uid: Option<Arc<str>>,
    /// When it was created. Not printed in JSON.
    pub created: Option<Time>,
    /// READY and STATUS.
    pub status: Status,
    /// Something refers to it and it does not exist.
    pub missing: bool,
    /// Something refers to it, and whether it exists could not be found out.
    pub unknown: bool,
}

/// A relationship.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    /// The object that holds the field: an index into `nodes`.
    pub source: u32,
    /// The object that it names or selects: an index into `nodes`.
    pub target: u32,
    /// What kind of relationship, as in docs/edges.md.
    pub edge_type: Arc<str>,
    /// The field, from the source's root, without indices.
    pub via: Arc<str>,
    /// The source works without the target.
    pub optional: bool,
    /// How many fields of this path say so; at least 1.
    pub count: u32,
}

/// An object.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Node", deny_unknown_fields)]
pub(crate) struct NodeJson {
    /// `Kind.group/namespace/name`, the group and the namespace left out when empty.
    #[schemars(with = "String")]
    id: ObjectKey,
    /// Its apiVersion; only the group is known of objects that were not read.
    api_version: Arc<str>,
    /// Its kind.
    kind: Arc<str>,
    /// Its namespace; absent for objects of the whole cluster.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    namespace: Option<Arc<str>>,
    /// Its name.
    name: Arc<str>,
    /// Its uid, if it was read from a cluster.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    uid: Option<Arc<str>>,
    /// How it is doing, if that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    status: Option<Status>,
    /// Something refers to it and it does not exist.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    missing: bool,
    /// Something refers to it, and whether it exists could not be found out.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    unknown: bool,
    /// It was asked for.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    root: bool,
}

/// A relationship: the source holds a field that names or selects the target.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Edge", deny_unknown_fields)]
pub(crate) struct EdgeJson {
    /// The id of the object that holds the field.
    #[schemars(with = "String")]
    pub(crate) source: ObjectKey,
    /// The id of the object that it names or selects.
    #[schemars(with = "String")]
    pub(crate) target: ObjectKey,
    /// What kind of relationship: docs/edges.md lists them.
    #[serde(rename = "type")]
    pub(crate) edge_type: Arc<str>,
    /// The field, from the source's root, without indices.
    pub(crate) via: Arc<str>,
    /// The source works without the target.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) optional: bool,
    /// How many fields of this path say so.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    #[schemars(range(min = 1))]
    pub(crate) count: u32,
}

fn one() -> u32 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
fn is_one(count: &u32) -> bool {
    *count == 1
}

/// One node of a document, printed as the contract says.
pub(crate) struct NodeOf<'a>(pub(crate) &'a Node, pub(crate) bool);

impl Serialize for NodeOf<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(node, root) = *self;
        NodeJson {
            id: node.key.clone(),
            api_version: node.api_version.clone(),
            kind: node.key.kind.clone(),
            namespace: (!node.key.namespace.is_empty()).then(|| node.key.namespace.clone()),
            name: node.key.name.clone(),
            uid: node.uid.clone(),
            status: (!node.status.is_empty()).then(|| node.status.clone()),
            missing: node.missing,
            unknown: node.unknown,
            root,
        }
        .serialize(serializer)
    }
}

impl Document {
    /// The node of an index that stands in this document's edges or roots.
    pub fn node(&self, index: u32) -> &Node {
        &self.nodes[index as usize]
    }

    /// Whether the node of this index was asked for.
    pub fn is_root(&self, index: u32) -> bool {
        // Roots are sorted.
        self.roots.binary_search(&index).is_ok()
    }

    /// Keeps the nodes that are marked, and the edges between them.
    pub(crate) fn keep(&mut self, marked: &[bool]) {
        let mut new_index = vec![None; self.nodes.len()];
        let kept = new_index.iter_mut().zip(marked).filter(|(_, marked)| **marked).map(|(index, _)| index);
        for (index, new) in kept.zip(0u32..) {
            *index = Some(new);
        }
        let moved = |index: u32| new_index.get(index as usize).copied().flatten();
        self.edges.retain_mut(|edge| match (moved(edge.source), moved(edge.target)) {
            (Some(source), Some(target)) => {
                (edge.source, edge.target) = (source, target);
                true
            }
            _ => false,
        });
        self.roots = self.roots.iter().filter_map(|root| moved(*root)).collect();
        let mut marks = marked.iter();
        self.nodes.retain(|_| marks.next().copied().unwrap_or_default());
    }

    /// The index of an object, if the document has it.
    pub fn find(&self, key: &ObjectKey) -> Option<u32> {
        let at = self.nodes.binary_search_by(|node| node.key.cmp(key)).ok()?;
        u32::try_from(at).ok()
    }
}

struct Nodes<'a>(&'a Document);

impl Serialize for Nodes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut seq = serializer.serialize_seq(Some(self.0.nodes.len()))?;
        for (index, node) in (0u32..).zip(&self.0.nodes) {
            seq.serialize_element(&NodeOf(node, self.0.is_root(index)))?;
        }
        seq.end()
    }
}

struct Edges<'a>(&'a Document);

/// [`EdgeJson`], borrowed.
#[derive(Serialize)]
struct EdgeLine<'a> {
    source: &'a str,
    target: &'a str,
    #[serde(rename = "type")]
    edge_type: &'a str,
    via: &'a str,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    optional: bool,
    #[serde(skip_serializing_if = "is_one")]
    count: u32,
}

impl Serialize for Edges<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // An object's id stands in many edges and is put together once.
        let ids: Vec<String> = self.0.nodes.iter().map(|node| node.key.to_string()).collect();
        serializer.collect_seq(self.0.edges.iter().map(|edge| EdgeLine {
            source: &ids[edge.source as usize],
            target: &ids[edge.target as usize],
            edge_type: &edge.edge_type,
            via: &edge.via,
            optional: edge.optional,
            count: edge.count,
        }))
    }
}

impl Serialize for Document {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Whole<'a> {
            api_version: &'static str,
            kind: &'static str,
            cluster: &'a str,
            nodes: Nodes<'a>,
            edges: Edges<'a>,
            skipped: &'a [Skipped],
        }
        Whole {
            api_version: API_VERSION,
            kind: "Graph",
            cluster: &self.cluster,
            nodes: Nodes(self),
            edges: Edges(self),
            skipped: &self.skipped,
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Document {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error as _;

        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Whole {
            api_version: String,
            kind: String,
            #[serde(default)]
            cluster: String,
            nodes: Vec<NodeJson>,
            edges: Vec<EdgeJson>,
            #[serde(default)]
            skipped: Vec<Skipped>,
        }
        let whole = Whole::deserialize(deserializer)?;
        if whole.api_version != API_VERSION || whole.kind != "Graph" {
            return Err(D::Error::custom(format!(
                "expected apiVersion {API_VERSION} and kind Graph, found {} and {}",
                whole.api_version, whole.kind
            )));
        }
        let mut nodes: Vec<(bool, Node)> = whole
            .nodes
            .into_iter()
            .map(|node| {
                let read = Node {
                    key: node.id,
                    api_version: node.api_version,
                    uid: node.uid,
                    created: None,
                    status: node.status.unwrap_or_default(),
                    missing: node.missing,
                    unknown: node.unknown,
                };
                (node.root, read)
            })
            .collect();
        nodes.sort_by(|a, b| a.1.key.cmp(&b.1.key));
        nodes.dedup_by(|a, b| a.1.key == b.1.key);
        let index: HashMap<ObjectKey, u32> =
            nodes.iter().map(|(_, node)| node.key.clone()).zip(0u32..).collect();
        let at = |key: &ObjectKey| {
            index
                .get(key)
                .copied()
                .ok_or_else(|| D::Error::custom(format!("an edge names {key}, which is no node")))
        };
        let mut edges = whole
            .edges
            .into_iter()
            .map(|edge| {
                Ok(Edge {
                    source: at(&edge.source)?,
                    target: at(&edge.target)?,
                    edge_type: edge.edge_type,
                    via: edge.via,
                    optional: edge.optional,
                    count: edge.count,
                })
            })
            .collect::<Result<Vec<_>, D::Error>>()?;
        edges.sort_by(|a, b| {
            (a.source, &a.edge_type, a.target, &a.via).cmp(&(b.source, &b.edge_type, b.target, &b.via))
        });
        let roots = nodes.iter().zip(0u32..).filter(|((root, _), _)| *root).map(|(_, at)| at).collect();
        Ok(Self {
            cluster: whole.cluster,
            roots,
            nodes: nodes.into_iter().map(|(_, node)| node).collect(),
            edges,
            skipped: whole.skipped,
        })
    }
}

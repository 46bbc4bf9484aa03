//! Who a document's nodes point at and who points at them, by index.

use crate::graph::{Document, Edge};

/// The edge type that makes families.
pub(super) const OWNED_BY: &str = "owned_by";

/// A document's edges by source and by target, each list sorted by the other end and by type.
pub(super) struct Relations<'a> {
    pub(super) document: &'a Document,
    from: Lists,
    to: Lists,
    owners: Lists,
    owned: Lists,
}

/// Lists of edge indices, one after the other; `starts` has one entry more than there are lists.
struct Lists {
    starts: Vec<u32>,
    edges: Vec<u32>,
}

impl Lists {
    fn new(
        document: &Document,
        wanted: impl Fn(&Edge) -> bool,
        end: impl Fn(&Edge) -> u32,
        other: impl Fn(&Edge) -> u32,
    ) -> Self {
        let mut starts = vec![0u32; document.nodes.len() + 1];
        for edge in document.edges.iter().filter(|edge| wanted(edge)) {
            starts[end(edge) as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut next = starts.clone();
        let mut edges = vec![0u32; next.last().copied().unwrap_or_default() as usize];
        for (edge, index) in document.edges.iter().zip(0u32..).filter(|(edge, _)| wanted(edge)) {
            let slot = &mut next[end(edge) as usize];
            edges[*slot as usize] = index;
            *slot += 1;
        }
        for pair in starts.windows(2) {
            edges[pair[0] as usize..pair[1] as usize].sort_unstable_by(|a, b| {
                let key = |index: &u32| {
                    let edge = &document.edges[*index as usize];
                    (other(edge), &*edge.edge_type, &*edge.via)
                };
                key(a).cmp(&key(b))
            });
        }
        Self { starts, edges }
    }

    fn of(&self, node: u32) -> &[u32] {
        &self.edges[self.starts[node as usize] as usize..self.starts[node as usize + 1] as usize]
    }
}

impl<'a> Relations<'a> {
    pub(super) fn new(document: &'a Document) -> Self {
        let (source, target) = (|edge: &Edge| edge.source, |edge: &Edge| edge.target);
        let family = |edge: &Edge| is_owner(edge) && edge.source != edge.target;
        Self {
            document,
            from: Lists::new(document, |_| true, source, target),
            to: Lists::new(document, |_| true, target, source),
            owners: Lists::new(document, family, source, target),
            owned: Lists::new(document, family, target, source),
        }
    }

    /// The edges whose source is this node, by target.
    pub(super) fn from(&self, node: u32) -> impl Iterator<Item = &'a Edge> {
        self.edges(self.from.of(node))
    }

    /// The edges whose target is this node, by source.
    pub(super) fn to(&self, node: u32) -> impl Iterator<Item = &'a Edge> {
        self.edges(self.to.of(node))
    }

    fn edges(&self, list: &[u32]) -> impl Iterator<Item = &'a Edge> {
        let edges = &self.document.edges;
        list.iter().map(|index| &edges[*index as usize])
    }

    /// Whether there is an edge of this type between these two.
    pub(super) fn has(&self, source: u32, target: u32, edge_type: &str) -> bool {
        let list = self.from.of(source);
        let edge = |index: &u32| &self.document.edges[*index as usize];
        let first = list.partition_point(|index| edge(index).target < target);
        list[first..]
            .iter()
            .map(edge)
            .take_while(|edge| edge.target == target)
            .any(|edge| *edge.edge_type == *edge_type)
    }

    /// The owners of a node.
    pub(super) fn owners(&self, node: u32) -> impl Iterator<Item = u32> {
        self.edges(self.owners.of(node)).map(|edge| edge.target)
    }

    /// What a node owns.
    pub(super) fn owned(&self, node: u32) -> impl Iterator<Item = u32> {
        self.edges(self.owned.of(node)).map(|edge| edge.source)
    }

    /// The indices of all nodes.
    pub(super) fn nodes(&self) -> impl Iterator<Item = u32> + use<> {
        0..u32::try_from(self.document.nodes.len()).unwrap_or(u32::MAX)
    }

    /// Whether a node is of this kind of the core group.
    pub(super) fn is_core(&self, node: u32, kind: &str) -> bool {
        let key = &self.document.node(node).key;
        key.group.is_empty() && *key.kind == *kind
    }
}

/// Whether an edge says who owns its source.
pub(super) fn is_owner(edge: &Edge) -> bool {
    *edge.edge_type == *OWNED_BY
}

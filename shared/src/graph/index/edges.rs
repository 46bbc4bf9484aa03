//! The edges from and to an object.

use std::sync::Arc;

use super::{EdgeRef, Graph, NodeId, Out, symbols::Ranks};
use crate::model::ObjectKey;

impl Graph {
    /// For sorting edges by the texts of their types and fields.
    pub(in crate::graph) fn ranks(&self) -> Ranks {
        self.symbols.ranks()
    }

    /// How many slots of nodes there are: every id is below.
    pub(in crate::graph) fn slots(&self) -> usize {
        self.nodes.len()
    }

    /// Type of an edge.
    pub fn edge_type(&self, edge: &EdgeRef) -> &Arc<str> {
        self.symbols.text(edge.edge)
    }

    /// Field that an edge comes from.
    pub fn via(&self, edge: &EdgeRef) -> &Arc<str> {
        self.symbols.text(edge.via)
    }

    /// What an object depends on, in no particular order; an edge may come more than once by a selection.
    pub fn edges_from(&self, id: NodeId) -> impl Iterator<Item = EdgeRef> {
        let node = self.node(id);
        let named = node.out.iter().filter(|out| self.is_meant(out)).map(move |out| EdgeRef {
            source: id,
            target: out.target,
            edge: out.edge,
            via: out.via,
            optional: out.optional,
            count: out.count,
        });
        let selected = node.selections.iter().flat_map(move |&selection| {
            let (edge, via) = self.selections.label(selection);
            // A selector that matches its own holder does not mean it.
            self.selections
                .targets(selection)
                .filter(move |target| *target != id)
                .map(move |target| EdgeRef { source: id, target, edge, via, optional: false, count: 1 })
        });
        named.chain(selected)
    }

    /// What depends on an object, in no particular order; an edge may come more than once by a selection.
    pub fn edges_to(&self, id: NodeId) -> impl Iterator<Item = EdgeRef> {
        let node = self.node(id);
        let mut sources = node.incoming.clone();
        sources.sort_unstable();
        sources.dedup();
        let named = sources.into_iter().flat_map(move |source| {
            self.node(source).out.iter().filter(move |out| out.target == id && self.is_meant(out)).map(
                move |out| EdgeRef {
                    source,
                    target: id,
                    edge: out.edge,
                    via: out.via,
                    optional: out.optional,
                    count: out.count,
                },
            )
        });
        let others = self.selections.of_member(node.group).filter(move |s| self.selections.owner(*s) != id);
        let selected = others.map(move |selection| {
            let (edge, via) = self.selections.label(selection);
            EdgeRef {
                source: self.selections.owner(selection),
                target: id,
                edge,
                via,
                optional: false,
                count: 1,
            }
        });
        named.chain(selected)
    }

    /// References to an object of the same name but another uid: `(type, field, key)`. The object that was meant
    /// has gone, and another has taken its name.
    pub fn outdated_references(&self, id: NodeId) -> impl Iterator<Item = (&str, &str, &ObjectKey)> {
        self.node(id).out.iter().filter(|out| !self.is_meant(out)).map(|out| {
            let (edge, via) = (self.symbols.text(out.edge), self.symbols.text(out.via));
            (edge.as_ref(), via.as_ref(), self.key(out.target))
        })
    }

    /// Whether the object that bears the target's name is the one that the reference means.
    fn is_meant(&self, out: &Out) -> bool {
        match (out.uid, self.node(out.target).uid_digest) {
            (Some(meant), Some(found)) => meant == found,
            _ => true,
        }
    }
}

impl NodeId {
    /// Its slot, below [`Graph::slots`].
    pub(in crate::graph) fn slot(self) -> usize {
        self.0 as usize
    }
}

impl EdgeRef {
    /// The places of its type and its field among all texts.
    pub(in crate::graph) fn rank(&self, ranks: &Ranks) -> (u32, u32) {
        (ranks.of(self.edge), ranks.of(self.via))
    }
}

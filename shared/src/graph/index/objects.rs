//! What the index knows of an object.

use std::sync::Arc;

use super::{Graph, NodeId};
use crate::{
    graph::Noise,
    model::{Labels, ObjectKey, Status, Time},
};

impl Graph {
    /// The node of an object that is present, or that something refers to.
    pub fn find(&self, key: &ObjectKey) -> Option<NodeId> {
        let kind = self.kind_ids.get(&(self.symbols.find(&key.group)?, self.symbols.find(&key.kind)?))?;
        self.names.get(&(*kind, self.symbols.find(&key.namespace)?))?.get(&key.name).copied()
    }

    /// Every node that is present or referred to, in no particular order.
    pub fn ids(&self) -> impl Iterator<Item = NodeId> {
        (0u32..).zip(&self.nodes).filter(|(_, node)| !node.is_idle() && !node.free).map(|(id, _)| NodeId(id))
    }

    /// The objects of a kind that were read, in one namespace or everywhere, in no particular order.
    pub fn present(
        &self,
        group: &str,
        kind: &str,
        namespace: Option<&str>,
    ) -> impl Iterator<Item = ObjectKey> {
        let kind = self.find_kind(group, kind);
        let within = namespace.map(|namespace| self.symbols.find(namespace));
        self.names
            .iter()
            .filter(move |((k, n), _)| Some(*k) == kind && within.is_none_or(|within| within == Some(*n)))
            .flat_map(|(_, names)| names.values())
            .filter(|id| self.node(**id).present)
            .map(|id| self.key(*id).clone())
    }

    /// Who a node is.
    pub fn key(&self, id: NodeId) -> &ObjectKey {
        &self.node(id).key
    }

    /// Whether the object was read.
    pub fn is_present(&self, id: NodeId) -> bool {
        self.node(id).present
    }

    /// Whether the object is known not to exist.
    pub fn is_missing(&self, id: NodeId) -> bool {
        let node = self.node(id);
        if node.present || node.imaginary {
            return false;
        }
        let covered = || {
            let kind = self.find_kind(&node.key.group, &node.key.kind);
            let namespace = self.symbols.find(&node.key.namespace);
            kind.zip(namespace).is_some_and(|(kind, namespace)| self.coverage.has(kind, namespace))
        };
        node.absent || covered()
    }

    /// Whether nothing is known of the object but that something refers to it.
    pub fn is_unknown(&self, id: NodeId) -> bool {
        !self.node(id).present && !self.node(id).imaginary && !self.is_missing(id)
    }

    /// Why an object is hidden unless asked for.
    pub fn noise(&self, id: NodeId) -> Option<Noise> {
        self.node(id).noise
    }

    /// Labels of an object.
    pub fn labels(&self, id: NodeId) -> &Labels {
        &self.node(id).labels
    }

    /// apiVersion, uid, creation, status of an object.
    pub(in crate::graph) fn details(
        &self,
        id: NodeId,
    ) -> (&Arc<str>, Option<&Arc<str>>, Option<Time>, &Status) {
        let node = self.node(id);
        (&node.api_version, node.uid.as_ref(), node.created, &node.status)
    }
}

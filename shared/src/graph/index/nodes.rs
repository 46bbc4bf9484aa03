//! The nodes of the index, and the references between them.

use std::sync::Arc;

use super::{
    Graph, KindId, NodeId, Out,
    selections::{GroupId, SelectionId},
    symbols::Symbol,
};
use crate::{
    graph::{Noise, Selection},
    model::{Labels, ObjectKey, Status, Time},
};

/// An object, or what stands in for one that something refers to.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts, not states of one machine")]
pub(super) struct Node {
    pub(super) key: ObjectKey,
    pub(super) kind: KindId,
    pub(super) namespace: Symbol,
    /// The object was read and has not gone.
    pub(super) present: bool,
    /// It was asked for by name and is not there.
    pub(super) absent: bool,
    /// It is no API object: a user, a group, an address block.
    pub(super) imaginary: bool,
    /// The slot is empty.
    pub(super) free: bool,
    pub(super) api_version: Arc<str>,
    pub(super) uid: Option<Arc<str>>,
    pub(super) uid_digest: Option<u128>,
    pub(super) created: Option<Time>,
    pub(super) status: Status,
    pub(super) noise: Option<Noise>,
    pub(super) labels: Labels,
    pub(super) group: Option<GroupId>,
    pub(super) out: Box<[Out]>,
    /// What it selects, as it said it, to see whether it says the same again.
    pub(super) said: Vec<Selection>,
    pub(super) selections: Box<[SelectionId]>,
    /// The source of each reference to this node.
    pub(super) incoming: Vec<NodeId>,
}

impl Node {
    /// Nothing was read of it and nothing refers to it.
    pub(super) fn is_idle(&self) -> bool {
        !self.present && self.incoming.is_empty()
    }
}

impl Graph {
    pub(super) fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    pub(super) fn node_mut(&mut self, id: NodeId) -> &mut Node {
        &mut self.nodes[id.0 as usize]
    }

    /// The node of this name, made if there is none yet.
    pub(super) fn node_for(&mut self, kind: KindId, namespace: Symbol, name: &str) -> NodeId {
        if let Some(id) = self.names.get(&(kind, namespace)).and_then(|names| names.get(name)) {
            return *id;
        }
        let (group, kind_name) = self.kinds[kind.0 as usize].clone();
        let name: Arc<str> = name.into();
        let node = Node {
            key: ObjectKey {
                group: group.clone(),
                kind: kind_name,
                namespace: self.symbols.text(namespace).clone(),
                name: name.clone(),
            },
            kind,
            namespace,
            present: false,
            absent: false,
            imaginary: false,
            free: false,
            api_version: group,
            uid: None,
            uid_digest: None,
            created: None,
            status: Status::default(),
            noise: None,
            labels: Labels::default(),
            group: None,
            out: Box::default(),
            said: Vec::new(),
            selections: Box::default(),
            incoming: Vec::new(),
        };
        let id = if let Some(id) = self.free.pop() {
            *self.node_mut(id) = node;
            id
        } else {
            self.nodes.push(node);
            NodeId(u32::try_from(self.nodes.len() - 1).unwrap_or(u32::MAX))
        };
        self.names.entry((kind, namespace)).or_default().insert(name, id);
        id
    }

    pub(super) fn replace_outs(&mut self, id: NodeId, outs: Box<[Out]>) {
        for out in &outs {
            self.node_mut(out.target).incoming.push(id);
        }
        let old = std::mem::replace(&mut self.node_mut(id).out, outs);
        for out in &old {
            let incoming = &mut self.node_mut(out.target).incoming;
            if let Some(at) = incoming.iter().position(|source| *source == id) {
                incoming.swap_remove(at);
            }
            self.retire_if_idle(out.target);
        }
    }

    pub(super) fn retire_if_idle(&mut self, id: NodeId) {
        if self.node(id).is_idle() {
            self.retired.push(id);
        }
    }

    pub(super) fn forget(&mut self, id: NodeId) {
        let node = self.node_mut(id);
        node.free = true;
        let (kind, namespace, name) = (node.kind, node.namespace, node.key.name.clone());
        if let Some(names) = self.names.get_mut(&(kind, namespace)) {
            names.remove(&name);
        }
        self.free.push(id);
    }
}

//! The index: takes objects in any order, now and later, and keeps every edge right as they change.
//!
//! References are resolved to nodes at once; a node that nothing was read of stands in for the object until it
//! comes. Selections are kept against *groups*: the objects of one kind in one namespace that share one set of
//! labels. A selector is matched against a group once, however many replicas it has, and a pod that comes, goes or
//! is relabelled only moves between groups.
//!
//! Invariants: a node is in a group exactly while it is present; `Sel::groups` and `Group::selected_by` mirror each
//! other; `Node::incoming` has one entry for each `Out` that points at the node; a node that is neither present nor
//! pointed at is retired, and its slot is reused only after [`Graph::settle`], so that ids stay good in between.

mod coverage;
mod edges;
mod lending;
mod nodes;
mod objects;
mod references;
mod selections;
mod symbols;

use std::{collections::HashMap, sync::Arc};

use coverage::Coverage;
use lending::Lending;
use nodes::Node;
use references::{Out, digest};
use selections::Selections;
use symbols::{Symbol, Symbols};

use super::Facts;
use crate::model::{Labels, ObjectKey, Status};

/// A node of the index. Good until the next [`Graph::settle`] after the object has gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(u32);

/// A group and kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct KindId(u32);

/// An edge of the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EdgeRef {
    /// Who holds the field.
    pub source: NodeId,
    /// Whom it names or selects.
    pub target: NodeId,
    edge: Symbol,
    via: Symbol,
    /// The source works without the target.
    pub optional: bool,
    /// How many fields say so.
    pub count: u32,
}

/// Every object that is known, and how they relate.
#[derive(Debug, Default)]
pub struct Graph {
    symbols: Symbols,
    kinds: Vec<(Arc<str>, Arc<str>)>,
    kind_ids: HashMap<(Symbol, Symbol), KindId>,
    scopes: HashMap<KindId, bool>,
    names: HashMap<(KindId, Symbol), HashMap<Arc<str>, NodeId>>,
    nodes: Vec<Node>,
    free: Vec<NodeId>,
    retired: Vec<NodeId>,
    selections: Selections,
    namespaces: HashMap<Symbol, Labels>,
    coverage: Coverage,
    lending: Lending,
    version: u64,
}

impl Graph {
    /// An empty graph that knows nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Says whether a kind's objects live in namespaces: from discovery, a CRD, or the table of built-in kinds.
    pub fn declare_scope(&mut self, group: &str, kind: &str, namespaced: bool) {
        let kind = self.kind(group, kind);
        if self.scopes.insert(kind, namespaced) == Some(namespaced) || namespaced {
            return;
        }
        // References that came before this was known took the kind to live in their own namespace.
        let none = self.symbols.intern("");
        let misplaced: Vec<(Arc<str>, NodeId)> = self
            .names
            .iter()
            .filter(|((k, namespace), _)| *k == kind && *namespace != none)
            .flat_map(|(_, names)| names.iter().map(|(name, node)| (name.clone(), *node)))
            .filter(|(_, node)| !self.node(*node).present)
            .collect();
        for (name, from) in misplaced {
            let to = self.node_for(kind, none, &name);
            let sources = std::mem::take(&mut self.node_mut(from).incoming);
            for source in &sources {
                for out in &mut self.node_mut(*source).out {
                    if out.target == from {
                        out.target = to;
                    }
                }
            }
            self.node_mut(to).incoming.extend(sources);
            self.retire_if_idle(from);
        }
        self.version += 1;
    }

    /// An object is as these facts say: new, or changed, or as it was.
    pub fn apply(&mut self, facts: Facts) {
        for facts in self.lent(facts) {
            self.apply_one(facts);
        }
    }

    fn apply_one(&mut self, facts: Facts) {
        let Facts { key, api_version, uid, created, labels, status, noise, references, selections, .. } =
            facts;
        let kind = self.kind(&key.group, &key.kind);
        let namespace = self.symbols.intern(&key.namespace);
        self.scopes.entry(kind).or_insert(!key.namespace.is_empty());
        let id = self.node_for(kind, namespace, &key.name);
        let outs: Box<[Out]> = references.iter().map(|reference| self.resolve(reference)).collect();
        let node = self.node_mut(id);
        let relabelled = !node.present || node.labels != labels;
        let same = !relabelled
            && node.api_version == api_version
            && node.uid.as_deref().unwrap_or_default() == uid
            && node.status == status
            && node.noise == noise
            && node.out == outs
            && node.said == selections;
        if same {
            return;
        }
        node.present = true;
        node.absent = false;
        node.api_version = api_version;
        node.uid = (!uid.is_empty()).then(|| uid.as_str().into());
        node.uid_digest = (!uid.is_empty()).then(|| digest(&uid));
        node.created = created;
        node.status = status;
        node.noise = noise;
        let reselected = node.said != selections;
        self.replace_outs(id, outs);
        if relabelled {
            self.regroup(id, kind, namespace, labels);
        }
        if reselected {
            self.reselect(id, selections);
        }
        self.version += 1;
    }

    /// An object has gone. What still refers to it now misses it.
    pub fn delete(&mut self, key: &ObjectKey) {
        let Some(id) = self.find(key) else { return };
        if !self.node(id).present {
            return;
        }
        self.replace_outs(id, Box::default());
        self.reselect(id, Vec::new());
        self.ungroup(id);
        let node = self.node_mut(id);
        let api_version = node.key.group.clone();
        node.api_version = api_version;
        node.present = false;
        node.uid = None;
        node.uid_digest = None;
        node.created = None;
        node.status = Status::default();
        node.noise = None;
        self.retire_if_idle(id);
        self.version += 1;
        for facts in self.no_longer_lent(key) {
            self.apply_one(facts);
        }
    }

    /// Changes with everything that may change an answer. Equal versions: equal answers.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Frees the slots of objects that have gone. Ids of nodes that were seen before are no longer good.
    pub fn settle(&mut self) {
        for id in std::mem::take(&mut self.retired) {
            // It may have come back in between.
            if self.node(id).is_idle() && !self.node(id).free {
                self.forget(id);
            }
        }
    }

    fn kind(&mut self, group: &str, kind: &str) -> KindId {
        let symbols = (self.symbols.intern(group), self.symbols.intern(kind));
        if let Some(id) = self.kind_ids.get(&symbols) {
            return *id;
        }
        let id = KindId(u32::try_from(self.kinds.len()).unwrap_or(u32::MAX));
        self.kinds.push((self.symbols.text(symbols.0).clone(), self.symbols.text(symbols.1).clone()));
        self.kind_ids.insert(symbols, id);
        id
    }

    fn find_kind(&self, group: &str, kind: &str) -> Option<KindId> {
        self.kind_ids.get(&(self.symbols.find(group)?, self.symbols.find(kind)?)).copied()
    }
}

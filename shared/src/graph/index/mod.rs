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
mod nodes;
mod selections;
mod symbols;

use std::{collections::HashMap, sync::Arc};

use coverage::Coverage;
use nodes::Node;
use selections::Selections;
use symbols::{Symbol, Symbols};

use super::{Facts, Noise, Reference, Where};
use crate::model::{Labels, ObjectKey, Status, Time};

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
    version: u64,
}

/// A reference resolved to a node.
#[derive(Debug, Clone, PartialEq)]
struct Out {
    target: NodeId,
    edge: Symbol,
    via: Symbol,
    /// Digest of the uid that the target must have.
    uid: Option<u128>,
    optional: bool,
    count: u32,
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

    /// A kind was listed in a namespace, or everywhere: what it does not have is missing there.
    pub fn cover(&mut self, group: &str, kind: &str, namespace: Option<&str>) {
        let kind = self.kind(group, kind);
        let namespace = namespace.map(|namespace| self.symbols.intern(namespace));
        self.coverage.add(kind, namespace);
        self.version += 1;
    }

    /// A kind that was listed can no longer be read.
    pub fn uncover(&mut self, group: &str, kind: &str, namespace: Option<&str>) {
        let kind = self.kind(group, kind);
        let namespace = namespace.map(|namespace| self.symbols.intern(namespace));
        self.coverage.remove(kind, namespace);
        self.version += 1;
    }

    /// All there is was read: files say everything.
    pub fn cover_everything(&mut self) {
        self.coverage.add_everything();
        self.version += 1;
    }

    /// An object was asked for by name and is not there.
    pub fn mark_absent(&mut self, key: &ObjectKey) {
        if let Some(node) = self.find(key) {
            self.node_mut(node).absent = true;
            self.version += 1;
        }
    }

    /// An object that nothing was read of is taken to exist: every cluster has it.
    pub fn assume(&mut self, key: &ObjectKey) {
        if let Some(node) = self.find(key) {
            self.node_mut(node).imaginary = true;
            self.version += 1;
        }
    }

    /// What was listed, as group, kind and namespace (`None`: everywhere). Sorted.
    pub fn covered(&self) -> impl Iterator<Item = (&str, &str, Option<&str>)> {
        let mut covered: Vec<_> = self
            .coverage
            .iter()
            .map(|(kind, namespace)| {
                let (group, kind) = &self.kinds[kind.0 as usize];
                (
                    group.as_ref(),
                    kind.as_ref(),
                    namespace.map(|namespace| self.symbols.text(namespace).as_ref()),
                )
            })
            .collect();
        covered.sort_unstable();
        covered.into_iter()
    }

    /// An object is as these facts say: new, or changed, or as it was.
    pub fn apply(&mut self, facts: Facts) {
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

    /// Whether the kind of this object was listed where the object lives.
    pub fn is_covered(&self, group: &str, kind: &str, namespace: &str) -> bool {
        let namespace = self.symbols.find(namespace);
        match (self.find_kind(group, kind), namespace) {
            (Some(kind), Some(namespace)) => self.coverage.has(kind, namespace),
            _ => false,
        }
    }

    /// As [`Graph::is_covered`]; an empty namespace stands for every namespace. A kind that the cluster does not
    /// serve hides nothing.
    pub(super) fn is_covered_throughout(&self, group: &str, kind: &str, namespace: &str) -> bool {
        let Some(kind) = self.find_kind(group, kind) else { return self.coverage.has_everything() };
        if namespace.is_empty() {
            return self.coverage.has_all(kind);
        }
        self.symbols.find(namespace).is_some_and(|namespace| self.coverage.has(kind, namespace))
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
    pub(super) fn details(&self, id: NodeId) -> (&Arc<str>, Option<&Arc<str>>, Option<Time>, &Status) {
        let node = self.node(id);
        (&node.api_version, node.uid.as_ref(), node.created, &node.status)
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

    fn resolve(&mut self, reference: &Reference) -> Out {
        let kind = self.kind(&reference.group, &reference.kind);
        let namespace = match &reference.at {
            Where::Cluster => "",
            Where::Namespace(namespace) => namespace,
            Where::NamespaceIfAny(namespace) => match self.scopes.get(&kind) {
                Some(false) => "",
                _ => namespace,
            },
        };
        let namespace = self.symbols.intern(namespace);
        let target = self.node_for(kind, namespace, &reference.name);
        if reference.imaginary {
            self.node_mut(target).imaginary = true;
        }
        Out {
            target,
            edge: self.symbols.intern(&reference.edge),
            via: self.symbols.intern(&reference.via),
            uid: reference.uid.as_deref().map(digest),
            optional: reference.optional,
            count: reference.count,
        }
    }
}

/// 128 bits that tell uids apart: the uid itself where it is a UUID, as the API server makes them.
fn digest(uid: &str) -> u128 {
    let mut value = 0u128;
    let mut digits = 0;
    for byte in uid.bytes().filter(|byte| *byte != b'-') {
        match (byte as char).to_digit(16) {
            Some(digit) => value = value << 4 | u128::from(digit),
            None => return fnv(uid),
        }
        digits += 1;
    }
    if digits == 32 { value } else { fnv(uid) }
}

/// FNV-1a of 128 bits: the same in every run, unlike the standard library's hashes.
fn fnv(text: &str) -> u128 {
    text.bytes().fold(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d, |hash, byte| {
        (hash ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
    })
}

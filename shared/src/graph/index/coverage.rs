use std::collections::HashSet;

use super::{Graph, KindId, symbols::Symbol};
use crate::model::ObjectKey;

/// What was listed. A reference to an object that is not there is **missing** where its kind was listed and
/// **unknown** where it was not: forbidden, failed, or not asked for.
#[derive(Debug, Default)]
pub(super) struct Coverage {
    everything: bool,
    kinds: HashSet<KindId>,
    namespaces: HashSet<(KindId, Symbol)>,
}

impl Coverage {
    pub(super) fn add_everything(&mut self) {
        self.everything = true;
    }

    /// A kind was listed, in one namespace or everywhere.
    pub(super) fn add(&mut self, kind: KindId, namespace: Option<Symbol>) {
        match namespace {
            None => self.kinds.insert(kind),
            Some(namespace) => self.namespaces.insert((kind, namespace)),
        };
    }

    /// A kind is no longer known: its watch failed.
    pub(super) fn remove(&mut self, kind: KindId, namespace: Option<Symbol>) {
        match namespace {
            None => self.kinds.remove(&kind),
            Some(namespace) => self.namespaces.remove(&(kind, namespace)),
        };
    }

    /// What was listed, in no particular order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (KindId, Option<Symbol>)> {
        let everywhere = self.kinds.iter().map(|kind| (*kind, None));
        everywhere.chain(self.namespaces.iter().map(|(kind, namespace)| (*kind, Some(*namespace))))
    }

    /// Whether all there is was read.
    pub(super) fn has_everything(&self) -> bool {
        self.everything
    }

    /// Whether a kind was listed everywhere.
    pub(super) fn has_all(&self, kind: KindId) -> bool {
        self.everything || self.kinds.contains(&kind)
    }

    pub(super) fn has(&self, kind: KindId, namespace: Symbol) -> bool {
        self.everything || self.kinds.contains(&kind) || self.namespaces.contains(&(kind, namespace))
    }
}

impl Graph {
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
    pub(in crate::graph) fn is_covered_throughout(&self, group: &str, kind: &str, namespace: &str) -> bool {
        let Some(kind) = self.find_kind(group, kind) else { return self.coverage.has_everything() };
        if namespace.is_empty() {
            return self.coverage.has_all(kind);
        }
        self.symbols.find(namespace).is_some_and(|namespace| self.coverage.has(kind, namespace))
    }
}

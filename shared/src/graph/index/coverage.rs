use std::collections::HashSet;

use super::{KindId, symbols::Symbol};

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

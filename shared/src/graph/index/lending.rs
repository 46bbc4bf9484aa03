//! Kinds that one object says of what another names: an admission policy's, of its bindings' parameters.

use std::collections::BTreeMap;

use super::Graph;
use crate::{
    graph::{Borrowed, Facts, Reference, Selection, Where, Which, Within},
    model::ObjectKey,
};

/// Who says a kind, and who waits for one. Both are few.
#[derive(Debug, Default)]
pub(super) struct Lending {
    kinds: BTreeMap<ObjectKey, (String, String)>,
    borrowers: BTreeMap<ObjectKey, Facts>,
}

impl Graph {
    /// What an object says, borrowed kinds filled in, and what others now say because this one lends another kind.
    pub(super) fn lent(&mut self, facts: Facts) -> Vec<Facts> {
        let key = &facts.key;
        if facts.borrows.is_some() {
            self.lending.borrowers.insert(key.clone(), facts.clone());
        } else {
            self.lending.borrowers.remove(key);
        }
        let changed = self.lending.kinds.get(key) != facts.lends.as_ref();
        match &facts.lends {
            Some(kind) => drop(self.lending.kinds.insert(key.clone(), kind.clone())),
            None => drop(self.lending.kinds.remove(key)),
        }
        let mut all = if changed { self.borrowers_of(key) } else { Vec::new() };
        all.push(self.filled_in(facts));
        all
    }

    /// What others now say because this object has gone.
    pub(super) fn no_longer_lent(&mut self, key: &ObjectKey) -> Vec<Facts> {
        self.lending.borrowers.remove(key);
        if self.lending.kinds.remove(key).is_some() { self.borrowers_of(key) } else { Vec::new() }
    }

    fn borrowers_of(&self, lender: &ObjectKey) -> Vec<Facts> {
        let waiting = self.lending.borrowers.values();
        let waiting =
            waiting.filter(|facts| facts.borrows.as_ref().is_some_and(|borrowed| borrowed.from == *lender));
        waiting.map(|facts| self.filled_in(facts.clone())).collect()
    }

    fn filled_in(&self, mut facts: Facts) -> Facts {
        let Some(borrowed) = &facts.borrows else { return facts };
        let Some((group, kind)) = self.lending.kinds.get(&borrowed.from).cloned() else { return facts };
        let Borrowed { edge, namespace, which, optional, .. } = borrowed.clone();
        let namespaced =
            self.find_kind(&group, &kind).and_then(|kind| self.scopes.get(&kind)) != Some(&false);
        // In each object's own namespace: no object in particular.
        if namespaced && namespace.is_empty() {
            return facts;
        }
        let (group, kind) = (group.into(), kind.into());
        match which {
            Which::Named(name, via) => facts.references.push(Reference {
                edge: edge.into(),
                group,
                kind,
                at: if namespaced { Where::Namespace(namespace) } else { Where::Cluster },
                name,
                via: via.into(),
                uid: None,
                optional,
                imaginary: false,
                count: 1,
            }),
            Which::Selected(selector, via) => {
                let within = if namespaced { Within::Namespace(namespace) } else { Within::Cluster };
                facts.selections.push(Selection {
                    edge: edge.into(),
                    group,
                    kind,
                    within,
                    selector,
                    via: via.into(),
                });
            }
        }
        facts.settle();
        facts
    }
}

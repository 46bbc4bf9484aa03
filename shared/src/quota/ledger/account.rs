//! The quota of a project as the ledger charges it.

use std::{collections::BTreeSet, sync::Arc};

use super::{ALLOCATED, Observed, ScopeId, Slot, scopes::is_counted};
use crate::quota::{
    Amounts, QuotaSpec,
    project::Model,
    usage::{Charged, Devices},
};

/// The quota of a project.
#[derive(Debug, Clone, PartialEq)]
pub struct Account {
    /// What messages call it: `ProjectQuota/NAME`.
    pub name: String,
    /// What it is charged for.
    pub model: Model,
    /// Which objects count, and the keys that are limited.
    pub spec: QuotaSpec,
    /// The number of its scopes.
    pub scope: ScopeId,
    /// Its namespaces.
    pub namespaces: BTreeSet<Arc<str>>,
}

impl Account {
    /// Whether an object is one that it counts.
    pub fn counts(&self, object: &Charged, devices: &Devices) -> bool {
        match self.model {
            Model::Usage => is_counted(&self.spec.hard, object, devices) && self.spec.covers(object),
            // What is handed out is said by ResourceQuotas, and those are asked for otherwise.
            Model::Allocation => false,
        }
    }

    /// Of amounts, those that it limits.
    pub fn limited(&self, amounts: &Amounts) -> Amounts {
        amounts.only(|key| self.spec.hard.get(key).is_some())
    }

    /// What is observed of it.
    pub fn used(&self, observed: &Observed) -> Amounts {
        let mut used: Amounts =
            self.spec.hard.iter().map(|(key, _)| (key.clone(), crate::quantity::Quantity::ZERO)).collect();
        for namespace in &self.namespaces {
            used.add_all(&self.used_in(observed, namespace));
        }
        used
    }

    /// What is observed of it in one namespace.
    pub fn used_in(&self, observed: &Observed, namespace: &str) -> Amounts {
        match self.model {
            Model::Usage => self.limited(observed.sum(namespace, self.scope)),
            Model::Allocation => self.allocated(observed, namespace, &[]),
        }
    }

    /// What is observed at a place, as far as it is charged.
    pub(super) fn observed_at(&self, observed: &Observed, slot: &Slot) -> Amounts {
        let record = observed.record(slot).filter(|record| self.scope.is_in(record.scopes));
        record.map_or_else(Amounts::new, |record| self.limited(&record.usage))
    }

    /// What the ResourceQuotas of a namespace allow: of several the smallest, as all of them hold. A reserved one
    /// lowers nothing as long as it may not be stored, and counts where there is no other.
    pub(super) fn allocated(
        &self,
        observed: &Observed,
        namespace: &str,
        reserved: &[(&Slot, &Amounts)],
    ) -> Amounts {
        let (mut stored, mut coming) = (Amounts::new(), Amounts::new());
        for (slot, record) in observed.within(ALLOCATED, namespace) {
            let mut most = self.limited(&record.usage);
            for (_, amounts) in reserved.iter().filter(|(other, _)| *other == slot) {
                // Keys that only the reservation has are those of a quota that is not stored like that yet.
                let known = self.limited(amounts).only(|key| most.get(key).is_some());
                most.raise_to(&known);
                coming.raise_to(&self.limited(amounts));
            }
            for (key, amount) in &most {
                match stored.get(key) {
                    Some(least) if least <= *amount => {}
                    _ => stored.set(key.as_str(), *amount),
                }
            }
        }
        let elsewhere = |slot: &Slot| slot.namespace.as_ref() == namespace && observed.record(slot).is_none();
        for (_, amounts) in reserved.iter().filter(|(slot, _)| elsewhere(slot)) {
            coming.raise_to(&self.limited(amounts));
        }
        for (key, amount) in &coming {
            if stored.get(key).is_none() {
                stored.set(key.as_str(), *amount);
            }
        }
        stored
    }
}

//! What is stored of a project in the API server: what was admitted and may not be visible to everybody yet.

use std::{collections::BTreeMap, sync::Arc};

use super::{Account, NAMESPACES, Observed, Slot};
use crate::{
    model::Time,
    quantity::Quantity,
    quota::{Amounts, project::Model},
};

/// How many reservations a book may have: it must fit into one object of the API server.
pub const MOST: usize = 2000;

/// Which version of a project's quota is in force.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct QuotaVersion {
    /// The uid of the ProjectQuota.
    pub uid: String,
    /// Its generation.
    pub generation: i64,
}

/// An object that was admitted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reservation {
    /// Its uid; empty where the API server gave none.
    pub uid: Arc<str>,
    /// All that the object at its place may come to be charged.
    pub usage: Amounts,
    /// The version that is changed; zero for an object that is made. The API server stores a change only in place of the
    /// version that was reviewed: once a later one is seen, it has come true or can't any more.
    pub after: u64,
    /// Whether another object was admitted for the same place and not seen. It may still be stored, so this stays until
    /// neither can be.
    pub contested: bool,
    /// When no request can store it any more.
    pub expires: Time,
}

/// What is stored of a project.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Book {
    /// The quota that is in force.
    pub quota: QuotaVersion,
    /// What it allows.
    pub hard: Amounts,
    /// By type, the version that whoever decides must have seen.
    pub floors: BTreeMap<Arc<str>, u64>,
    /// What was admitted, by its place.
    pub reservations: BTreeMap<Slot, Reservation>,
}

impl Book {
    /// Takes a quota's version for the one in force, if it is not older than what was. Who knows an older one does not
    /// decide.
    pub fn agree(&mut self, quota: &QuotaVersion, hard: &Amounts) -> bool {
        let same = self.quota.uid == quota.uid;
        if same && self.quota.generation > quota.generation {
            return false;
        }
        if !same || self.quota.generation < quota.generation {
            self.quota = quota.clone();
            self.hard = hard.clone();
        }
        true
    }

    /// The first type whose watch has not come far enough to decide by this book.
    pub fn behind(&self, observed: &Observed) -> Option<&str> {
        let behind = |(resource, floor): (&Arc<str>, &u64)| {
            observed.version(resource).is_none_or(|seen| seen < *floor)
        };
        self.floors.iter().find(|floor| behind(*floor)).map(|(resource, _)| resource.as_ref())
    }

    /// What is charged: what is observed, and what is reserved beyond that.
    pub fn charged(&self, account: &Account, observed: &Observed) -> Amounts {
        let mut charged = account.used(observed);
        charged.add_all(&self.reserved(account, observed));
        charged
    }

    /// What is reserved beyond what is observed.
    pub fn reserved(&self, account: &Account, observed: &Observed) -> Amounts {
        let mut reserved = Amounts::new();
        for (_, amounts) in self.reserved_by_namespace(account, observed) {
            reserved.add_all(&amounts);
        }
        reserved
    }

    /// The same, by namespace.
    pub fn reserved_by_namespace(
        &self,
        account: &Account,
        observed: &Observed,
    ) -> BTreeMap<Arc<str>, Amounts> {
        let mut reserved: BTreeMap<Arc<str>, Amounts> = BTreeMap::new();
        let mut allocated: BTreeMap<&Arc<str>, Vec<(&Slot, &Amounts)>> = BTreeMap::new();
        for (slot, reservation) in &self.reservations {
            if slot.resource.as_ref() == NAMESPACES {
                // Once it is a member, its objects are observed as the project's.
                if !account.namespaces.contains(&slot.name) {
                    reserved
                        .entry(slot.name.clone())
                        .or_default()
                        .add_all(&account.limited(&reservation.usage));
                }
            } else if account.namespaces.contains(&slot.namespace) {
                match account.model {
                    Model::Usage => {
                        let beyond = account.limited(&reservation.usage);
                        let beyond = positive(&beyond.less(&account.observed_at(observed, slot)));
                        reserved.entry(slot.namespace.clone()).or_default().add_all(&beyond);
                    }
                    Model::Allocation => {
                        allocated.entry(&slot.namespace).or_default().push((slot, &reservation.usage));
                    }
                }
            }
        }
        for (namespace, coming) in allocated {
            let most = account.allocated(observed, namespace, &coming);
            let beyond = positive(&most.less(&account.allocated(observed, namespace, &[])));
            reserved.entry(namespace.clone()).or_default().add_all(&beyond);
        }
        reserved.retain(|_, amounts| !amounts.is_empty());
        reserved
    }

    /// Drops what was seen, and says from which version on everybody sees it; drops what was seen to be gone. Tells how
    /// many were dropped.
    pub fn confirm(&mut self, observed: &Observed) -> usize {
        let before = self.reservations.len();
        let floors = &mut self.floors;
        self.reservations.retain(|slot, reservation| match settled(slot, reservation, observed) {
            Settled::Open => true,
            Settled::Gone => false,
            Settled::Seen(version) => {
                let floor = floors.entry(slot.resource.clone()).or_default();
                *floor = (*floor).max(version);
                false
            }
        });
        before - self.reservations.len()
    }

    /// How many reservations [`Self::confirm`] would drop.
    pub fn settled(&self, observed: &Observed) -> usize {
        let settled = |(slot, reservation): &(&Slot, &Reservation)| {
            settled(slot, reservation, observed) != Settled::Open
        };
        self.reservations.iter().filter(settled).count()
    }

    /// Places whose reservations no request can make true any more. The store must be asked before they go: it may have
    /// the object, and the watch may be late.
    pub fn overdue(&self, now: Time) -> impl Iterator<Item = (&Slot, &Reservation)> {
        self.reservations.iter().filter(move |(_, reservation)| reservation.expires < now)
    }

    /// Drops an overdue reservation, once the store was asked after that time: `stored` is the version of the object at
    /// the place, none when there is none.
    pub fn expire(&mut self, slot: &Slot, stored: Option<u64>, now: Time) -> bool {
        if self.reservations.get(slot).is_none_or(|reservation| reservation.expires >= now) {
            return false;
        }
        self.reservations.remove(slot);
        if let Some(version) = stored {
            let floor = self.floors.entry(slot.resource.clone()).or_default();
            *floor = (*floor).max(version);
        }
        true
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Settled {
    /// It may still happen.
    Open,
    /// The object has gone: nothing is charged for it, whoever has seen that and whoever has not.
    Gone,
    /// It was seen in this version.
    Seen(u64),
}

/// Whether what was reserved has come true, or can't any more.
pub(super) fn settled(slot: &Slot, reservation: &Reservation, observed: &Observed) -> Settled {
    if reservation.contested || reservation.uid.is_empty() {
        return Settled::Open;
    }
    if observed.has_gone(&reservation.uid) {
        return Settled::Gone;
    }
    let record = observed.record(slot).filter(|record| *record.uid == *reservation.uid);
    match record.filter(|record| record.version > reservation.after) {
        Some(record) => Settled::Seen(record.version),
        None => Settled::Open,
    }
}

/// Those that are more than nothing.
pub(super) fn positive(amounts: &Amounts) -> Amounts {
    amounts
        .iter()
        .filter(|(_, amount)| **amount > Quantity::ZERO)
        .map(|(key, amount)| (key.clone(), *amount))
        .collect()
}

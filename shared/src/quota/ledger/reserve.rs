//! The decision: whether there is room, and what is written if there is.

use std::sync::Arc;

use super::{
    ALLOCATED, Account, Book, MOST, NAMESPACES, Observed, Reservation, Slot,
    book::{Settled, positive, settled},
};
use crate::{
    model::{ObjectMeta, Time},
    quantity::Quantity,
    quota::{
        Amounts,
        project::Model,
        usage::{Charged, Denied, Devices, charge, check_constraints, usage_with},
    },
};

/// What is asked for, of one project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// Where.
    pub slot: Slot,
    /// The object's uid; empty where the API server gave none.
    pub uid: Arc<str>,
    /// All that the object will be charged, by the keys that the quota limits.
    pub usage: Amounts,
    /// What is asked for in addition to what the object has: only these keys are compared.
    pub more: Amounts,
    /// The version that is changed; zero for an object that is made.
    pub after: u64,
}

/// Why nothing is reserved.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The quota says no, in the API server's words.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Too many requests have not come to an end yet.
    #[error("status unknown for quota: {quota}, {MOST} admitted objects are not stored yet; try again")]
    Full {
        /// The quota.
        quota: String,
    },
}

impl Ask {
    /// What an object asks of a quota that is charged by usage: none when the quota does not count it, or it takes no
    /// more than before. An old object without a version is none.
    pub fn of(
        account: &Account,
        (slot, uid): (Slot, &str),
        (old, new): (Option<&Charged>, &Charged),
        devices: &Devices,
        now: Time,
    ) -> Result<Option<Self>, Denied> {
        if !account.counts(new, devices) {
            return Ok(None);
        }
        let old =
            old.filter(|old| old.metadata().is_some_and(|metadata| !metadata.resource_version.is_empty()));
        check_constraints(&account.name, &account.spec.hard, new)?;
        let usage = usage_with(new, devices, now);
        let negative: Vec<String> =
            usage.iter().filter(|(_, amount)| amount.is_negative()).map(|(key, _)| key.clone()).collect();
        if !negative.is_empty() {
            return Err(Denied::Negative { keys: negative });
        }
        let more = charge(&account.spec, old, new, devices, now);
        if more.is_empty() {
            return Ok(None);
        }
        let usage = positive(&account.limited(&usage));
        let after = old.and_then(Charged::metadata).map_or(0, version);
        Ok(Some(Self { slot, uid: uid.into(), usage, more, after }))
    }

    /// What a ResourceQuota asks of a quota that is charged by allocation: what it allows.
    pub fn of_allocation(
        account: &Account,
        (namespace, name, uid): (&str, &str, &str),
        hard: &Amounts,
        old: Option<&ObjectMeta>,
    ) -> Self {
        let usage = positive(&account.limited(hard));
        let after = old.map_or(0, version);
        Self {
            slot: Slot::new(ALLOCATED, namespace, name),
            uid: uid.into(),
            more: usage.clone(),
            usage,
            after,
        }
    }

    /// What a namespace asks of a project that it moves to: what its objects are charged there.
    pub fn of_namespace(
        account: &Account,
        observed: &Observed,
        (name, uid): (&str, &str),
        old: Option<&ObjectMeta>,
    ) -> Self {
        let usage = positive(&account.used_in(observed, name));
        let after = old.map_or(0, version);
        Self { slot: Slot::new(NAMESPACES, "", name), uid: uid.into(), more: usage.clone(), usage, after }
    }
}

/// The version that an object has; as high as can be when it is no number, so that nothing is taken for later.
fn version(metadata: &ObjectMeta) -> u64 {
    metadata.resource_version.parse().unwrap_or(u64::MAX)
}

impl Book {
    /// What is charged in addition once this is admitted, when there is room for it beside what is `charged` already;
    /// else why it is not admitted. The book stays as it is.
    pub fn check(
        &self,
        account: &Account,
        observed: &Observed,
        charged: &Amounts,
        ask: &Ask,
    ) -> Result<Amounts, Refusal> {
        let known = self.reservations.get(&ask.slot);
        if known.is_none() && self.reservations.len() >= MOST {
            return Err(Refusal::Full { quota: account.name.clone() });
        }
        let added = self.added(account, observed, ask);
        // The API server asks again when an answer was lost: what is reserved for this very object is no news.
        let again =
            ask.after == 0 && known.is_some_and(|known| !known.uid.is_empty() && known.uid == ask.uid);
        let exceeds = |key: &str| {
            let hard = self.hard.get(key).filter(|_| !again || added.get(key).is_some());
            hard.is_some_and(|hard| charged.of(key) + added.of(key) > hard)
        };
        let requested = ask.more.only(exceeds);
        if requested.is_empty() {
            return Ok(added);
        }
        // Part of it may be counted as reserved already.
        let of = |key: &String, more: Quantity| charged.of(key) + added.of(key) - more;
        let used = requested.iter().map(|(key, more)| (key.clone(), of(key, *more))).collect();
        let limited = self.hard.only(|key| requested.get(key).is_some());
        Err(Denied::Exceeded { quota: account.name.clone(), requested, used, limited }.into())
    }

    /// Writes down what was checked.
    pub fn reserve(&mut self, observed: &Observed, ask: &Ask, expires: Time) {
        let mut reservation = Reservation {
            uid: ask.uid.clone(),
            usage: ask.usage.clone(),
            after: ask.after,
            contested: false,
            expires,
        };
        if let Some(before) = self.reservations.get(&ask.slot) {
            let open = settled(&ask.slot, before, observed) == Settled::Open;
            // Of what is still open either may come true, and of a place only one at a time.
            if open {
                reservation.usage.raise_to(&before.usage);
                reservation.expires = reservation.expires.max(before.expires);
                if before.uid == ask.uid {
                    reservation.after = reservation.after.max(before.after);
                }
            }
            reservation.contested = before.contested || (open && before.uid != ask.uid);
        }
        self.reservations.insert(ask.slot.clone(), reservation);
    }

    /// Takes back what was written for an object that is not admitted after all: another quota refused it.
    pub fn take_back(&mut self, slot: &Slot, uid: &str) -> bool {
        let mine = |reservation: &Reservation| {
            *reservation.uid == *uid && !reservation.contested && reservation.after == 0
        };
        self.reservations.get(slot).is_some_and(mine) && self.reservations.remove(slot).is_some()
    }

    /// How much more is charged with this than without.
    fn added(&self, account: &Account, observed: &Observed, ask: &Ask) -> Amounts {
        let known = self.reservations.get(&ask.slot).map(|reservation| &reservation.usage);
        let mut bound = known.map_or_else(Amounts::new, |usage| account.limited(usage));
        if account.model == Model::Allocation && ask.slot.resource.as_ref() == ALLOCATED {
            let of_namespace = |(slot, _): &(&Slot, &Reservation)| slot.namespace == ask.slot.namespace;
            let coming: Vec<(&Slot, &Amounts)> = self
                .reservations
                .iter()
                .filter(of_namespace)
                .map(|(slot, reservation)| (slot, &reservation.usage))
                .collect();
            let before = account.allocated(observed, &ask.slot.namespace, &coming);
            let with: Vec<_> = coming.iter().copied().chain([(&ask.slot, &ask.usage)]).collect();
            let after = account.allocated(observed, &ask.slot.namespace, &with);
            return positive(&after.less(&before));
        }
        bound.raise_to(&account.observed_at(observed, &ask.slot));
        let added = ask.usage.iter().map(|(key, amount)| (key.clone(), *amount - bound.of(key)));
        added.filter(|(_, amount)| *amount > Quantity::ZERO).collect()
    }
}

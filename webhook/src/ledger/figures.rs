//! What has happened, to be measured.

use std::sync::atomic::{AtomicU64, Ordering};

use super::view::State;

/// Counters since the start of this replica.
#[derive(Debug, Default)]
pub struct Figures {
    reserved: AtomicU64,
    denied: AtomicU64,
    unknown: AtomicU64,
    writes: AtomicU64,
    conflicts: AtomicU64,
    failures: AtomicU64,
    confirmed: AtomicU64,
    expired: AtomicU64,
    drifted: AtomicU64,
    relists: AtomicU64,
}

/// Counters, and how things stand.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Snapshot {
    /// Reservations that were written, one for each object and quota.
    pub reserved: u64,
    /// Requests without room.
    pub denied: u64,
    /// Requests of which it could not be said.
    pub unknown: u64,
    /// Ledgers that were stored.
    pub writes: u64,
    /// Writes that another replica was faster than.
    pub conflicts: u64,
    /// Writes and reads that failed.
    pub failures: u64,
    /// Reservations that came true, or can't any more by what was seen.
    pub confirmed: u64,
    /// Reservations whose time was up.
    pub expired: u64,
    /// Namespaces whose sums were found wrong.
    pub drifted: u64,
    /// Lists after the first.
    pub relists: u64,
    /// Objects that are known.
    pub objects: u64,
    /// Reservations in all ledgers.
    pub open: u64,
    /// Quotas.
    pub quotas: u64,
}

macro_rules! count {
    ($($name:ident: $what:literal,)*) => {$(
        #[doc = $what]
        pub(super) fn $name(&self, count: usize) {
            self.$name.fetch_add(count as u64, Ordering::Relaxed);
        }
    )*};
}

impl Figures {
    count! {
        reserved: "Reservations were written.",
        denied: "Requests had no room.",
        unknown: "Requests could not be decided.",
        writes: "Ledgers were stored.",
        conflicts: "Another replica was faster.",
        failures: "The API server did not do what was asked.",
        confirmed: "Reservations were seen to be settled.",
        expired: "Reservations were too old.",
        drifted: "Sums were wrong.",
        relists: "Something was listed again.",
    }

    pub(super) fn snapshot(&self, state: &State) -> Snapshot {
        let of = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Snapshot {
            reserved: of(&self.reserved),
            denied: of(&self.denied),
            unknown: of(&self.unknown),
            writes: of(&self.writes),
            conflicts: of(&self.conflicts),
            failures: of(&self.failures),
            confirmed: of(&self.confirmed),
            expired: of(&self.expired),
            drifted: of(&self.drifted),
            relists: of(&self.relists),
            objects: state.observed.len() as u64,
            open: state.open() as u64,
            quotas: state.tracked.len() as u64,
        }
    }
}

//! What a quota's `status.used` should be.

use super::{Charged, Devices, is_countable, usage_with};
use crate::{
    model::Time,
    quantity::Quantity,
    quota::{Amounts, QuotaSpec},
};

/// What a quota's `status.used` should be, of all objects of its namespace, key by key. Keys that no server counts
/// (`example.com/gpu`, without `requests.`) are absent, as they are there; `count/` of a type that the server may not
/// have is zero, where the server says nothing.
pub fn recount<'a>(
    spec: &QuotaSpec,
    objects: impl IntoIterator<Item = &'a Charged>,
    devices: &Devices,
    now: Time,
) -> Amounts {
    let mut recount = Recount::new(spec, devices);
    for object in objects {
        if recount.counts(object) {
            recount.add(&usage_with(object, devices, now));
        }
    }
    recount.used()
}

/// A recount under way: for one pass over objects that are charged to several quotas.
#[derive(Debug, Clone)]
pub struct Recount<'a> {
    spec: &'a QuotaSpec,
    devices: &'a Devices,
    used: Amounts,
}

impl<'a> Recount<'a> {
    /// Nothing is counted yet.
    pub fn new(spec: &'a QuotaSpec, devices: &'a Devices) -> Self {
        let tracked = |key: &str| is_countable(key);
        let zero = |(key, _): (&String, &Quantity)| (key.clone(), Quantity::ZERO);
        let used = spec.hard.iter().filter(|(key, _)| tracked(key)).map(zero).collect();
        Self { spec, devices, used }
    }

    /// Whether an object is one that the quota counts.
    pub fn counts(&self, object: &Charged) -> bool {
        self.spec.matches_with(object, self.devices)
    }

    /// Adds what an object is charged that the quota [counts](Self::counts).
    pub fn add(&mut self, usage: &Amounts) {
        for (key, sum) in &mut self.used.0 {
            if let Some(amount) = usage.get(key) {
                *sum += amount;
            }
        }
    }

    /// What was counted, written as the server writes it.
    pub fn used(self) -> Amounts {
        self.used.iter().map(|(key, amount)| (key.clone(), stored(*amount))).collect()
    }
}

/// An amount once the server has stored it: what can't be written with a suffix of powers of 1024 was written without one,
/// and is read back as a decimal number.
fn stored(amount: Quantity) -> Quantity {
    Quantity::parse(&amount.to_string()).unwrap_or(amount)
}

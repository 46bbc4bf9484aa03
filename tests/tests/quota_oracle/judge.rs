//! Compares what we count with what the controller has counted.

use std::collections::BTreeMap;

use passmuster::{
    quantity::{Format, Quantity},
    quota::{
        Amounts, ResourceQuota,
        usage::{Recount, usage_with},
    },
};

use crate::{
    quotas::UNSERVED,
    read::{World, now},
};

/// What was compared.
#[derive(Default)]
pub(crate) struct Tally {
    /// One object, of a kind that the quota has keys for, under one quota.
    pub(crate) cases: usize,
    /// Those in the quota's scopes.
    pub(crate) counted: usize,
    /// How often each key came to more than nothing.
    pub(crate) keys: BTreeMap<String, usize>,
    /// Amounts whose text can only be one, and is.
    pub(crate) texts: usize,
}

/// One quota whose counts differ.
#[derive(Debug, Clone)]
pub(crate) struct Difference {
    pub(crate) quota: String,
    pub(crate) told: String,
}

impl Tally {
    /// Adds another.
    pub(crate) fn add(&mut self, other: Self) {
        self.cases += other.cases;
        self.counted += other.counted;
        self.texts += other.texts;
        for (key, count) in other.keys {
            *self.keys.entry(key).or_default() += count;
        }
    }
}

/// Every quota of a namespace whose status is not what we count; or what was compared.
pub(crate) fn compare(world: &World, namespace: &str) -> Result<Tally, Vec<Difference>> {
    let mut tally = Tally::default();
    let quotas = world.quotas.get(namespace).map(Vec::as_slice).unwrap_or_default();
    let found: Vec<_> =
        quotas.iter().filter_map(|quota| difference(world, namespace, quota, &mut tally)).collect();
    if found.is_empty() { Ok(tally) } else { Err(found) }
}

fn difference(
    world: &World,
    namespace: &str,
    quota: &ResourceQuota,
    tally: &mut Tally,
) -> Option<Difference> {
    let spec = quota.spec.clone().unwrap_or_default();
    let status = quota.status.clone().unwrap_or_default();
    let objects = world.objects.get(namespace).map(Vec::as_slice).unwrap_or_default();
    let (mut recount, mut formats) =
        (Recount::new(&spec, &world.devices), BTreeMap::<String, Vec<Format>>::new());
    for object in objects {
        tally.cases +=
            usize::from(spec.hard.iter().any(|(key, _)| object.is_counted_by(key, &world.devices)));
        if recount.counts(object) {
            tally.counted += 1;
            let usage = usage_with(object, &world.devices, now());
            for (key, amount) in usage.iter().filter(|(_, amount)| !amount.is_zero()) {
                formats.entry(key.clone()).or_default().push(amount.format());
            }
            recount.add(&usage);
        }
    }
    let mut ours = recount.used();
    ours.0.remove(UNSERVED);
    let texts = |amounts: &Amounts| -> BTreeMap<String, (Quantity, String)> {
        let text = |key: &str, amount: Quantity| {
            // Added up in another order, amounts that are written in several ways are written in another.
            let several = formats.get(key).is_some_and(|all| all.iter().any(|format| *format != all[0]));
            if several { String::new() } else { amount.to_string() }
        };
        amounts.iter().map(|(key, amount)| (key.clone(), (*amount, text(key, *amount)))).collect()
    };
    let (ours, theirs) = (texts(&ours), texts(&status.used));
    if ours == theirs && spec.hard == status.hard {
        for (key, (amount, text)) in ours {
            tally.texts += usize::from(!text.is_empty());
            *tally.keys.entry(key).or_default() += usize::from(!amount.is_zero());
        }
        return None;
    }
    let keys = ours.keys().chain(theirs.keys().filter(|key| !ours.contains_key(*key)));
    let differ = keys.filter(|key| ours.get(*key) != theirs.get(*key));
    let told = |all: &BTreeMap<String, (Quantity, String)>, key: &str| {
        all.get(key).map_or("nothing".to_owned(), |(amount, _)| amount.to_string())
    };
    let lines = differ
        .map(|key| format!("  {key}: we count {}, the controller {}", told(&ours, key), told(&theirs, key)));
    let name = quota.metadata.clone().unwrap_or_default().name;
    Some(Difference { quota: name, told: lines.collect::<Vec<_>>().join("\n") })
}

//! What one replica sees: a compact record of each object that is charged, and sums over them.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::Arc,
};

use super::{Names, ScopeId, Slot};
use crate::{model::Time, quota::Amounts};

/// How many objects that have gone are remembered: enough for those that were reserved and gone before anybody looked.
const GONE: usize = 8192;

/// An object as it was seen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sighting {
    /// Its uid.
    pub uid: String,
    /// The version that it was seen in.
    pub version: u64,
    /// All that it is charged.
    pub usage: Amounts,
    /// The sets of scopes that it is in, as bits.
    pub scopes: u64,
    /// From when on it is charged something else without having changed: pods that outlive their grace period.
    pub later: Option<(Time, Amounts)>,
}

/// What is kept of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) uid: Box<str>,
    pub(super) version: u64,
    pub(super) usage: Arc<Amounts>,
    pub(super) scopes: u64,
    later: Option<Box<(Time, Amounts)>>,
}

/// What was found to be wrong in sums.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Drift {
    /// Namespaces whose sums were not what their objects add up to.
    pub namespaces: BTreeSet<Arc<str>>,
}

/// How far the watch of a type has come.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Progress {
    /// The version that everything is known up to; none until the first list is whole.
    reached: Option<u64>,
    /// Places that a list under way has not named yet.
    unnamed: Option<BTreeSet<Slot>>,
}

/// What one replica sees.
#[derive(Debug, Clone, Default)]
pub struct Observed {
    types: BTreeMap<Arc<str>, Progress>,
    records: BTreeMap<Slot, Record>,
    /// By namespace and scopes.
    sums: BTreeMap<Arc<str>, BTreeMap<ScopeId, Amounts>>,
    names: Names,
    usages: BTreeMap<Vec<(String, crate::quantity::Quantity)>, Arc<Amounts>>,
    gone: BTreeSet<Box<str>>,
    gone_in_order: VecDeque<Box<str>>,
    /// When each record is charged otherwise.
    later: BTreeSet<(Time, Slot)>,
}

impl Observed {
    /// A list of a type begins. What is known goes on to count until the list is whole.
    pub fn listing(&mut self, resource: &str) {
        let unnamed =
            self.records.keys().filter(|slot| slot.resource.as_ref() == resource).cloned().collect();
        let resource = self.names.get(resource);
        self.types.entry(resource).or_default().unnamed = Some(unnamed);
    }

    /// A list of a type is whole, as of a version: what it did not name has gone.
    pub fn listed(&mut self, resource: &str, version: u64) {
        let unnamed = self.types.get_mut(resource).and_then(|progress| progress.unnamed.take());
        for slot in unnamed.into_iter().flatten() {
            if let Some(record) = self.take(&slot) {
                self.remember(record.uid);
            }
        }
        let resource = self.names.get(resource);
        let progress = self.types.entry(resource).or_default();
        progress.reached = Some(progress.reached.unwrap_or_default().max(version));
    }

    /// Everything of a type up to a version is known.
    pub fn reached(&mut self, resource: &str, version: u64) {
        if let Some(reached) = self.types.get_mut(resource).and_then(|progress| progress.reached.as_mut()) {
            *reached = (*reached).max(version);
        }
    }

    /// A type is followed no more.
    pub fn forget(&mut self, resource: &str) {
        self.listing(resource);
        self.listed(resource, 0);
        self.types.remove(resource);
    }

    /// An object was seen.
    pub fn seen(&mut self, slot: &Slot, sighting: Sighting) {
        let slot = Slot {
            resource: self.names.get(&slot.resource),
            namespace: self.names.get(&slot.namespace),
            name: slot.name.clone(),
        };
        if let Some(unnamed) =
            self.types.get_mut(&slot.resource).and_then(|progress| progress.unnamed.as_mut())
        {
            unnamed.remove(&slot);
        }
        if let Some(before) = self.take(&slot)
            && *before.uid != *sighting.uid
        {
            self.remember(before.uid);
        }
        let Sighting { uid, version, usage, scopes, later } = sighting;
        let record = Record {
            uid: uid.into(),
            version,
            usage: self.shared(usage),
            scopes,
            later: later.map(Box::new),
        };
        self.sum_up(&slot, &record, true);
        if let Some(later) = &record.later {
            self.later.insert((later.0, slot.clone()));
        }
        self.records.insert(slot, record);
    }

    /// An object was seen to be gone.
    pub fn gone(&mut self, slot: &Slot, uid: &str) {
        if self.records.get(slot).is_some_and(|record| *record.uid == *uid) {
            self.take(slot);
        }
        self.remember(uid.into());
    }

    /// Charges otherwise what is charged otherwise from now on.
    pub fn pass(&mut self, now: Time) {
        while let Some((when, slot)) = self.later.first().cloned().filter(|(when, _)| *when < now) {
            self.later.remove(&(when, slot.clone()));
            if let Some(record) = self.take(&slot) {
                let usage = record.later.as_ref().map(|later| later.1.clone()).unwrap_or_default();
                let record = Record { usage: self.shared(usage), later: None, ..record };
                self.sum_up(&slot, &record, true);
                self.records.insert(slot, record);
            }
        }
    }

    /// The version that everything of a type is known up to; none while its first list is under way.
    pub fn version(&self, resource: &str) -> Option<u64> {
        self.types.get(resource)?.reached
    }

    /// The uid of the object at a place.
    pub fn uid(&self, slot: &Slot) -> Option<&str> {
        self.records.get(slot).map(|record| record.uid.as_ref())
    }

    /// Whether an object was seen to be gone, not too long ago.
    pub fn has_gone(&self, uid: &str) -> bool {
        self.gone.contains(uid)
    }

    /// What the objects of a namespace that are in a set of scopes are charged.
    pub fn sum(&self, namespace: &str, scope: ScopeId) -> &Amounts {
        static NOTHING: Amounts = Amounts::new();
        self.sums.get(namespace).and_then(|sums| sums.get(&scope)).unwrap_or(&NOTHING)
    }

    /// How many objects are known.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// Counts everything anew, takes that for the truth, and tells where the sums were something else.
    pub fn recount(&mut self) -> Drift {
        let mut anew: BTreeMap<Arc<str>, BTreeMap<ScopeId, Amounts>> = BTreeMap::new();
        for (slot, record) in &self.records {
            for scope in ScopeId::of(record.scopes) {
                let sums = anew.entry(slot.namespace.clone()).or_default();
                sums.entry(scope).or_default().add_all(&record.usage);
            }
        }
        let nothing = Amounts::new();
        let sum = |sums: &BTreeMap<Arc<str>, BTreeMap<ScopeId, Amounts>>, name: &str, scope: ScopeId| {
            sums.get(name).and_then(|sums| sums.get(&scope)).unwrap_or(&nothing).clone()
        };
        let differs = |(name, sums): &(&Arc<str>, &BTreeMap<ScopeId, Amounts>)| {
            sums.keys().any(|scope| {
                let rest = sum(&anew, name, *scope).less(&sum(&self.sums, name, *scope));
                rest.iter().any(|(_, amount)| !amount.is_zero())
            })
        };
        let namespaces =
            anew.iter().chain(&self.sums).filter(differs).map(|(name, _)| name.clone()).collect();
        self.sums = anew;
        self.usages.retain(|_, usage| Arc::strong_count(usage) > 1);
        self.names.tidy();
        Drift { namespaces }
    }

    pub(super) fn record(&self, slot: &Slot) -> Option<&Record> {
        self.records.get(slot)
    }

    /// The records of a type in a namespace.
    pub(super) fn within<'a>(
        &'a self,
        resource: &str,
        namespace: &'a str,
    ) -> impl Iterator<Item = (&'a Slot, &'a Record)> {
        let first = Slot::new(resource, namespace, "");
        let of = first.resource.clone();
        let records = self.records.range(first..);
        records.take_while(move |(slot, _)| slot.resource == of && slot.namespace.as_ref() == namespace)
    }

    fn take(&mut self, slot: &Slot) -> Option<Record> {
        let record = self.records.remove(slot)?;
        self.sum_up(slot, &record, false);
        if let Some(later) = &record.later {
            self.later.remove(&(later.0, slot.clone()));
        }
        Some(record)
    }

    fn sum_up(&mut self, slot: &Slot, record: &Record, more: bool) {
        if record.scopes == 0 {
            return;
        }
        let sums = self.sums.entry(slot.namespace.clone()).or_default();
        for scope in ScopeId::of(record.scopes) {
            let sum = sums.entry(scope).or_default();
            for (key, amount) in record.usage.iter() {
                sum.add(key, if more { *amount } else { -*amount });
            }
        }
    }

    fn remember(&mut self, uid: Box<str>) {
        if self.gone.insert(uid.clone()) {
            self.gone_in_order.push_back(uid);
        }
        while self.gone_in_order.len() > GONE {
            if let Some(oldest) = self.gone_in_order.pop_front() {
                self.gone.remove(&oldest);
            }
        }
    }

    fn shared(&mut self, usage: Amounts) -> Arc<Amounts> {
        let key: Vec<_> = usage.iter().map(|(key, amount)| (key.clone(), *amount)).collect();
        self.usages.entry(key).or_insert_with(|| Arc::new(usage)).clone()
    }
}

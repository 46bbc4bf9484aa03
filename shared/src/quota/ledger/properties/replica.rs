//! A replica of the simulation: what it sees, and what it believes to be stored.

use std::{collections::BTreeMap, sync::Arc};

use super::world::{Event, NAMESPACES, Object, PROJECTS, RESOURCE, usage_of};
use crate::quota::{
    Amounts, QuotaSpec,
    ledger::{Account, Book, Observed, QuotaVersion, ScopeId, Sighting, Slot},
    project::Model,
};

/// A book and the version that it was stored in.
#[derive(Debug, Clone, Default)]
pub(super) struct Stored {
    pub(super) version: u64,
    pub(super) book: Book,
}

/// A replica.
#[derive(Debug, Clone)]
pub(super) struct Replica {
    pub(super) observed: Observed,
    /// Events that it has seen.
    pub(super) seen: usize,
    /// The books as it knows them.
    pub(super) books: Vec<Stored>,
    /// The quotas as it knows them.
    pub(super) quotas: Vec<(QuotaVersion, Amounts)>,
}

impl Replica {
    /// One that has just started and listed.
    pub(super) fn start(
        events: &[Event],
        objects: &BTreeMap<Slot, Object>,
        version: u64,
        quotas: &[(QuotaVersion, Amounts)],
    ) -> Self {
        let mut replica = Self {
            observed: Observed::default(),
            seen: events.len(),
            books: vec![Stored::default(); PROJECTS],
            quotas: quotas.to_vec(),
        };
        replica.relist(objects, version, events.len());
        replica
    }

    pub(super) fn relist(&mut self, objects: &BTreeMap<Slot, Object>, version: u64, seen: usize) {
        self.observed.listing(RESOURCE);
        for (slot, object) in objects {
            self.observed.seen(slot, sighting(object));
        }
        self.observed.listed(RESOURCE, version);
        self.seen = seen;
    }

    pub(super) fn deliver(&mut self, events: &[Event], count: usize) {
        for event in events.iter().skip(self.seen).take(count) {
            match &event.object {
                Some(object) => self.observed.seen(&event.slot, sighting(object)),
                None => self.observed.gone(&event.slot, &event.uid),
            }
            self.observed.reached(RESOURCE, event.version);
            self.seen += 1;
        }
    }

    pub(super) fn account(&self, project: usize) -> Account {
        let namespaces = if project == 0 { &NAMESPACES[..2] } else { &NAMESPACES[1..] };
        Account {
            name: format!("ProjectQuota/p{project}"),
            model: Model::Usage,
            spec: QuotaSpec { hard: self.quotas[project].1.clone(), ..QuotaSpec::default() },
            scope: ScopeId::default(),
            namespaces: namespaces.iter().map(|name| Arc::from(*name)).collect(),
        }
    }
}

fn sighting(object: &Object) -> Sighting {
    Sighting {
        uid: object.uid.clone(),
        version: object.version,
        usage: usage_of(object.size),
        scopes: 1,
        later: None,
    }
}

//! What to know of single objects.

use std::collections::{BTreeMap, BTreeSet};

use super::{Holdings, Uncharged, id};
use crate::{
    model::{ObjectMeta, Time},
    quota::{
        QuotaSpec,
        usage::{Charged, Pod, usage_with},
    },
};

/// Which revision of its Deployment a ReplicaSet is.
const REVISION: &str = "deployment.kubernetes.io/revision";

/// ReplicaSets of Deployments that have a newer one: their pods are what a rollout has on top.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Replaced(BTreeSet<String>);

impl Replaced {
    /// Finds them among ReplicaSets.
    pub fn among<'a>(sets: impl IntoIterator<Item = &'a ObjectMeta>) -> Self {
        let mut newest: BTreeMap<&str, (u64, &str)> = BTreeMap::new();
        let mut all = Vec::new();
        for set in sets {
            let revision = set.annotations.get(REVISION).and_then(|revision| revision.parse::<u64>().ok());
            let (Some(owner), Some(revision)) = (set.controller(), revision) else { continue };
            all.push(set.uid.as_str());
            let newest = newest.entry(&owner.uid).or_insert((revision, &set.uid));
            if revision > newest.0 {
                *newest = (revision, &set.uid);
            }
        }
        let current: BTreeSet<&str> = newest.into_values().map(|(_, uid)| uid).collect();
        Self(all.into_iter().filter(|uid| !current.contains(uid)).map(str::to_owned).collect())
    }

    fn has(&self, uid: &str) -> bool {
        self.0.contains(uid)
    }
}

/// What to know of an object that is charged.
pub(super) fn notes(holdings: &Holdings<'_>, object: &Charged) -> Vec<String> {
    let Charged::Pod(pod) = object else { return Vec::new() };
    let mut notes = Vec::new();
    let Some(metadata) = &pod.metadata else { return notes };
    if let Some(owner) = metadata.controller().filter(|owner| holdings.replaced.has(&owner.uid)) {
        notes.push(format!("surge: ReplicaSet {} is being replaced", owner.name));
    }
    if let Some(deletion) = metadata.deletion_timestamp {
        let until = metadata
            .deletion_grace_period_seconds
            .map(|grace| Time { seconds: deletion.seconds.saturating_add(grace), nanos: 0 });
        notes.push(match until.and_then(said) {
            Some(until) => format!("terminating: charged until it is gone, {until} at the latest"),
            None => "terminating: charged until it is gone".to_owned(),
        });
    }
    if pod.is_gated() {
        notes.push("not scheduled: it waits for a scheduling gate".to_owned());
    } else if pod.node().is_empty() {
        notes.push("not scheduled: it waits for a node".to_owned());
    }
    notes
}

fn said(time: Time) -> Option<String> {
    jiff::Timestamp::new(time.seconds, 0).ok().map(|time| time.to_string())
}

/// Why an object that would take some of a key is not charged.
pub(super) fn uncharged(holdings: &Holdings<'_>, object: &Charged, key: &str) -> Option<Uncharged> {
    let Charged::Pod(pod) = object else { return None };
    if !pod.has_ended(holdings.now) {
        return None;
    }
    let alive = Charged::Pod(Box::new(alive(pod)));
    let amount = usage_with(&alive, holdings.devices, holdings.now).of(key);
    if amount.is_zero() {
        return None;
    }
    let phase = pod.status.as_ref().map_or("", |status| status.phase.as_str());
    let why = match phase {
        "Succeeded" => "it has succeeded",
        "Failed" => "it has failed",
        _ => "it should have been gone a grace period ago",
    };
    Some(Uncharged { object: id(holdings, object), amount, why: why.to_owned() })
}

/// The pod as if it had not ended.
fn alive(pod: &Pod) -> Pod {
    let mut alive = pod.clone();
    if let Some(status) = &mut alive.status {
        status.phase.clear();
    }
    if let Some(metadata) = &mut alive.metadata {
        metadata.deletion_timestamp = None;
    }
    alive
}

/// The scopes of a quota, as in `PriorityClass In (high, low)`.
pub(super) fn scopes(spec: &QuotaSpec) -> Vec<String> {
    let selected = spec.scope_selector.iter().flat_map(|selector| &selector.match_expressions);
    let selected = selected.map(|one| match one.operator.as_str() {
        "Exists" => one.scope_name.clone(),
        operator if one.values.is_empty() => format!("{} {operator}", one.scope_name),
        operator => format!("{} {operator} ({})", one.scope_name, one.values.join(", ")),
    });
    spec.scopes.iter().cloned().chain(selected).collect()
}

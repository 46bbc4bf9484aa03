//! What an object that was seen is charged.

use passmuster::{
    model::{ObjectMeta, Time},
    quota::{
        Amounts, ResourceQuota,
        ledger::{ALLOCATED, ScopeSets, Sighting, Slot},
        usage::{Charged, Devices, usage_with},
    },
};

/// Where an object is and what it is charged there.
pub(super) fn sighting(
    object: &Charged,
    scopes: &ScopeSets,
    devices: &Devices,
    now: Time,
) -> Option<(Slot, Sighting)> {
    let metadata = object.metadata()?;
    let usage = charged(object, devices, now);
    let ends =
        matches!(object, Charged::Pod(_)).then(|| ends(metadata)).flatten().filter(|ends| *ends >= now);
    let later = ends.map(|ends| (ends, charged(object, devices, after(ends))));
    let slot = slot(object.group_resource(), metadata);
    Some((slot, Sighting { scopes: scopes.of(object), usage, later, ..sighted(metadata) }))
}

/// What a ResourceQuota hands out. One of some scopes only hands out nothing that could be added to what others do.
pub(super) fn allocation(quota: &ResourceQuota) -> Option<(Slot, Sighting)> {
    let metadata = quota.metadata.as_ref()?;
    let usage = hands_out(quota);
    Some((slot(ALLOCATED, metadata), Sighting { usage, ..sighted(metadata) }))
}

/// What a ResourceQuota without scopes allows.
pub(super) fn hands_out(quota: &ResourceQuota) -> Amounts {
    let spec = quota.spec.as_ref().filter(|spec| spec.scopes.is_empty() && spec.scope_selector.is_none());
    spec.map(|spec| spec.hard.clone()).unwrap_or_default()
}

/// A version as a number; zero when it is none.
pub(super) fn number(version: &str) -> u64 {
    version.parse().unwrap_or_default()
}

pub(super) fn slot(resource: &str, metadata: &ObjectMeta) -> Slot {
    Slot::new(resource, metadata.namespace.as_str(), metadata.name.as_str())
}

fn sighted(metadata: &ObjectMeta) -> Sighting {
    Sighting { uid: metadata.uid.clone(), version: number(&metadata.resource_version), ..Sighting::default() }
}

fn charged(object: &Charged, devices: &Devices, now: Time) -> Amounts {
    let usage = usage_with(object, devices, now);
    usage.iter().filter(|(_, amount)| !amount.is_zero()).map(|(key, amount)| (key.clone(), *amount)).collect()
}

/// Until when a pod that is being deleted is charged: its grace period is in the time of deletion already, and counts
/// once more.
fn ends(metadata: &ObjectMeta) -> Option<Time> {
    let deletion = metadata.deletion_timestamp?;
    let grace = metadata.deletion_grace_period_seconds?;
    Some(Time { seconds: deletion.seconds.saturating_add(grace), ..deletion })
}

fn after(time: Time) -> Time {
    Time { seconds: time.seconds.saturating_add(1), ..time }
}

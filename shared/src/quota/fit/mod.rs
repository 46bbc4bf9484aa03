//! Whether objects will fit, and which quota breaks first.
//!
//! ```text
//!  manifest ─ workload ─► pods ─ defaults, classes, LimitRanges ─► charges ─┐
//!  quotas, projects, what is there ─ ledger ────────────────────────────────┴─ rollout ─► QuotaFit
//! ```
//!
//! Each object goes through what the API server does with it, and each quota answers in its words. Three moments are
//! looked at: when the objects are applied, the peak of a rollout, and autoscaling at its maximum.

mod document;
mod ledger;
mod limits;
mod nodes;
mod plan;
mod pod;
mod rollout;
mod stages;
mod table;
mod template;
#[cfg(test)]
mod tests;
pub(in crate::quota) mod times;
mod workload;

use std::collections::BTreeSet;

use serde_json::Value;

pub use document::{Breaks, NodesFit, ObjectFit, Placed, QuotaFit, QuotaRoom, Refusal, Stage, StageFit};
pub use ledger::Account;
pub(crate) use limits::Item as LimitItem;
pub use limits::LimitRange;
pub use nodes::{Room, RoomyNode};
pub use pod::Classes;
pub use table::table;
pub use template::unchanged;
pub use workload::{Autoscaler, Rollout, Scaled, Workload, workload};

use super::{
    Amounts, QuotaSpec, ResourceQuota,
    owner::Owners,
    usage::{Charged, Devices, recount},
};
use crate::model::{Skipped, Time, discovery::Discovery};

/// What there is already.
#[derive(Debug, Clone)]
pub struct World<'a> {
    /// The quotas: [`accounts`], and those of projects.
    pub accounts: Vec<Account>,
    /// Objects that the quotas count, and all pods of the namespaces.
    pub objects: &'a [Charged],
    /// What claims of devices are charged depends on.
    pub devices: &'a Devices,
    /// LimitRanges.
    pub limit_ranges: Vec<LimitRange>,
    /// RuntimeClasses and PriorityClasses.
    pub classes: Classes,
    /// Whom pods belong to.
    pub owners: &'a Owners,
    /// What the nodes have left; `None` when that was not read.
    pub room: Option<Room>,
    /// The types that the server has.
    pub types: &'a Discovery,
    /// When.
    pub now: Time,
}

/// An object that is to fit.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The object, its namespace settled.
    pub object: Value,
    /// The object of the same name that is there already.
    pub live: Option<Value>,
    /// How far autoscaling may take it.
    pub autoscaler: Option<Autoscaler>,
}

/// The accounts of quotas of namespaces, sorted by namespace and name. What is enforced is what the quota's status says;
/// of a quota without one, what its spec says, and what is there is charged to it.
pub fn accounts(quotas: &[ResourceQuota], objects: &[Charged], devices: &Devices, now: Time) -> Vec<Account> {
    let mut accounts: Vec<Account> = Vec::new();
    for quota in quotas {
        let (Some(metadata), Some(spec)) = (&quota.metadata, &quota.spec) else { continue };
        let status = quota.status.clone().unwrap_or_default();
        let hard = if status.hard.is_empty() { spec.hard.clone() } else { status.hard };
        let spec = QuotaSpec { hard, ..spec.clone() };
        let mut used = status.used;
        if spec.hard.iter().any(|(key, _)| used.get(key).is_none()) {
            let within = |object: &&Charged| {
                object.metadata().is_some_and(|other| other.namespace == metadata.namespace)
            };
            for (key, counted) in &recount(&spec, objects.iter().filter(within), devices, now) {
                if used.get(key).is_none() {
                    used.set(key.as_str(), *counted);
                }
            }
        }
        let namespaces = BTreeSet::from([metadata.namespace.clone()]);
        accounts.push(Account { name: metadata.name.clone(), namespaces, spec, used, project: false });
    }
    accounts.sort_by(|one, other| (&one.namespaces, &one.name).cmp(&(&other.namespaces, &other.name)));
    accounts
}

/// Whether the objects fit.
pub fn fit(world: &World<'_>, wanted: &[Wanted]) -> QuotaFit {
    plan::Plan::new(world).run(wanted)
}

/// Makes of a pod what the API server does before it asks quotas: defaults, overhead and priority by class, what
/// LimitRanges fill in. An error is what one of them says against it.
pub fn admitted(ranges: &[LimitRange], classes: &Classes, pod: &mut Value) -> Result<(), String> {
    pod::defaults(pod);
    classes.apply(pod);
    limits::admit(&ranges.iter().collect::<Vec<_>>(), pod)
}

/// What is charged, without what is nothing.
fn without_zeros(amounts: &Amounts) -> Amounts {
    amounts
        .iter()
        .filter(|(_, amount)| !amount.is_zero())
        .map(|(key, amount)| (key.clone(), *amount))
        .collect()
}

impl QuotaFit {
    /// With what only the reader knows.
    #[must_use]
    pub fn read(
        self,
        at: Option<String>,
        cluster: Option<String>,
        notes: Vec<String>,
        skipped: Vec<Skipped>,
    ) -> Self {
        let notes = self.notes.into_iter().chain(notes).collect();
        let mut skipped: Vec<Skipped> = self.skipped.into_iter().chain(skipped).collect();
        skipped.sort();
        Self { at, cluster, notes, skipped, ..self }
    }
}

//! What is wrong with quotas: usage that is not what is there, quotas that enforce nothing, projects that promise more
//! than they have.
//!
//! ```text
//!  quotas, objects, types ─ verify ─► findings ─┐
//!  projects, namespaces ─ verify_projects ──────┴─► QuotaVerification ─ table, JSON, YAML
//! ```
//!
//! A quota's status is written by a controller and lags behind the objects: whoever reads asks again before a finding
//! that [passes](Problem::passes) is believed.

mod document;
mod keys;
mod numbers;
mod pods;
mod pointless;
mod projects;
mod scopes;
mod table;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

pub use document::{Finding, Problem, QuotaVerification};
pub use projects::{ProjectEvidence, quota_spec, verify_projects};
pub use table::table;

use super::{
    ResourceQuota,
    usage::{Charged, Devices},
};
use crate::model::{Time, discovery::Discovery};

/// What was read of one cluster.
#[derive(Debug, Clone, Copy)]
pub struct Evidence<'a> {
    /// ResourceQuotas.
    pub quotas: &'a [ResourceQuota],
    /// Every object that they count.
    pub objects: &'a [Charged],
    /// What claims of devices are charged depends on.
    pub devices: &'a Devices,
    /// The types that were read to their end, such as `deployments.apps`. Of others nothing is counted.
    pub complete: &'a BTreeSet<String>,
    /// The types that the server has.
    pub types: &'a Discovery,
    /// Names that keys and scopes may have, as far as they were read.
    pub names: &'a Names,
    /// When.
    pub now: Time,
}

/// Names that keys and scopes of quotas may have. `None` where they were not read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    /// PriorityClasses.
    pub priority_classes: Option<BTreeSet<String>>,
    /// StorageClasses.
    pub storage_classes: Option<BTreeSet<String>>,
}

/// What is wrong with the quotas; sorted.
pub fn verify(evidence: &Evidence<'_>) -> Vec<Finding> {
    let mut by_namespace: BTreeMap<&str, Vec<&Charged>> = BTreeMap::new();
    for object in evidence.objects {
        let namespace = object.metadata().map_or("", |metadata| metadata.namespace.as_str());
        by_namespace.entry(namespace).or_default().push(object);
    }
    let asleep = numbers::controller_sleeps(evidence);
    let mut findings = Vec::new();
    for quota in evidence.quotas {
        let Some(metadata) = &quota.metadata else { continue };
        let objects = by_namespace.get(metadata.namespace.as_str()).map_or(&[][..], Vec::as_slice);
        let mut found = numbers::check(evidence, quota, objects, asleep);
        found.extend(keys::check(evidence, quota));
        found.extend(scopes::check(evidence, quota));
        found.extend(pods::check(evidence, quota, objects));
        found.extend(pointless::check(evidence.quotas, quota));
        findings.extend(found.into_iter().map(|finding| Finding {
            namespace: Some(metadata.namespace.clone()),
            quota: Some(metadata.name.clone()),
            ..finding
        }));
    }
    findings.sort();
    findings
}

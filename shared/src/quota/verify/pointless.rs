//! Quotas that never refuse anything because another one of the namespace always does so first.

use std::collections::{BTreeMap, BTreeSet};

use super::{Finding, Problem};
use crate::{
    quantity::Quantity,
    quota::{QuotaSpec, ResourceQuota, counted::canonical, usage::is_countable},
};

/// Whether a quota is pointless beside the others of its namespace: each of its keys is limited as much or more by a
/// quota that counts at least the same objects.
pub(super) fn check(quotas: &[ResourceQuota], quota: &ResourceQuota) -> Vec<Finding> {
    let (Some(metadata), Some(spec)) = (&quota.metadata, &quota.spec) else { return Vec::new() };
    let others: Vec<(&str, &QuotaSpec)> = quotas
        .iter()
        .filter_map(|other| Some((other.metadata.as_ref()?, other.spec.as_ref()?)))
        .filter(|(other, _)| other.namespace == metadata.namespace && other.name != metadata.name)
        .map(|(other, spec)| (other.name.as_str(), spec))
        .collect();
    let mut reached = BTreeSet::new();
    let mut keys = 0;
    for (key, hard) in limits(spec) {
        keys += 1;
        let first = others.iter().find(|(name, other)| {
            let least = limits(other).get(key).copied();
            // Of two that say the same, the later by name is the pointless one.
            covers(other, spec)
                && least.is_some_and(|least| {
                    least < hard
                        || (least == hard && (!covers(spec, other) || *name < metadata.name.as_str()))
                })
        });
        let Some((name, _)) = first else { return Vec::new() };
        reached.insert(*name);
    }
    if keys == 0 {
        return Vec::new();
    }
    let reached: Vec<&str> = reached.into_iter().collect();
    let (names, verb) = (reached.join(" and "), if reached.len() == 1 { "counts" } else { "count" });
    let cause = format!(
        "{names} {verb} the same objects and allow no more of anything: this quota is never reached first"
    );
    vec![Finding::new(Problem::Pointless, cause, "delete it, or lower its limits".to_owned())]
}

/// The limits of a quota by what they count: `cpu` and `requests.cpu` are one, the smaller counts.
fn limits(spec: &QuotaSpec) -> BTreeMap<&str, Quantity> {
    let mut limits: BTreeMap<&str, Quantity> = BTreeMap::new();
    for (key, hard) in spec.hard.iter().filter(|(key, _)| is_countable(key)) {
        let least = limits.entry(canonical(key)).or_insert(*hard);
        *least = (*least).min(*hard);
    }
    limits
}

/// Whether every object that `other` counts, `wide` counts too: it has no scopes that the other has not.
fn covers(wide: &QuotaSpec, other: &QuotaSpec) -> bool {
    let expressions = |spec: &QuotaSpec| {
        spec.scope_selector.as_ref().map(|selector| selector.match_expressions.clone()).unwrap_or_default()
    };
    let exists = |spec: &QuotaSpec, scope: &str| {
        spec.scopes.iter().any(|other| other == scope)
            || expressions(spec).iter().any(|one| one.scope_name == scope && one.operator == "Exists")
    };
    wide.scopes.iter().all(|scope| exists(other, scope))
        && expressions(wide).iter().all(|one| {
            expressions(other).contains(one) || (one.operator == "Exists" && exists(other, &one.scope_name))
        })
}

//! Keys that no object in the quota's scopes can be counted by.
//!
//! Scopes are of pods, or of claims (`VolumeAttributesClass`); other objects are in none. The API server refuses what
//! does not go together only for the keys that it knows by name.

use std::collections::BTreeSet;

use super::{Evidence, Finding, Problem};
use crate::quota::{QuotaSpec, ResourceQuota, ScopedResourceSelectorRequirement, counted::counted_types};

const OF_CLAIMS: &str = "VolumeAttributesClass";
const PRIORITY: &str = "PriorityClass";
/// Scopes of which an object is always in exactly one.
const OPPOSITES: [(&str, &str); 2] = [("BestEffort", "NotBestEffort"), ("Terminating", "NotTerminating")];

/// Keys of a quota that nothing in its scopes is counted by.
pub(super) fn check(evidence: &Evidence<'_>, quota: &ResourceQuota) -> Vec<Finding> {
    let Some(spec) = quota.spec.as_ref().filter(|spec| !requirements(spec).is_empty()) else {
        return Vec::new();
    };
    if let Some((cause, remedy)) = impossible(evidence, spec) {
        return vec![Finding::new(Problem::UnmatchedScope, cause, remedy)];
    }
    let requirements = requirements(spec);
    let kind = |scope: &str| if scope == OF_CLAIMS { "persistentvolumeclaims" } else { "pods" };
    let kinds: BTreeSet<&str> = requirements.iter().map(|one| kind(&one.scope_name)).collect();
    let names: Vec<&str> = requirements.iter().map(|one| one.scope_name.as_str()).collect();
    let mut findings = Vec::new();
    for (key, hard) in &spec.hard {
        let types = counted_types([key.as_str()], evidence.types);
        let reached =
            types.iter().any(|resource| kinds.iter().all(|kind| resource.group_resource() == *kind));
        if types.is_empty() || reached {
            continue;
        }
        let counted: Vec<String> = types.iter().map(ToString::to_string).collect();
        let cause = format!(
            "{key} counts {}, which no scope of this quota ({}) takes: its usage stays 0 and nothing is refused",
            counted.join(" and "),
            names.join(", ")
        );
        let remedy = format!("move {key} to a quota without scopes");
        findings.push(Finding::new(Problem::UnmatchedScope, cause, remedy).of(key, Some(*hard)));
    }
    findings
}

/// All scopes of a quota, however they are said.
fn requirements(spec: &QuotaSpec) -> Vec<ScopedResourceSelectorRequirement> {
    let plain = spec.scopes.iter().map(|scope| ScopedResourceSelectorRequirement {
        scope_name: scope.clone(),
        operator: "Exists".to_owned(),
        values: Vec::new(),
    });
    let selected = spec.scope_selector.iter().flat_map(|selector| selector.match_expressions.iter().cloned());
    plain.chain(selected).collect()
}

/// Why no object at all can be in all scopes.
fn impossible(evidence: &Evidence<'_>, spec: &QuotaSpec) -> Option<(String, String)> {
    let requirements = requirements(spec);
    let has = |scope: &str| requirements.iter().any(|one| one.scope_name == scope);
    for (one, other) in OPPOSITES {
        if has(one) && has(other) {
            let cause = format!("no pod is both {one} and {other}: nothing is counted");
            return Some((cause, format!("make a quota for {one} and another for {other}")));
        }
    }
    if has(OF_CLAIMS) && requirements.iter().any(|one| one.scope_name != OF_CLAIMS) {
        let cause =
            "one of its scopes is of claims and another of pods; no object is both: nothing is counted";
        return Some((cause.to_owned(), "make a quota for the claims and another for the pods".to_owned()));
    }
    for scope in [PRIORITY, OF_CLAIMS] {
        let of: Vec<_> = requirements.iter().filter(|one| one.scope_name == scope).collect();
        if contradictory(&of) {
            let cause = format!("what it asks of {scope} contradicts itself: nothing is counted");
            return Some((
                cause,
                "correct spec.scopeSelector (it can't be changed: replace the quota)".to_owned(),
            ));
        }
    }
    let classes = evidence.names.priority_classes.as_ref()?;
    for one in requirements.iter().filter(|one| one.scope_name == PRIORITY && one.operator == "In") {
        if !one.values.is_empty() && one.values.iter().all(|value| !classes.contains(value)) {
            let cause = format!(
                "it counts pods of PriorityClass {}, and there is no such class: nothing is counted",
                one.values.join(" or ")
            );
            return Some((cause, "create the PriorityClass, or name one that exists".to_owned()));
        }
    }
    None
}

/// Whether no class, nor the lack of one, satisfies all.
fn contradictory(requirements: &[&ScopedResourceSelectorRequirement]) -> bool {
    let (mut allowed, mut refused): (Option<BTreeSet<&str>>, BTreeSet<&str>) = (None, BTreeSet::new());
    let (mut wanted, mut unwanted) = (false, false);
    for one in requirements {
        let values: BTreeSet<&str> = one.values.iter().map(String::as_str).collect();
        match one.operator.as_str() {
            "In" => {
                wanted = true;
                allowed = Some(match allowed {
                    Some(before) => before.intersection(&values).copied().collect(),
                    None => values,
                });
            }
            "NotIn" => refused.extend(values),
            "Exists" => wanted = true,
            "DoesNotExist" => unwanted = true,
            _ => {}
        }
    }
    let none_left = allowed.is_some_and(|allowed| allowed.difference(&refused).next().is_none());
    (wanted && unwanted) || none_left
}

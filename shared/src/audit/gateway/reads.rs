//! What several rules ask of routes and grants.

use super::{Reference, ReferenceGrant, Route, read};
use crate::{
    audit::{api::Condition, context::Context, world::Unknown},
    model::{Kind, ObjectKey, kinds},
};

/// Every reference of a route to where requests go, with the field that it stands in.
pub(crate) fn backends(route: &Route) -> impl Iterator<Item = (String, &Reference)> {
    route.spec.rules.iter().enumerate().flat_map(|(rule_at, rule)| {
        let at = format!("spec.rules[{rule_at}]");
        let mirrors_at = at.clone();
        let backends = rule.backend_refs.iter().enumerate();
        let backends = backends.map(move |(n, to)| (format!("{at}.backendRefs[{n}]"), to));
        let mirrors = rule
            .filters
            .iter()
            .enumerate()
            .filter_map(|(n, filter)| Some((n, filter.request_mirror.as_ref()?)));
        let mirrors = mirrors.map(move |(n, mirror)| {
            (format!("{mirrors_at}.filters[{n}].requestMirror.backendRef"), &mirror.backend_ref)
        });
        backends.chain(mirrors)
    })
}

/// Whether the namespace of an object lets one of another namespace refer to it.
pub(crate) fn granted(
    cx: &Context<'_>,
    from: &ObjectKey,
    to: Kind,
    namespace: &str,
    name: &str,
) -> Result<bool, Unknown> {
    for (key, custom) in
        cx.world().custom(kinds::REFERENCE_GRANT).filter(|(key, _)| *key.namespace == *namespace)
    {
        let grant: ReferenceGrant = read(custom).map_err(|unknown| Unknown(format!("{key}: {unknown}")))?;
        let from_here =
            grant.spec.from.iter().any(|it| {
                it.group == *from.group && it.kind == *from.kind && it.namespace == *from.namespace
            });
        let to_there = grant.spec.to.iter().any(|it| {
            to.is(&it.group, &it.kind) && it.name.as_deref().is_none_or(|it| it.is_empty() || it == name)
        });
        if from_here && to_there {
            return Ok(true);
        }
    }
    cx.covered(kinds::REFERENCE_GRANT, namespace)?;
    Ok(false)
}

/// Those of these conditions that are not true, as `Accepted is False: NoMatchingParent`.
pub(crate) fn listed_conditions(conditions: &[Condition], bad: &[(&str, &str)]) -> Option<String> {
    let found = bad.iter().filter_map(|(name, status)| {
        let condition = conditions.iter().find(|it| it.r#type == *name && it.status == *status)?;
        let reason = if condition.reason.is_empty() { "no reason given" } else { &condition.reason };
        Some(format!("{name} is {status}: {reason}"))
    });
    let found: Vec<String> = found.collect();
    (!found.is_empty()).then(|| found.join(", "))
}

/// Whether a group that may be left out is this one.
pub(crate) fn same_group(group: Option<&str>, this: &str) -> bool {
    group.unwrap_or(this) == this
}

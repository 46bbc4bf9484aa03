//! What roles say.

use std::collections::BTreeSet;

use super::defaults;
use crate::{
    audit::{
        api::{ClusterRole, PolicyRule, Role, RoleRef},
        context::Context,
        world::{Object, Unknown},
    },
    model::{Labels, ObjectMeta, Selector, kinds},
};

/// A role of either kind.
pub(crate) trait AnyRole: Object {
    /// Whether it can be given for the whole cluster.
    const OF_CLUSTER: bool;

    /// The rules as they were read.
    fn rules(&self) -> &[PolicyRule];

    /// Whether its rules are put together of other roles.
    fn is_aggregated(&self) -> bool;

    /// The rules that somebody wrote into this role, to be judged: none of the cluster's own roles, nor of those that
    /// are put together of others, which are judged themselves.
    fn judged(&self) -> impl Iterator<Item = (usize, &PolicyRule)> {
        let own = !is_system(self.metadata()) && !self.is_aggregated();
        self.rules().iter().enumerate().filter(move |_| own)
    }
}

impl AnyRole for Role {
    const OF_CLUSTER: bool = false;

    fn rules(&self) -> &[PolicyRule] {
        &self.rules
    }

    fn is_aggregated(&self) -> bool {
        false
    }
}

impl AnyRole for ClusterRole {
    const OF_CLUSTER: bool = true;

    fn rules(&self) -> &[PolicyRule] {
        &self.rules
    }

    fn is_aggregated(&self) -> bool {
        self.aggregation_rule.is_some()
    }
}

/// Whether a role or binding is the cluster's own: the API server and kubeadm make them, and make them again.
pub(crate) fn is_system(metadata: &ObjectMeta) -> bool {
    metadata.labels.get("kubernetes.io/bootstrapping").is_some_and(|value| value == "rbac-defaults")
        || metadata.name.starts_with("system:")
        || metadata.name.starts_with("kubeadm:")
        || matches!(metadata.name.as_str(), "cluster-admin" | "admin" | "edit" | "view")
}

/// Every rule of the role that a binding of this namespace (`""`: of the cluster) refers to; `None` when there is no
/// such role.
pub(crate) fn rules_of<'w>(
    cx: &Context<'w>,
    namespace: &str,
    role: &RoleRef,
) -> Result<Option<Vec<&'w PolicyRule>>, Unknown> {
    if role.kind == "Role" {
        if let Some(found) = cx.world().store::<Role>().get(namespace, &role.name) {
            return Ok(Some(found.rules.iter().collect()));
        }
        if let Some(known) = defaults::rules_within(namespace, &role.name).filter(|_| !cx.is_live()) {
            return Ok(Some(known.iter().collect()));
        }
        cx.is_absent(kinds::ROLE, namespace, &role.name)?;
        return Ok(None);
    }
    let Some(found) = cx.world().store::<ClusterRole>().get("", &role.name) else {
        if let Some(known) = defaults::rules(&role.name).filter(|_| !cx.is_live()) {
            return Ok(Some(known.iter().collect()));
        }
        cx.covered(kinds::CLUSTER_ROLE, "")?;
        return Ok(None);
    };
    let mut rules: Vec<&PolicyRule> = found.rules.iter().collect();
    if found.is_aggregated() {
        // What the controller wrote into the role when it last looked is what counts where the others are not known.
        match cx.all::<ClusterRole>() {
            Ok(all) => {
                let all: Vec<_> = all.collect();
                collect(&all, found, &mut BTreeSet::new(), &mut rules);
            }
            Err(unknown) if rules.is_empty() => return Err(unknown),
            Err(_) => {}
        }
    }
    Ok(Some(rules))
}

fn collect<'w>(
    all: &[&'w ClusterRole],
    role: &'w ClusterRole,
    seen: &mut BTreeSet<&'w str>,
    rules: &mut Vec<&'w PolicyRule>,
) {
    if !seen.insert(&role.metadata.name) {
        return;
    }
    for part in all.iter().filter(|part| selects(role, &part.metadata)) {
        rules.extend(&part.rules);
        collect(all, part, seen, rules);
    }
}

/// Whether a cluster role takes in another.
pub(crate) fn selects(role: &ClusterRole, other: &ObjectMeta) -> bool {
    let Some(aggregation) = &role.aggregation_rule else {
        return false;
    };
    let labels = Labels::from(&other.labels);
    role.metadata.name != other.name
        && aggregation.cluster_role_selectors.iter().any(|it| Selector::from(it).matches(&labels))
}

/// The kind and name of the role that a binding refers to, as `ClusterRole "view"`.
pub(crate) fn referred(role: &RoleRef) -> String {
    format!("{} {:?}", role.kind, role.name)
}

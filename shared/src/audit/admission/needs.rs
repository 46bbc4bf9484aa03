use std::collections::BTreeSet;

use crate::{
    audit::{
        catalogue::Entry,
        rule::{Admission, Check, Needs},
        rule_set::Rules,
        world::POD_KINDS,
    },
    model::{Kind, kinds},
};

/// Kinds of which nothing is looked up at admission. Whoever may list Secrets or ConfigMaps, be it their metadata alone,
/// may read them, and that is no business of a webhook's.
pub(super) const NEVER: &[Kind] = &[kinds::SECRET, kinds::CONFIG_MAP, kinds::EVENT];

/// The group whose objects API servers send no webhook.
const NOT_SENT: &str = "admissionregistration.k8s.io";

/// Whether a rule has anything to say of one object at admission.
pub fn speaks(entry: &Entry) -> bool {
    entry.rule.admission != Admission::Never
        && !entry.rule.needs.is_live()
        && !entry.rule.reads.iter().any(|kind| NEVER.contains(kind))
        && !entry.rule.checks.iter().all(|check| matches!(check, Check::Cluster(_)))
}

/// The kinds that must be looked up for these rules to be evaluated at admission.
pub fn look_up(rules: &Rules) -> BTreeSet<Kind> {
    let mut all: BTreeSet<Kind> = rules.custom().iter().flat_map(|rule| rule.related_kinds()).collect();
    for rule in rules.entries().iter().filter(|entry| speaks(entry) && entry.rule.needs == Needs::Objects) {
        all.extend(rule.rule.reads);
        for check in rule.rule.checks {
            match check {
                // Pods are compared with all other pods by what sums them up.
                Check::Pods(_) if rule.rule.reads.contains(&kinds::RESOURCE_QUOTA) => all.extend(POD_KINDS),
                Check::Pods(_) => {}
                other => all.extend(other.kind().filter(|kind| kind.group != NOT_SENT)),
            }
        }
    }
    all
}

/// The kinds that make pods, and pods.
pub fn pods() -> BTreeSet<Kind> {
    POD_KINDS.iter().copied().chain([kinds::POD_TEMPLATE]).collect()
}

/// The kinds of which these rules judge objects at admission. The data of config maps and secrets is not sent to
/// webhooks.
pub fn judged(rules: &Rules) -> BTreeSet<Kind> {
    let mut all: BTreeSet<Kind> = rules.custom().iter().flat_map(|rule| rule.kinds_of_subjects()).collect();
    for rule in rules.entries().iter().filter(|entry| speaks(entry)) {
        for check in rule.rule.checks {
            match check {
                Check::Pods(_) => all.extend(pods()),
                other => all.extend(other.kind()),
            }
        }
    }
    all.retain(|kind| kind.group != NOT_SENT && !NEVER.iter().any(|it| it.is(kind.group, kind.kind)));
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::{catalogue, find};

    fn rules(ids: &[&str]) -> Rules {
        Rules::built_in(&ids.iter().map(|id| find(id).unwrap()).collect::<Vec<_>>())
    }

    fn all() -> Rules {
        Rules::built_in(&catalogue().iter().collect::<Vec<_>>())
    }

    #[test]
    fn what_is_looked_up_is_what_rules_read() {
        assert_eq!(look_up(&rules(&["privileged-container"])), BTreeSet::new());
        assert_eq!(look_up(&rules(&["missing-service-account"])), [kinds::SERVICE_ACCOUNT].into());
        let looked_up = look_up(&all());
        assert!(looked_up.contains(&kinds::DEPLOYMENT), "{looked_up:?}");
        assert!(NEVER.iter().all(|kind| !looked_up.contains(kind)), "{looked_up:?}");
    }

    #[test]
    fn what_is_judged_is_what_rules_are_about() {
        let pods = judged(&rules(&["privileged-container"]));
        assert!(
            pods.contains(&kinds::CRON_JOB) && pods.contains(&kinds::POD) && !pods.contains(&kinds::SERVICE)
        );
        let all = judged(&all());
        assert!(all.contains(&kinds::INGRESS) && all.contains(&kinds::CLUSTER_ROLE_BINDING), "{all:?}");
        assert!(!all.contains(&kinds::SECRET) && !all.contains(&kinds::CONFIG_MAP));
    }
}

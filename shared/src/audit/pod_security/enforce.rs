//! What would be refused if a policy were enforced: every workload and every live pod, none left out.

use std::collections::{BTreeMap, HashMap};

use super::{
    evaluate::{Assessment, evaluate, is_allowed},
    labels::modes,
    policy::{Level, Policy, PolicyVersion},
    report::{
        Change, DifferingPods, NamespaceVerdict, PodSecurityReport, PodSecuritySummary, WorkloadVerdict,
    },
    subject::Subject,
};
use crate::{
    API_VERSION,
    audit::{
        Scope,
        api::Namespace,
        subject::{PodView, Units, Workload},
        world::{POD_KINDS, World},
    },
    model::{Skipped, kinds},
};

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Enforcement {
    /// The policy that would be enforced.
    pub policy: Policy,
    /// Another version to compare its level with: what an upgrade changes.
    pub upgrade: Option<PolicyVersion>,
}

/// Judges every workload in scope, and every live pod of it, as if each namespace enforced the policy.
pub fn enforce(
    world: &World,
    cluster: &str,
    asked: Enforcement,
    scope: Scope<'_>,
    mut skipped: Vec<Skipped>,
) -> PodSecurityReport {
    let mut namespaces: BTreeMap<&str, NamespaceVerdict> = BTreeMap::new();
    for namespace in world.store::<Namespace>().all() {
        let metadata = &namespace.metadata;
        if scope(&crate::audit::world::Object::key(namespace), metadata) {
            let mut verdict = empty(&metadata.name);
            verdict.current = Some(modes(&metadata.labels).into());
            namespaces.insert(&metadata.name, verdict);
        }
    }
    let mut summary = PodSecuritySummary::default();
    let units = Units::of(world);
    for unit in units.all.iter().filter(|unit| scope(&unit.owner, unit.workload.metadata())) {
        let name = unit.namespace();
        let namespace = namespaces.entry(name).or_insert_with(|| {
            let known = world.store::<Namespace>().get("", name);
            let current = known.map(|known| modes(&known.metadata.labels).into());
            NamespaceVerdict { current, ..empty(name) }
        });
        let verdict = judge(unit, asked);
        namespace.possible = namespace.possible.min(possible(unit, asked.policy.version));
        namespace.workloads += 1;
        summary.pods += verdict.pods;
        summary.pods_refused += verdict.pods_refused;
        match verdict.change {
            Some(Change::NewlyRefused { .. }) => summary.newly_refused += 1,
            Some(Change::NewlyAdmitted) => summary.newly_admitted += 1,
            _ => {}
        }
        let refused = verdict.message.is_some() || verdict.pods_refused > 0;
        namespace.refused += usize::from(refused);
        if refused || verdict.change.is_some() {
            namespace.verdicts.push(verdict);
        }
    }
    let namespaces: Vec<_> = namespaces.into_values().collect();
    summary.namespaces = namespaces.len();
    summary.namespaces_refused = namespaces.iter().filter(|namespace| namespace.refused > 0).count();
    summary.workloads = namespaces.iter().map(|namespace| namespace.workloads).sum();
    summary.workloads_refused = namespaces.iter().map(|namespace| namespace.refused).sum();
    let kinds = POD_KINDS.iter().chain([&kinds::NAMESPACE]);
    let unread = kinds.filter_map(|kind| world.coverage.missed(*kind)).map(|unknown| unknown.to_string());
    skipped.sort();
    skipped.dedup();
    PodSecurityReport {
        api_version: API_VERSION.to_owned(),
        kind: "PodSecurityReport".to_owned(),
        cluster: cluster.to_owned(),
        policy: asked.policy.to_string(),
        upgrade: asked.upgrade.map(|version| Policy { version, ..asked.policy }.to_string()),
        summary,
        namespaces,
        unread: unread.collect(),
        skipped,
    }
}

fn empty(name: &str) -> NamespaceVerdict {
    NamespaceVerdict {
        namespace: name.to_owned(),
        current: None,
        possible: Level::Restricted,
        workloads: 0,
        refused: 0,
        verdicts: Vec::new(),
    }
}

/// What the live pods of a workload are made of, each that differs once, with the pods that are so.
pub(crate) fn live<'w>(unit: &PodView<'w>) -> Vec<(PodView<'w>, usize)> {
    let mut seen: HashMap<(*const _, Vec<(&str, &str)>), usize> = HashMap::new();
    let mut all: Vec<(PodView<'w>, usize)> = Vec::new();
    for pod in unit.pods.iter().filter(|pod| !pod.has_ended()) {
        // All that is looked at beside the spec.
        let annotations = pod.metadata.annotations.iter().filter(|(key, _)| {
            key.contains("apparmor.security.beta.kubernetes.io/")
                || key.contains("seccomp.security.alpha.kubernetes.io/")
        });
        let annotations = annotations.map(|(key, value)| (key.as_str(), value.as_str())).collect();
        let at = *seen.entry((std::sync::Arc::as_ptr(&pod.spec), annotations)).or_insert(all.len());
        match all.get_mut(at) {
            Some((_, count)) => *count += 1,
            None => all.extend(PodView::of(Workload::Pod(pod)).map(|view| (view, 1))),
        }
    }
    all
}

/// The strictest level that what a workload makes, and each of its live pods, passes.
pub(crate) fn possible(unit: &PodView<'_>, version: PolicyVersion) -> Level {
    let live = live(unit);
    let passes = |level| {
        let policy = Policy { level, version };
        let views = std::iter::once(unit).chain(live.iter().map(|(view, _)| view));
        views.into_iter().all(|view| is_allowed(policy, &Subject::pods(view)))
    };
    let levels = [Level::Restricted, Level::Baseline];
    levels.into_iter().find(|level| passes(*level)).unwrap_or(Level::Privileged)
}

fn judge(unit: &PodView<'_>, asked: Enforcement) -> WorkloadVerdict {
    let of_template = evaluate(asked.policy, &Subject::pods(unit));
    let message = of_template.message();
    let (mut pods, mut pods_refused, mut differing) = (0, 0, BTreeMap::<String, DifferingPods>::new());
    for (view, count) in live(unit) {
        pods += count;
        let Some(told) = evaluate(asked.policy, &Subject::pods(&view)).message() else {
            continue;
        };
        pods_refused += count;
        if Some(&told) != message.as_ref() {
            let first = view.workload.metadata().name.clone();
            let entry = differing.entry(told.clone());
            entry.or_insert(DifferingPods { first, count: 0, message: told }).count += count;
        }
    }
    let upgraded =
        asked.upgrade.map(|version| evaluate(Policy { version, ..asked.policy }, &Subject::pods(unit)));
    let change = upgraded.and_then(|upgraded| change(&of_template, &upgraded));
    WorkloadVerdict {
        object: unit.owner.clone(),
        message,
        violations: of_template.violations.into_iter().map(Into::into).collect(),
        pods,
        pods_refused,
        differing: differing.into_values().collect(),
        change,
    }
}

fn change(now: &Assessment, then: &Assessment) -> Option<Change> {
    match (now.detail(), then.detail()) {
        (one, other) if one == other => None,
        (_, None) => Some(Change::NewlyAdmitted),
        (None, Some(_)) => then.message().map(|message| Change::NewlyRefused { message }),
        (Some(_), Some(_)) => then.message().map(|message| Change::OtherReasons { message }),
    }
}

//! Rules that see the same defect: it is told once, by the one that says most of it.
//!
//! Each rule stands for itself where it is selected alone. Where both ran and both fail for the same place, the finding of
//! the first is left out, and its object counts as passed: the defect is counted once as well.
//!
//! Not here: rules of the Pod Security Standards, which say exactly what the standards say, whatever other rules add. At
//! admission nothing gives way: what one policy denies must not depend on what another tells.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{
    engine::Outcomes,
    finding::{Finding, Verdict},
};
use crate::model::ObjectKey;

/// What two findings must have in common besides the object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Same {
    /// Nothing more.
    Object,
    /// The container; what is said of the pod as a whole is said of each of its containers.
    Container,
    /// Container and field.
    Path,
}

/// The rule that gives way, the rule that tells it, and where.
const OVERLAPS: &[(&str, &str, Same)] = &[
    ("best-effort-pods", "missing-memory-request", Same::Object),
    ("cloud-metadata-reachable", "pod-without-egress-policy", Same::Object),
    ("keda-scaled-object-invalid", "scaled-object-target-missing", Same::Path),
    ("namespace-could-be-stricter", "namespace-without-pod-security", Same::Path),
    ("net-raw-capability", "capabilities-not-dropped", Same::Path),
    ("no-kernel-confinement", "seccomp-profile-missing", Same::Container),
    ("suspended-job", "scaled-to-zero", Same::Path),
];

/// Of a rule and an object, the containers and fields where a defect was found.
type Places<'f> = HashMap<(&'f str, &'f ObjectKey), Vec<(Option<&'f str>, &'f str)>>;
/// Two rules that both ran.
type Pair = &'static (&'static str, &'static str, Same);

/// Leaves out what another rule tells.
pub(super) fn settle(outcomes: &mut Outcomes) {
    let ran = |rule: &str| outcomes.rules.contains_key(rule);
    let pairs: Vec<Pair> = OVERLAPS.iter().filter(|(rule, by, _)| ran(rule) && ran(by)).collect();
    let told = told(&pairs, &outcomes.findings);
    let passes = passes(&pairs, &outcomes.findings, &told);
    let mut told = told.into_iter();
    outcomes.findings.retain(|_| !told.next().unwrap_or_default());
    for (rule, objects) in passes {
        if let Some(count) = outcomes.rules.get_mut(rule) {
            count.failed = count.failed.saturating_sub(objects);
            count.passed += objects;
        }
    }
}

/// Of each finding, whether another rule tells it.
fn told(pairs: &[Pair], findings: &[Finding]) -> Vec<bool> {
    let telling: BTreeSet<&str> = pairs.iter().map(|(_, by, _)| *by).collect();
    let mut places = Places::new();
    for (finding, object) in fails(findings).filter(|(finding, _)| telling.contains(&*finding.rule)) {
        let place = (finding.container.as_deref(), finding.path.as_str());
        places.entry((&finding.rule, object)).or_default().push(place);
    }
    let is_told = |finding: &Finding| {
        let Some(object) = finding.object.as_ref().filter(|_| finding.verdict == Verdict::Fail) else {
            return false;
        };
        pairs.iter().filter(|(rule, ..)| *rule == finding.rule).any(|(_, by, same)| {
            places.get(&(*by, object)).into_iter().flatten().any(|(container, path)| match same {
                Same::Object => true,
                Same::Container => container.is_none() || *container == finding.container.as_deref(),
                Same::Path => *container == finding.container.as_deref() && *path == finding.path,
            })
        })
    };
    findings.iter().map(is_told).collect()
}

/// Of each rule that gives way, how many objects have none of its defects left.
fn passes(pairs: &[Pair], findings: &[Finding], told: &[bool]) -> BTreeMap<&'static str, usize> {
    let with = |gone: bool| {
        let findings = findings.iter().zip(told).filter(move |(_, told)| **told == gone);
        findings.filter_map(|(finding, _)| Some((&*finding.rule, finding.object.as_ref()?, finding.verdict)))
    };
    let mut gone: BTreeSet<_> = with(true).map(|(rule, object, _)| (rule, object)).collect();
    if !gone.is_empty() {
        for (rule, object, _) in with(false).filter(|(.., verdict)| *verdict == Verdict::Fail) {
            gone.remove(&(rule, object));
        }
    }
    let mut passes = BTreeMap::new();
    for (rule, _) in gone {
        if let Some((id, ..)) = pairs.iter().find(|(id, ..)| *id == rule) {
            *passes.entry(*id).or_default() += 1;
        }
    }
    passes
}

/// The defects of objects.
fn fails(findings: &[Finding]) -> impl Iterator<Item = (&Finding, &ObjectKey)> {
    let fails = findings.iter().filter(|finding| finding.verdict == Verdict::Fail);
    fails.filter_map(|finding| Some((finding, finding.object.as_ref()?)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::{Category, Needs, Settings, catalogue, find, from_files, run};
    use crate::manifest::Inputs;

    fn said(rules: &[&str], text: &str) -> (Vec<String>, Outcomes) {
        let inputs = Inputs { files: vec!["-".to_owned()], ..Inputs::default() };
        let (world, _) = from_files(&inputs, &mut text.as_bytes(), "default", true).unwrap();
        let all = catalogue().iter().filter(|rule| rules.is_empty() || rules.contains(&rule.id));
        let outcomes = run(&world, &Settings::default(), &all.collect::<Vec<_>>(), &|_, _| true);
        let mut told: Vec<String> =
            outcomes.findings.iter().map(|finding| finding.rule.to_string()).collect();
        told.sort();
        (told, outcomes)
    }

    const POD: &str = "{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: shop}, spec: {containers: [{name: a, image: x, securityContext: {capabilities: {add: [NET_ADMIN]}}}], volumes: [{name: v, hostPath: {path: /srv}}]}}";

    #[test]
    fn one_defect_is_one_finding() {
        let (told, outcomes) = said(&["net-raw-capability", "capabilities-not-dropped"], POD);
        assert!(told.iter().all(|rule| rule == "capabilities-not-dropped") && !told.is_empty(), "{told:?}");
        assert_eq!(outcomes.rules["net-raw-capability"].passed, 1);
        assert_eq!(outcomes.rules["net-raw-capability"].failed, 0);
    }

    #[test]
    fn a_target_that_keda_misses_is_told_once() {
        let text = "{apiVersion: keda.sh/v1alpha1, kind: ScaledObject, metadata: {name: a, namespace: shop}, spec: {scaleTargetRef: {}, triggers: []}}";
        let told = said(&["keda-scaled-object-invalid", "scaled-object-target-missing"], text).1.findings;
        let told: Vec<_> = told.iter().map(|one| (&*one.rule, one.path.as_str())).collect();
        assert!(told.contains(&("scaled-object-target-missing", "spec.scaleTargetRef")), "{told:?}");
        assert!(told.contains(&("keda-scaled-object-invalid", "spec.triggers")), "{told:?}");
        assert!(!told.contains(&("keda-scaled-object-invalid", "spec.scaleTargetRef")), "{told:?}");
    }

    #[test]
    fn each_stands_for_itself() {
        assert_eq!(said(&["net-raw-capability"], POD).0, ["net-raw-capability"]);
        let standards = ["restricted-volume-type", "host-path-volume"];
        let told = said(&standards, POD).0;
        assert!(standards.iter().all(|rule| told.iter().any(|one| one == rule)), "{told:?}");
    }

    #[test]
    fn rules_exist() {
        for (rule, by, _) in OVERLAPS {
            assert!(find(rule).is_some() && find(by).is_some(), "{rule} {by}");
            let (category, needs) = (find(rule).unwrap().category(), find(rule).unwrap().needs());
            assert!(category != Category::PodSecurity || needs != Needs::Object, "{rule} is a standard's");
        }
    }
}

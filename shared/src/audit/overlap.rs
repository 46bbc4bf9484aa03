//! Rules that see the same defect: it is told once, by the one that says most of it.
//!
//! Each rule stands for itself where it is selected alone. Where both ran and both fail for the same place, the finding of
//! the first is left out, and its object counts as passed: the defect is counted once as well.
//!
//! Not here: rules of the Pod Security Standards, which say exactly what the standards say, whatever other rules add. At
//! admission nothing gives way: what one policy denies must not depend on what another tells.

use std::collections::{BTreeMap, BTreeSet};

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
    ("namespace-could-be-stricter", "namespace-without-pod-security", Same::Path),
    ("net-raw-capability", "capabilities-not-dropped", Same::Path),
    ("no-kernel-confinement", "seccomp-profile-missing", Same::Container),
    ("suspended-job", "scaled-to-zero", Same::Path),
];

/// Where a rule has found a defect.
type Places = BTreeMap<(String, ObjectKey), Vec<(Option<String>, String)>>;

/// Leaves out what another rule tells.
pub(super) fn settle(outcomes: &mut Outcomes) {
    let ran = |rule: &str| outcomes.rules.contains_key(rule);
    let pairs: Vec<_> = OVERLAPS.iter().filter(|(rule, by, _)| ran(rule) && ran(by)).collect();
    if pairs.is_empty() {
        return;
    }
    let telling: BTreeSet<&str> = pairs.iter().map(|(_, by, _)| *by).collect();
    let mut places = Places::new();
    let fails = outcomes.findings.iter().filter(|finding| finding.verdict == Verdict::Fail);
    for finding in fails.filter(|finding| telling.contains(finding.rule.as_str())) {
        if let Some(object) = &finding.object {
            let all = places.entry((finding.rule.clone(), object.clone())).or_default();
            all.push((finding.container.clone(), finding.path.clone()));
        }
    }
    if places.is_empty() {
        return;
    }
    let is_told = |finding: &Finding| {
        let Some(object) = finding.object.as_ref().filter(|_| finding.verdict == Verdict::Fail) else {
            return false;
        };
        pairs.iter().filter(|(rule, ..)| *rule == finding.rule).any(|(_, by, same)| {
            let told = places.get(&((*by).to_owned(), object.clone()));
            told.into_iter().flatten().any(|(container, path)| match same {
                Same::Object => true,
                Same::Container => container.is_none() || *container == finding.container,
                Same::Path => *container == finding.container && *path == finding.path,
            })
        })
    };
    let before = failing(&outcomes.findings);
    outcomes.findings.retain(|finding| !is_told(finding));
    let after = failing(&outcomes.findings);
    for (rule, _) in before.difference(&after) {
        if let Some((_, count)) = outcomes.rules.iter_mut().find(|(id, _)| ***id == *rule) {
            count.failed = count.failed.saturating_sub(1);
            count.passed += 1;
        }
    }
}

/// Which rule fails for which object, of those that may give way.
fn failing(findings: &[Finding]) -> BTreeSet<(String, Option<ObjectKey>)> {
    let gives_way = |finding: &&Finding| OVERLAPS.iter().any(|(rule, ..)| *rule == finding.rule);
    let fails = findings.iter().filter(|finding| finding.verdict == Verdict::Fail).filter(gives_way);
    fails.map(|finding| (finding.rule.clone(), finding.object.clone())).collect()
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
        let mut told: Vec<String> = outcomes.findings.iter().map(|finding| finding.rule.clone()).collect();
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

//! A check of the standards as a rule: what it finds at the newest version, field by field.

use std::collections::BTreeMap;

use super::{blame::Culprit, check::Check, enforce::live, policy::PolicyVersion, subject::Subject};
use crate::{
    audit::{
        findings::Findings,
        rule::Outcome,
        subject::{PodView, Workload},
    },
    model::ObjectKey,
};

/// Tells every field that is to blame. `message` is what is wrong with it.
///
/// Containers that were added to debug stand in live pods only, never in the workload: they are told of the first pod
/// that has such a one.
pub(crate) fn find(
    check: &Check,
    pods: &PodView<'_>,
    out: &mut Findings<'_>,
    message: fn(&Culprit) -> String,
) -> Outcome {
    let violation = check.look(&Subject::pods(pods), PolicyVersion::NEWEST);
    for culprit in violation.into_iter().flat_map(|violation| violation.culprits) {
        let found = out.fail(culprit.path.as_str(), message(&culprit));
        if let Some(container) = &culprit.container {
            found.container(container);
        }
    }
    let is_debugged =
        |view: &PodView<'_>| view.pods.iter().any(|pod| !pod.spec.ephemeral_containers.is_empty());
    if !matches!(pods.workload, Workload::Pod(_)) && is_debugged(pods) {
        for (culprit, pod) in added(check, pods) {
            let found = out.about(&pod, culprit.path.as_str(), message(&culprit));
            if let Some(container) = &culprit.container {
                found.container(container);
            }
        }
    }
    Ok(())
}

/// Fields of containers that were added to the live pods of a workload, each once, with the first pod that has it.
fn added(check: &Check, pods: &PodView<'_>) -> BTreeMap<Culprit, ObjectKey> {
    let mut first = BTreeMap::new();
    for (view, _) in live(pods) {
        if view.spec.ephemeral_containers.is_empty() {
            continue;
        }
        let violation = check.look(&Subject::pods(&view), PolicyVersion::NEWEST);
        for culprit in violation.into_iter().flat_map(|violation| violation.culprits) {
            if culprit.path.contains(".ephemeralContainers[") {
                first.entry(culprit).or_insert_with(|| view.workload.key());
            }
        }
    }
    first
}

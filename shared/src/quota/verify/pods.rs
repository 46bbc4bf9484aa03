//! Pods that should be gone and are still charged.

use super::{Evidence, Finding, Problem};
use crate::{
    model::ObjectKey,
    quota::{
        ResourceQuota,
        usage::{Charged, Pod, usage_with},
    },
    text::counted,
};

/// How long past its time of deletion a pod may be before it is told, in seconds: kubelets take a moment.
const LATE: i64 = 60;

/// Pods of a quota that should be gone. Until their grace period has passed twice they are charged.
pub(super) fn check(evidence: &Evidence<'_>, quota: &ResourceQuota, objects: &[&Charged]) -> Vec<Finding> {
    let Some(spec) = &quota.spec else { return Vec::new() };
    let late = |pod: &Pod| {
        let deletion = pod.metadata.as_ref().and_then(|metadata| metadata.deletion_timestamp);
        deletion.is_some_and(|at| evidence.now.seconds.saturating_sub(at.seconds) > LATE)
            && !pod.has_ended(evidence.now)
    };
    let (mut pods, mut held) = (Vec::new(), crate::quota::Amounts::new());
    for object in objects {
        if let Charged::Pod(pod) = object
            && late(pod)
            && spec.matches_with(object, evidence.devices)
        {
            let usage = usage_with(object, evidence.devices, evidence.now);
            held.add_all(&usage.only(|key| spec.hard.get(key).is_some()));
            pods.push(id(pod));
        }
    }
    if held.is_empty() {
        return Vec::new();
    }
    pods.sort();
    let held: Vec<String> = held.iter().map(|(key, amount)| format!("{key}={amount}")).collect();
    let cause = format!(
        "{} should be gone and {} not: {} {} charged until the grace period has passed once more",
        counted(pods.len(), "pod"),
        if pods.len() == 1 { "is" } else { "are" },
        held.join(", "),
        if held.len() == 1 { "is" } else { "are" },
    );
    let remedy = "see what holds the pods: a node that is gone (kubectl delete pod --force), or a finalizer";
    vec![Finding { objects: pods, ..Finding::new(Problem::Terminating, cause, remedy) }]
}

/// What a pod is called in findings.
pub(super) fn id(pod: &Pod) -> String {
    let metadata = pod.metadata.clone().unwrap_or_default();
    ObjectKey::new("", "Pod", metadata.namespace, metadata.name).to_string()
}

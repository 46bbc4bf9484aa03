//! All checks of a policy over one pod.

use serde_json::Value;

use super::{
    check::{Check, Violation},
    checks::CHECKS,
    policy::{Level, Policy},
    subject::{Form, Subject},
};
use crate::{
    audit::{subject::Workload, world::World},
    graph::edges::group_of,
    model::DecodeError,
};

/// What the API server says of a pod, or of the template of pods, under a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessment {
    /// Under which policy.
    pub policy: Policy,
    /// What the pod violates, in the order in which it is told.
    pub violations: Vec<Violation>,
}

impl Assessment {
    /// Whether the pod is admitted.
    pub fn is_allowed(&self) -> bool {
        self.violations.is_empty()
    }

    /// What whoever creates the pod is told, where it is refused: `violates PodSecurity "restricted:latest": reason
    /// (detail), reason (detail)`.
    pub fn message(&self) -> Option<String> {
        let detail = self.detail()?;
        Some(format!("violates PodSecurity \"{}\": {detail}", self.policy))
    }

    /// The part of the message behind the policy's name.
    pub fn detail(&self) -> Option<String> {
        let all: Vec<String> = self.violations.iter().map(ToString::to_string).collect();
        (!all.is_empty()).then(|| all.join(", "))
    }
}

/// Judges an object given as JSON as the API server does: a pod as it admits or refuses it, a workload by its template
/// as it warns of it. None of an object that has no pods.
pub fn assess(policy: Policy, object: &Value) -> Result<Option<Assessment>, DecodeError> {
    let text = |field: &str| object.get(field).and_then(Value::as_str).unwrap_or_default();
    let (group, kind) = (group_of(text("apiVersion")), text("kind"));
    let mut world = World::of_files();
    let mut object = object.clone();
    // What is only to be judged may be without a name.
    if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata.entry("name").or_insert_with(|| Value::from("unnamed"));
    }
    world.take_json(group, kind, object)?;
    let subjects = crate::audit::subject::every_view(&world);
    Ok(subjects.first().map(|view| {
        let form = if matches!(view.workload, Workload::Pod(_)) { Form::Pod } else { Form::Template };
        evaluate(policy, &Subject::new(view, form))
    }))
}

/// Makes every check of the policy.
pub(crate) fn evaluate(policy: Policy, subject: &Subject<'_>) -> Assessment {
    let minor = policy.version.effective();
    let violations = checks(policy.level, minor).filter_map(|check| check.look(subject, minor)).collect();
    Assessment { policy, violations }
}

/// Whether every check of the policy passes; cheaper than all that is wrong.
pub(crate) fn is_allowed(policy: Policy, subject: &Subject<'_>) -> bool {
    let minor = policy.version.effective();
    checks(policy.level, minor).all(|check| (check.run)(subject, minor).is_none())
}

/// The checks of a level as of a minor version, in order. The restricted level has those of the baseline as well, but
/// for those that a stricter one takes the place of.
pub(super) fn checks(level: Level, minor: u32) -> impl Iterator<Item = &'static Check> {
    let applies = move |check: &Check| check.level <= level && check.since <= minor;
    let is_overridden = move |check: &Check| {
        level > check.level
            && CHECKS.iter().any(|other| applies(other) && other.overrides.contains(&check.id))
    };
    CHECKS.iter().copied().filter(move |check| applies(check) && !is_overridden(check))
}

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
    if let Some(fields) = object.as_object_mut() {
        let metadata = fields.entry("metadata").or_insert_with(|| Value::Object(serde_json::Map::new()));
        if let Some(metadata) = metadata.as_object_mut() {
            metadata.entry("name").or_insert_with(|| Value::from("unnamed"));
        }
    }
    world.take_json(group, kind, object)?;
    Ok(assess_first(policy, &world))
}

/// The same of the one object of a world.
pub(crate) fn assess_first(policy: Policy, world: &World) -> Option<Assessment> {
    let subjects = crate::audit::subject::every_view(world);
    subjects.first().map(|view| {
        let form = if matches!(view.workload, Workload::Pod(_)) { Form::Pod } else { Form::Template };
        evaluate(policy, &Subject::new(view, form))
    })
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::audit::pod_security::PolicyVersion;

    #[expect(clippy::option_option, reason = "no verdict, a verdict without words, and one with")]
    fn told(object: &Value) -> Option<Option<String>> {
        let policy = Policy::new(Level::Baseline, PolicyVersion::Latest);
        assess(policy, object).unwrap().map(|assessment| assessment.message())
    }

    #[test]
    fn objects_without_a_name_are_judged_and_objects_without_pods_are_not() {
        let spec = json!({"hostPID": true, "containers": [{"name": "a", "image": "x"}]});
        let said =
            Some(Some("violates PodSecurity \"baseline:latest\": host namespaces (hostPID=true)".to_owned()));
        assert_eq!(told(&json!({"apiVersion": "v1", "kind": "Pod", "spec": spec})), said);
        let template = json!({"template": {"spec": spec}});
        assert_eq!(told(&json!({"apiVersion": "apps/v1", "kind": "Deployment", "spec": template})), said);
        assert_eq!(told(&json!({"apiVersion": "v1", "kind": "Service", "spec": {}})), None);
        assert_eq!(told(&json!({"apiVersion": "example.com/v1", "kind": "Pod", "spec": spec})), None);
        assert_eq!(told(&json!({"apiVersion": "v1", "kind": "ReplicationController", "metadata": {}})), None);
        assert!(
            assess(Policy::PRIVILEGED, &json!({"apiVersion": "v1", "kind": "Pod", "spec": "x"})).is_err()
        );
        assert!(assess(Policy::PRIVILEGED, &json!(["a"])).unwrap().is_none());
    }

    #[test]
    fn ports_are_the_nodes_in_pods_alone_and_profiles_come_from_annotations_there() {
        let key = "container.apparmor.security.beta.kubernetes.io/a";
        let metadata = json!({"name": "it", "annotations": {key: "unconfined"}});
        let spec =
            json!({"hostNetwork": true, "containers": [{"name": "a", "ports": [{"containerPort": 80}]}]});
        let annotation = "must not set AppArmor profile type to";
        let pod = told(&json!({"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec}));
        let pod = pod.flatten().unwrap();
        assert!(
            pod.contains(&format!("container \"a\" and annotation {annotation} \"Unconfined\", ")),
            "{pod}"
        );
        assert!(
            pod.ends_with("host namespaces (hostNetwork=true), hostPort (container \"a\" uses hostPort 80)")
        );
        let template = json!({"template": {"metadata": metadata, "spec": spec}});
        let job =
            told(&json!({"apiVersion": "batch/v1", "kind": "Job", "spec": template})).flatten().unwrap();
        assert!(
            job.contains(&format!("(annotation {annotation} ")) && job.ends_with("(hostNetwork=true)"),
            "{job}"
        );
    }
}

use crate::audit::pod_security::{
    blame::Blame,
    check::{Check, Violation},
    policy::Level,
    subject::{Subject, security},
};

/// Every container is held to run as somebody else than root, by itself or by the pod. Since 1.35 not in a user
/// namespace of its own.
pub(crate) static CHECK: Check =
    Check { id: "runAsNonRoot", level: Level::Restricted, since: 0, overrides: &[], run };

const FIELD: &str = "securityContext.runAsNonRoot";

fn run(subject: &Subject<'_>, minor: u32) -> Option<Violation> {
    if minor >= 35 && subject.is_in_user_namespace() {
        return None;
    }
    let of_pod = subject.security().and_then(|it| it.run_as_non_root);
    let (mut saying, mut silent) = (Blame::default(), Blame::default());
    if of_pod == Some(false) {
        saying.pod(subject, FIELD, "false");
    }
    for container in subject.containers() {
        match security(&container).and_then(|it| it.run_as_non_root) {
            Some(false) => saying.container(&container, FIELD, Some("false")),
            // What the pod says is blamed on the pod.
            None if of_pod.is_none() => silent.container(&container, FIELD, None),
            Some(true) | None => {}
        }
    }
    let detail = if !saying.is_empty() {
        format!("{} must not set securityContext.runAsNonRoot=false", saying.setters())
    } else if !silent.is_empty() {
        format!("pod or {} must set securityContext.runAsNonRoot=true", silent.containers())
    } else {
        return None;
    };
    saying.culprits.append(&mut silent.culprits);
    Some(Violation::new("runAsNonRoot != true", detail, saying))
}

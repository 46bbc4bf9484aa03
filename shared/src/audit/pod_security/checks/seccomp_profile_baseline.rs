use std::collections::BTreeSet;

use crate::audit::pod_security::{
    blame::{Blame, Culprit},
    check::{Check, Violation},
    policy::Level,
    subject::{Subject, security},
    text,
};

/// Nobody leaves seccomp: by the field, or before 1.19 by the annotations that were there before.
pub(crate) static CHECK: Check =
    Check { id: "seccompProfile_baseline", level: Level::Baseline, since: 0, overrides: &[], run };

pub(super) const FIELD: &str = "securityContext.seccompProfile.type";
const OF_POD: &str = "seccomp.security.alpha.kubernetes.io/pod";
const OF_CONTAINER: &str = "container.seccomp.security.alpha.kubernetes.io/";

fn run(subject: &Subject<'_>, minor: u32) -> Option<Violation> {
    if minor < 19 {
        return by_annotations(subject);
    }
    let mut blame = Blame::default();
    if let Some(profile) = subject.security().and_then(|it| it.seccomp_profile.as_ref())
        && !is_allowed(&profile.r#type)
    {
        blame.pod_with(subject, FIELD, &profile.r#type);
    }
    for container in subject.containers() {
        if let Some(profile) = security(&container).and_then(|it| it.seccomp_profile.as_ref())
            && !is_allowed(&profile.r#type)
        {
            blame.container_with(&container, FIELD, &profile.r#type);
        }
    }
    (!blame.is_empty()).then(|| said(blame))
}

/// Who says what should not be said.
pub(super) fn said(blame: Blame<'_>) -> Violation {
    let (who, what) = (blame.setters(), blame.quoted_values());
    let detail = format!("{who} must not set securityContext.seccompProfile.type to {what}");
    Violation::new("seccompProfile", detail, blame)
}

pub(super) fn is_allowed(profile: &str) -> bool {
    matches!(profile, "RuntimeDefault" | "Localhost")
}

fn by_annotations(subject: &Subject<'_>) -> Option<Violation> {
    if subject.annotations().is_empty() {
        return None;
    }
    let (mut forbidden, mut blame) = (BTreeSet::new(), Blame::default());
    let mut look = |key: &str, container: Option<&str>| {
        let Some(value) = subject.annotations().get(key).filter(|value| !is_allowed_annotation(value)) else {
            return;
        };
        forbidden.insert(format!("{key}={}", text::go_quoted(value)));
        let culprit = Culprit::of_pod(subject.annotation_path(key), value);
        blame.culprits.push(Culprit { container: container.map(str::to_owned), ..culprit });
    };
    look(OF_POD, None);
    for container in subject.containers() {
        look(&format!("{OF_CONTAINER}{}", container.name), Some(&container.name));
    }
    (!forbidden.is_empty()).then(|| {
        let word = text::plural("annotation", "annotations", forbidden.len());
        let all = forbidden.into_iter().collect::<Vec<_>>().join(", ");
        Violation::new("seccompProfile", format!("forbidden {word} {all}"), blame)
    })
}

fn is_allowed_annotation(value: &str) -> bool {
    matches!(value, "runtime/default" | "docker/default") || value.starts_with("localhost/")
}

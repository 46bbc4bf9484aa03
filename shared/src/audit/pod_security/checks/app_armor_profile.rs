use std::collections::BTreeSet;

use crate::audit::pod_security::{
    blame::{Blame, Culprit},
    check::{Check, Violation},
    policy::Level,
    subject::Subject,
    text,
};

/// Nobody leaves AppArmor: by the field, or by the annotation that was there before.
pub(crate) static CHECK: Check =
    Check { id: "appArmorProfile", level: Level::Baseline, since: 0, overrides: &[], run };

const FIELD: &str = "securityContext.appArmorProfile.type";

fn run(subject: &Subject<'_>, _: u32) -> Option<Violation> {
    let mut blame = Blame::default();
    let of_pod = subject.security().and_then(|it| it.app_armor_profile.as_ref());
    if let Some(profile) = of_pod.filter(|profile| !is_allowed(&profile.r#type)) {
        blame.pod_with(subject, FIELD, &profile.r#type);
    }
    for container in subject.containers() {
        if let Some(profile) = subject.app_armor(&container).filter(|profile| !is_allowed(profile)) {
            blame.container_with(&container, FIELD, profile);
        }
    }
    let mut annotations = BTreeSet::new();
    for (key, value) in subject.app_armor_annotations().filter(|(_, value)| !is_allowed_annotation(value)) {
        annotations.insert(format!("{key}={}", text::go_quoted(value)));
        blame.culprits.push(Culprit::of_pod(subject.annotation_path(key), value));
    }
    (!blame.is_empty()).then(|| {
        let mut setters = Vec::new();
        if blame.pod || !blame.names.is_empty() {
            setters.push(blame.setters());
        }
        if !annotations.is_empty() {
            setters.push(text::plural("annotation", "annotations", annotations.len()).to_owned());
        }
        let values = blame.values.iter().copied().chain(annotations.iter().map(String::as_str));
        let count = blame.values.len() + annotations.len();
        let detail = format!(
            "{} must not set AppArmor profile type to {}",
            setters.join(" and "),
            text::quoted(values)
        );
        let reason = text::plural("forbidden AppArmor profile", "forbidden AppArmor profiles", count);
        Violation::new(reason, detail, blame)
    })
}

fn is_allowed(profile: &str) -> bool {
    matches!(profile, "RuntimeDefault" | "Localhost")
}

fn is_allowed_annotation(value: &str) -> bool {
    value.is_empty() || value == "runtime/default" || value.starts_with("localhost/")
}

use super::seccomp_profile_baseline::{FIELD, is_allowed, said};
use crate::audit::pod_security::{
    blame::Blame,
    check::{Check, Violation},
    policy::Level,
    subject::{Subject, security},
};

/// Every container has a seccomp profile, its own or the pod's. Since 1.25 pods for Windows, which has no seccomp,
/// need none.
pub(crate) static CHECK: Check = Check {
    id: "seccompProfile_restricted",
    level: Level::Restricted,
    since: 19,
    overrides: &["seccompProfile_baseline"],
    run,
};

fn run(subject: &Subject<'_>, minor: u32) -> Option<Violation> {
    if minor >= 25 && subject.is_windows() {
        return None;
    }
    let of_pod = subject.security().and_then(|it| it.seccomp_profile.as_ref());
    let (mut saying, mut silent) = (Blame::default(), Blame::default());
    if let Some(profile) = of_pod.filter(|profile| !is_allowed(&profile.r#type)) {
        saying.pod_with(subject, FIELD, &profile.r#type);
    }
    for container in subject.containers() {
        match security(&container).and_then(|it| it.seccomp_profile.as_ref()) {
            Some(profile) if is_allowed(&profile.r#type) => {}
            Some(profile) => saying.container_with(&container, FIELD, &profile.r#type),
            // What the pod says is blamed on the pod.
            None if of_pod.is_none() => silent.container(&container, "securityContext.seccompProfile", None),
            None => {}
        }
    }
    if !saying.is_empty() {
        let mut violation = said(saying);
        violation.culprits.append(&mut silent.culprits);
        return Some(violation);
    }
    (!silent.is_empty()).then(|| {
        let detail = format!(
            "pod or {} must set securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\"",
            silent.containers()
        );
        Violation::new("seccompProfile", detail, silent)
    })
}

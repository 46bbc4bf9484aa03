use crate::audit::pod_security::{
    blame::Blame,
    check::{Check, Violation},
    policy::Level,
    subject::{Subject, security},
};

/// No container sees an unmasked /proc. Since 1.35 it may in a user namespace of its own.
pub(crate) static CHECK: Check =
    Check { id: "procMount", level: Level::Baseline, since: 0, overrides: &[], run };

fn run(subject: &Subject<'_>, minor: u32) -> Option<Violation> {
    if minor >= 35 && subject.is_in_user_namespace() {
        return None;
    }
    unmasked(subject)
}

/// What the restricted level forbids in a user namespace as well.
pub(super) fn unmasked(subject: &Subject<'_>) -> Option<Violation> {
    let mut blame = Blame::default();
    for container in subject.containers() {
        let mount = security(&container).and_then(|it| it.proc_mount.as_deref());
        if let Some(mount) = mount.filter(|mount| *mount != "Default") {
            blame.container_with(&container, "securityContext.procMount", mount);
        }
    }
    (!blame.is_empty()).then(|| {
        let (who, what) = (blame.containers(), blame.quoted_values());
        Violation::new("procMount", format!("{who} must not set securityContext.procMount to {what}"), blame)
    })
}

use crate::audit::pod_security::{
    blame::Blame,
    check::{Check, Violation},
    policy::Level,
    subject::{Subject, security},
};

/// Every container says that it may not gain privileges. Windows has no such thing, and since 1.25 pods for Windows
/// need not say so.
pub(crate) static CHECK: Check =
    Check { id: "allowPrivilegeEscalation", level: Level::Restricted, since: 8, overrides: &[], run };

fn run(subject: &Subject<'_>, minor: u32) -> Option<Violation> {
    if minor >= 25 && subject.is_windows() {
        return None;
    }
    let mut blame = Blame::default();
    for container in subject.containers() {
        let seen = security(&container).and_then(|it| it.allow_privilege_escalation);
        if seen != Some(false) {
            let value = seen.map(|_| "true");
            blame.container(&container, "securityContext.allowPrivilegeEscalation", value);
        }
    }
    (!blame.is_empty()).then(|| {
        let detail =
            format!("{} must set securityContext.allowPrivilegeEscalation=false", blame.containers());
        Violation::new("allowPrivilegeEscalation != false", detail, blame)
    })
}

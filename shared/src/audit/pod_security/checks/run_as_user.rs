use crate::audit::pod_security::{
    blame::Blame,
    check::{Check, Violation},
    policy::Level,
    subject::{Subject, security},
};

/// Nobody says that it is to run as root. Since 1.35 it may in a user namespace of its own.
pub(crate) static CHECK: Check =
    Check { id: "runAsUser", level: Level::Restricted, since: 23, overrides: &[], run };

const FIELD: &str = "securityContext.runAsUser";

fn run(subject: &Subject<'_>, minor: u32) -> Option<Violation> {
    if minor >= 35 && subject.is_in_user_namespace() {
        return None;
    }
    let mut blame = Blame::default();
    if subject.security().and_then(|it| it.run_as_user) == Some(0) {
        blame.pod(subject, FIELD, "0");
    }
    for container in subject.containers() {
        if security(&container).and_then(|it| it.run_as_user) == Some(0) {
            blame.container(&container, FIELD, Some("0"));
        }
    }
    (!blame.is_empty()).then(|| {
        let detail = format!("{} must not set runAsUser=0", blame.setters());
        Violation::new("runAsUser=0", detail, blame)
    })
}

use crate::audit::pod_security::{
    blame::Blame,
    check::{Check, Violation},
    policy::Level,
    subject::{Subject, security},
};

/// No container is privileged.
pub(crate) static CHECK: Check =
    Check { id: "privileged", level: Level::Baseline, since: 0, overrides: &[], run };

fn run(subject: &Subject<'_>, _: u32) -> Option<Violation> {
    let mut blame = Blame::default();
    for container in subject.containers() {
        if security(&container).and_then(|it| it.privileged) == Some(true) {
            blame.container(&container, "securityContext.privileged", Some("true"));
        }
    }
    (!blame.is_empty()).then(|| {
        let detail = format!("{} must not set securityContext.privileged=true", blame.containers());
        Violation::new("privileged", detail, blame)
    })
}

use crate::audit::pod_security::{
    blame::Blame,
    check::{Check, Violation},
    policy::Level,
    subject::{Subject, security},
};

/// Nobody runs as a process of a Windows node.
pub(crate) static CHECK: Check =
    Check { id: "windowsHostProcess", level: Level::Baseline, since: 0, overrides: &[], run };

const FIELD: &str = "securityContext.windowsOptions.hostProcess";

fn run(subject: &Subject<'_>, _: u32) -> Option<Violation> {
    let mut blame = Blame::default();
    let of_pod = subject.security().and_then(|it| it.windows_options.as_ref());
    if of_pod.and_then(|it| it.host_process) == Some(true) {
        blame.pod(subject, FIELD, "true");
    }
    for container in subject.containers() {
        let own = security(&container).and_then(|it| it.windows_options.as_ref());
        if own.and_then(|it| it.host_process) == Some(true) {
            blame.container(&container, FIELD, Some("true"));
        }
    }
    (!blame.is_empty()).then(|| {
        let detail = format!("{} must not set {FIELD}=true", blame.setters());
        Violation::new("hostProcess", detail, blame)
    })
}

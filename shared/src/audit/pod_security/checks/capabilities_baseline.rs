use crate::audit::pod_security::{
    blame::Blame,
    check::{Check, Violation},
    policy::Level,
    subject::{Subject, security},
};

/// No container adds a capability beyond those that runtimes give anyway.
pub(crate) static CHECK: Check =
    Check { id: "capabilities_baseline", level: Level::Baseline, since: 0, overrides: &[], run };

/// The capabilities that runtimes give, without NET_RAW.
pub(crate) const ALLOWED: &[&str] = &[
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
];

fn run(subject: &Subject<'_>, _: u32) -> Option<Violation> {
    let mut blame = Blame::default();
    for container in subject.containers() {
        let capabilities = security(&container).and_then(|it| it.capabilities.as_ref());
        let added = capabilities.into_iter().flat_map(|it| it.add.iter()).enumerate();
        for (at, capability) in added.filter(|(_, name)| !ALLOWED.contains(&name.as_str())) {
            blame.container_with(&container, &format!("securityContext.capabilities.add[{at}]"), capability);
        }
    }
    (!blame.is_empty()).then(|| {
        let detail = format!(
            "{} must not include {} in securityContext.capabilities.add",
            blame.containers(),
            blame.quoted_values()
        );
        Violation::new("non-default capabilities", detail, blame)
    })
}

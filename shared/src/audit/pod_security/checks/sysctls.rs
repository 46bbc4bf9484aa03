use crate::audit::pod_security::{
    blame::Blame,
    check::{Check, Violation},
    policy::Level,
    subject::Subject,
};

/// The pod sets no kernel parameter beyond those that concern it alone; later versions know more of them.
pub(crate) static CHECK: Check =
    Check { id: "sysctls", level: Level::Baseline, since: 0, overrides: &[], run };

/// Since which minor version a parameter is known to be harmless.
pub(crate) fn safe_since(name: &str) -> Option<u32> {
    match name {
        "kernel.shm_rmid_forced"
        | "net.ipv4.ip_local_port_range"
        | "net.ipv4.tcp_syncookies"
        | "net.ipv4.ping_group_range"
        | "net.ipv4.ip_unprivileged_port_start" => Some(0),
        "net.ipv4.ip_local_reserved_ports" => Some(27),
        "net.ipv4.tcp_keepalive_time"
        | "net.ipv4.tcp_fin_timeout"
        | "net.ipv4.tcp_keepalive_intvl"
        | "net.ipv4.tcp_keepalive_probes" => Some(29),
        "net.ipv4.tcp_rmem" | "net.ipv4.tcp_wmem" => Some(32),
        _ => None,
    }
}

fn run(subject: &Subject<'_>, minor: u32) -> Option<Violation> {
    let all = subject.security().map(|it| it.sysctls.as_slice()).unwrap_or_default();
    let is_unsafe = |name: &str| safe_since(name).is_none_or(|since| minor < since);
    let mut blame = Blame::default();
    for (at, sysctl) in all.iter().enumerate().filter(|(_, sysctl)| is_unsafe(&sysctl.name)) {
        blame.pod(subject, &format!("securityContext.sysctls[{at}].name"), &sysctl.name);
        blame.names.push(&sysctl.name);
    }
    (!blame.is_empty()).then(|| Violation::new("forbidden sysctls", blame.names.join(", "), blame))
}

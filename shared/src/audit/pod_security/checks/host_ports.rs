use std::collections::BTreeSet;

use crate::audit::pod_security::{
    blame::Blame,
    check::{Check, Violation},
    policy::Level,
    subject::Subject,
    text,
};

/// No container takes a port of the node.
pub(crate) static CHECK: Check =
    Check { id: "hostPorts", level: Level::Baseline, since: 0, overrides: &[], run };

fn run(subject: &Subject<'_>, _: u32) -> Option<Violation> {
    let mut blame = Blame::default();
    // Sorted as texts.
    let mut ports = BTreeSet::new();
    for container in subject.containers() {
        for (at, port) in container.get().ports.iter().enumerate() {
            let host_port = subject.host_port(&container, port);
            if host_port != 0 {
                let value = host_port.to_string();
                blame.container(&container, &format!("ports[{at}].hostPort"), Some(&value));
                ports.insert(value);
            }
        }
    }
    (!blame.is_empty()).then(|| {
        let detail = format!(
            "{} {} {} {}",
            blame.containers(),
            text::plural("uses", "use", blame.names.len()),
            text::plural("hostPort", "hostPorts", ports.len()),
            ports.into_iter().collect::<Vec<_>>().join(", ")
        );
        Violation::new("hostPort", detail, blame)
    })
}

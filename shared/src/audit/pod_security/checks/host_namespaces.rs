use crate::audit::pod_security::{
    blame::Blame,
    check::{Check, Violation},
    policy::Level,
    subject::Subject,
};

/// The pod has its own network, processes and shared memory.
pub(crate) static CHECK: Check =
    Check { id: "hostNamespaces", level: Level::Baseline, since: 0, overrides: &[], run };

fn run(subject: &Subject<'_>, _: u32) -> Option<Violation> {
    let spec = subject.spec;
    let fields = [("hostNetwork", spec.host_network), ("hostPID", spec.host_pid), ("hostIPC", spec.host_ipc)];
    let mut blame = Blame::default();
    for (field, _) in fields.into_iter().filter(|(_, shared)| *shared) {
        blame.pod(subject, field, "true");
    }
    (!blame.is_empty()).then(|| {
        let shared = fields.into_iter().filter(|(_, shared)| *shared);
        let detail = shared.map(|(field, _)| format!("{field}=true")).collect::<Vec<_>>().join(", ");
        Violation::new("host namespaces", detail, blame)
    })
}

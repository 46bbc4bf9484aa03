use crate::audit::pod_security::{
    blame::Blame,
    check::{Check, Violation},
    policy::Level,
    subject::Subject,
    text,
};

/// No volume is a directory of the node.
pub(crate) static CHECK: Check =
    Check { id: "hostPathVolumes", level: Level::Baseline, since: 0, overrides: &[], run };

fn run(subject: &Subject<'_>, _: u32) -> Option<Violation> {
    let mut blame = Blame::default();
    for (at, volume) in subject.spec.volumes.iter().enumerate() {
        if let Some(host_path) = &volume.source.host_path {
            blame.volume(subject, at, &volume.name, "hostPath", &host_path.path);
        }
    }
    (!blame.is_empty()).then(|| {
        let names = &blame.names;
        let detail = format!("{} {}", text::plural("volume", "volumes", names.len()), text::quoted(names));
        Violation::new("hostPath volumes", detail, blame)
    })
}

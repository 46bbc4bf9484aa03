use crate::audit::pod_security::{
    blame::Blame,
    check::{Check, Violation},
    policy::Level,
    subject::Subject,
    text,
};

/// Volumes are of the kinds that reach nothing but what the pod is meant to have.
pub(crate) static CHECK: Check = Check {
    id: "restrictedVolumes",
    level: Level::Restricted,
    since: 0,
    overrides: &["hostPathVolumes"],
    run,
};

const ALLOWED: &[&str] = &[
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "image",
    "persistentVolumeClaim",
    "projected",
    "secret",
];

fn run(subject: &Subject<'_>, _: u32) -> Option<Violation> {
    let mut blame = Blame::default();
    for (at, volume) in subject.spec.volumes.iter().enumerate() {
        let source = Subject::source(volume);
        if !ALLOWED.contains(&source) {
            blame.volume(subject, at, &volume.name, source, source);
            blame.values.insert(source);
        }
    }
    (!blame.is_empty()).then(|| {
        let (names, types) = (&blame.names, blame.values.len());
        let detail = format!(
            "{} {} {} {} {}",
            text::plural("volume", "volumes", names.len()),
            text::quoted(names),
            text::plural("uses", "use", names.len()),
            text::plural("restricted volume type", "restricted volume types", types),
            blame.quoted_values()
        );
        Violation::new("restricted volume types", detail, blame)
    })
}

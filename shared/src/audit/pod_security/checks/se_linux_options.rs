use crate::audit::{
    api::SeLinuxOptions,
    pod_security::{
        blame::Blame,
        check::{Check, Violation},
        policy::Level,
        subject::{Subject, security},
        text,
    },
};

/// Nobody leaves the container types of SELinux, or sets its user or role. Since 1.31 the type of container engines
/// is one of them.
pub(crate) static CHECK: Check =
    Check { id: "seLinuxOptions", level: Level::Baseline, since: 0, overrides: &[], run };

/// The field, its value, and whether the message tells it.
type Wrong<'a> = (&'static str, &'a str, bool);

fn run(subject: &Subject<'_>, minor: u32) -> Option<Violation> {
    let mut blame = Blame::default();
    let (mut sets_user, mut sets_role) = (false, false);
    let mut note = |options: &SeLinuxOptions| {
        sets_user |= !options.user.is_empty();
        sets_role |= !options.role.is_empty();
    };
    if let Some(options) = subject.security().and_then(|it| it.se_linux_options.as_ref()) {
        note(options);
        for (field, value, is_type) in faults(options, minor) {
            blame.pod(subject, &format!("securityContext.seLinuxOptions.{field}"), value);
            blame.values.extend(is_type.then_some(value));
        }
    }
    for container in subject.containers() {
        if let Some(options) = security(&container).and_then(|it| it.se_linux_options.as_ref()) {
            note(options);
            for (field, value, is_type) in faults(options, minor) {
                blame.container(&container, &format!("securityContext.seLinuxOptions.{field}"), Some(value));
                blame.values.extend(is_type.then_some(value));
            }
        }
    }
    (!blame.is_empty()).then(|| {
        let mut data = Vec::new();
        if !blame.values.is_empty() {
            let word = text::plural("type", "types", blame.values.len());
            data.push(format!("{word} {}", blame.quoted_values()));
        }
        data.extend(sets_user.then(|| "user may not be set".to_owned()));
        data.extend(sets_role.then(|| "role may not be set".to_owned()));
        let who = blame.setters();
        let detail = format!("{who} set forbidden securityContext.seLinuxOptions: {}", data.join("; "));
        Violation::new("seLinuxOptions", detail, blame)
    })
}

fn faults(options: &SeLinuxOptions, minor: u32) -> impl Iterator<Item = Wrong<'_>> {
    let is_allowed = match options.r#type.as_str() {
        "" | "container_t" | "container_init_t" | "container_kvm_t" => true,
        "container_engine_t" => minor >= 31,
        _ => false,
    };
    let r#type = (!is_allowed).then_some(("type", options.r#type.as_str(), true));
    let user = (!options.user.is_empty()).then_some(("user", options.user.as_str(), false));
    let role = (!options.role.is_empty()).then_some(("role", options.role.as_str(), false));
    r#type.into_iter().chain(user).chain(role)
}

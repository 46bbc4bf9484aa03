use crate::audit::pod_security::{
    blame::Blame,
    check::{Check, Violation},
    policy::Level,
    subject::{Subject, security},
};

/// Every container drops all capabilities and adds none but NET_BIND_SERVICE. Since 1.25 pods for Windows, which has
/// no capabilities, need not say so.
pub(crate) static CHECK: Check = Check {
    id: "capabilities_restricted",
    level: Level::Restricted,
    since: 22,
    overrides: &["capabilities_baseline"],
    run,
};

fn run(subject: &Subject<'_>, minor: u32) -> Option<Violation> {
    if minor >= 25 && subject.is_windows() {
        return None;
    }
    let (mut keeping, mut adding) = (Blame::default(), Blame::default());
    for container in subject.containers() {
        let capabilities = security(&container).and_then(|it| it.capabilities.as_ref());
        if !capabilities.is_some_and(|it| it.drop.iter().any(|name| name == "ALL")) {
            keeping.container(&container, "securityContext.capabilities.drop", None);
        }
        let added = capabilities.into_iter().flat_map(|it| it.add.iter()).enumerate();
        for (at, capability) in added.filter(|(_, name)| *name != "NET_BIND_SERVICE") {
            adding.container_with(&container, &format!("securityContext.capabilities.add[{at}]"), capability);
        }
    }
    let mut details = Vec::new();
    if !keeping.is_empty() {
        details
            .push(format!("{} must set securityContext.capabilities.drop=[\"ALL\"]", keeping.containers()));
    }
    if !adding.is_empty() {
        details.push(format!(
            "{} must not include {} in securityContext.capabilities.add",
            adding.containers(),
            adding.quoted_values()
        ));
    }
    (!details.is_empty()).then(|| {
        keeping.culprits.append(&mut adding.culprits);
        Violation::new("unrestricted capabilities", details.join("; "), keeping)
    })
}

//! Why the API server refused to create a pod, out of what a controller says of it.

use crate::{
    audit::{context::Context, world::Unknown},
    model::{ObjectKey, kinds},
};

/// Why pods can't be created.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// In one line, without the pod's name.
    pub(crate) message: String,
    /// The rule and the object of the cause, where it is known.
    pub(crate) cause: Option<(&'static str, ObjectKey)>,
}

/// What Pod Security says of the first thing that it forbids, and the rule of that.
const POD_SECURITY: &[(&str, &str)] = &[
    ("allowPrivilegeEscalation", "privilege-escalation-allowed"),
    ("forbidden AppArmor", "app-armor-disabled"),
    ("forbidden sysctls", "unsafe-sysctl"),
    ("host namespaces", "host-namespace-shared"),
    ("hostPath volumes", "host-path-volume"),
    ("hostPort", "host-port"),
    ("hostProcess", "windows-host-process"),
    ("non-default capabilities", "capability-added"),
    ("privileged", "privileged-container"),
    ("probe or lifecycle host", "probe-of-another-host"),
    ("procMount", "unmasked-proc-mount"),
    ("restricted volume types", "restricted-volume-type"),
    ("runAsNonRoot", "run-as-root-allowed"),
    ("runAsUser=0", "run-as-user-root"),
    ("seLinuxOptions", "custom-selinux-options"),
    ("seccompProfile", "seccomp-profile-missing"),
    ("unrestricted capabilities", "capabilities-not-dropped"),
];

impl Refusal {
    /// Takes a controller's message apart. `owner` is the workload.
    pub(crate) fn parse(message: &str, owner: &ObjectKey) -> Self {
        let line = message.lines().next().unwrap_or_default().trim();
        let reason = ["is forbidden: ", "is invalid: "].into_iter().find_map(|mark| line.split_once(mark));
        let reason = reason.map_or(line, |(_, reason)| reason);
        let reason = reason.strip_prefix("Error creating: ").unwrap_or(reason);
        let namespace = &owner.namespace;
        let quota = ["exceeded quota: ", "failed quota: "].into_iter().find_map(|mark| {
            let name = reason.strip_prefix(mark)?.split([',', ':']).next()?;
            let kind = kinds::RESOURCE_QUOTA;
            let key = ObjectKey::new(kind.group, kind.kind, namespace.clone(), name);
            Some((if mark.starts_with('e') { "quota-nearly-full" } else { "missing-resource-request" }, key))
        });
        let quota =
            quota.map(|(rule, key)| (rule, if rule == "quota-nearly-full" { key } else { owner.clone() }));
        let account = reason.contains("error looking up service account");
        let account = account.then(|| ("missing-service-account", owner.clone()));
        let policy = reason.strip_prefix("violates PodSecurity ").and_then(|rest| rest.split_once(": "));
        let policy =
            policy.and_then(|(_, first)| POD_SECURITY.iter().find(|(mark, _)| first.starts_with(mark)));
        let policy = policy.map(|(_, rule)| (*rule, owner.clone()));
        // How much is used changes from moment to moment.
        let reason = match (reason.split_once(", used: "), reason.split_once(", limited: ")) {
            (Some((before, _)), Some((_, limited))) => format!("{before}, limited: {limited}"),
            _ => reason.to_owned(),
        };
        Self { message: reason, cause: quota.or(account).or(policy) }
    }
}

/// The newest `FailedCreate` event about a workload.
pub(crate) fn newest_refusal(cx: &Context<'_>, owner: &ObjectKey) -> Result<Option<Refusal>, Unknown> {
    let events = cx.events_of(owner)?;
    let newest = events.iter().rev().find(|event| event.reason == "FailedCreate" && event.r#type != "Normal");
    Ok(newest.map(|event| Refusal::parse(&event.message, owner)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_by_name() {
        let owner: ObjectKey = "Deployment.apps/shop/web".parse().unwrap();
        for (message, expected, cause) in [
            (
                r#"pods "web-7d-" is forbidden: exceeded quota: compute, requested: cpu=1, used: cpu=3, limited: cpu=3"#,
                "exceeded quota: compute, requested: cpu=1, limited: cpu=3",
                Some("quota-nearly-full ResourceQuota/shop/compute"),
            ),
            (
                r#"Error creating: pods "web-x" is forbidden: error looking up service account shop/robot: serviceaccount "robot" not found"#,
                r#"error looking up service account shop/robot: serviceaccount "robot" not found"#,
                Some("missing-service-account Deployment.apps/shop/web"),
            ),
            (
                r#"pods "web-x" is forbidden: failed quota: compute: must specify limits.cpu for: a"#,
                "failed quota: compute: must specify limits.cpu for: a",
                Some("missing-resource-request Deployment.apps/shop/web"),
            ),
            (
                r#"pods "web-x" is forbidden: violates PodSecurity "baseline:latest": host namespaces (hostNetwork=true)"#,
                r#"violates PodSecurity "baseline:latest": host namespaces (hostNetwork=true)"#,
                Some("host-namespace-shared Deployment.apps/shop/web"),
            ),
            (
                "admission webhook \"a.example.com\" denied the request: no\nmore",
                "admission webhook \"a.example.com\" denied the request: no",
                None,
            ),
        ] {
            let refusal = Refusal::parse(message, &owner);
            assert_eq!(refusal.message, expected);
            assert_eq!(refusal.cause.map(|(rule, key)| format!("{rule} {key}")).as_deref(), cause);
        }
    }
}

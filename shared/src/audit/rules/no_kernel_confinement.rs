use crate::audit::{
    case::{Case, deployment, pod},
    context::Context,
    effective,
    findings::Findings,
    rule::{Check, Outcome, rule},
    subject::{ContainerView, PodView, Role},
};

rule! {
    /// Nothing holds a container back from the kernel: no seccomp, AppArmor or SELinux, and no capability dropped.
    ///
    /// ## Why it matters
    ///
    /// The kernel is shared by all pods of a node, and its bugs are how containers are left. Each of these four takes
    /// most of its surface away at no cost; without any, every system call that root has is open.
    ///
    /// ## Remediation
    ///
    /// Set `securityContext.seccompProfile.type: RuntimeDefault` for the pod and `capabilities.drop: [ALL]` for each
    /// container: nearly every program runs with both.
    severity: Medium,
    category: Security,
    admission: Warn,
    needs: Object,
    reads: [],
    references: ["CIS 5.7.2", "CIS 5.7.3", "NSA pod-security"],
    check: [Check::Pods(check)],
    cases: [
        Case::pass(
            "seccomp for the whole pod",
            pod!("securityContext: {seccompProfile: {type: RuntimeDefault}}, containers: [{name: a, image: x}]"),
        ),
        Case::pass(
            "one each",
            pod!("containers: [{name: a, image: x, securityContext: {capabilities: {drop: [NET_RAW]}}}, {name: b, image: x, securityContext: {appArmorProfile: {type: RuntimeDefault}}}, {name: c, image: x, securityContext: {seLinuxOptions: {level: 's0:c1,c2'}}}]"),
        ),
        Case::pass(
            "AppArmor as it was written before it had a field",
            "{apiVersion: batch/v1, kind: Job, metadata: {name: j, namespace: shop}, spec: {template: {metadata: {annotations: {container.apparmor.security.beta.kubernetes.io/a: runtime/default}}, spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}}",
        ),
        Case::pass("Windows has none of them", pod!("os: {name: windows}, containers: [{name: a, image: x}]")),
        Case::fail(
            "switched off in a container though the pod has it",
            deployment!("securityContext: {seccompProfile: {type: RuntimeDefault}}, containers: [{name: a, image: x, securityContext: {seccompProfile: {type: Unconfined}}}, {name: b, image: x}]"),
            &["Deployment.apps/shop/web [a] spec.template.spec.containers[0].securityContext: no seccomp, AppArmor or SELinux is set, and no capability is dropped"],
        ),
        Case::fail(
            "nothing said",
            pod!("containers: [{name: a, image: x}]"),
            &["Pod/shop/p [a] spec.containers[0].securityContext: no seccomp, AppArmor or SELinux is set, and no capability is dropped"],
        ),
    ],
}

fn check(pods: &PodView<'_>, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    if effective::is_windows(pods) {
        return Ok(());
    }
    for container in pods.containers().filter(|container| container.role != Role::Ephemeral) {
        if !is_confined(pods, &container) {
            let message = "no seccomp, AppArmor or SELinux is set, and no capability is dropped";
            out.fail_in(&container, "securityContext", message);
        }
    }
    Ok(())
}

fn is_confined(pods: &PodView<'_>, container: &ContainerView<'_>) -> bool {
    let (own, pod) = (container.security_context.as_ref(), pods.spec.security_context.as_ref());
    let seccomp = own.and_then(|it| it.seccomp_profile.as_ref());
    let seccomp = seccomp.or_else(|| pod.and_then(|it| it.seccomp_profile.as_ref()));
    let armor = own.and_then(|it| it.app_armor_profile.as_ref());
    let armor = armor.or_else(|| pod.and_then(|it| it.app_armor_profile.as_ref()));
    // The API server makes the field of pods from this annotation.
    let annotated = pods.metadata.annotations.iter().any(|(key, value)| {
        key.strip_prefix("container.apparmor.security.beta.kubernetes.io/") == Some(container.name.as_str())
            && value != "unconfined"
    });
    let is_on = |kind: &str| matches!(kind, "RuntimeDefault" | "Localhost");
    annotated
        || seccomp.is_some_and(|it| is_on(&it.r#type))
        || armor.is_some_and(|it| is_on(&it.r#type))
        || own.and_then(|it| it.se_linux_options.as_ref()).is_some()
        || pod.and_then(|it| it.se_linux_options.as_ref()).is_some()
        || own.and_then(|it| it.capabilities.as_ref()).is_some_and(|it| !it.drop.is_empty())
}

use crate::audit::{
    case::{Case, pod},
    context::Context,
    findings::Findings,
    pod_security::{Culprit, checks::allow_privilege_escalation::CHECK, findings::find},
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// A container may gain more privileges than it was started with.
    ///
    /// ## Why it matters
    ///
    /// Unless it is told not to, a process may become root by a setuid program in its image, whatever user it was
    /// started as.
    ///
    /// ## Remediation
    ///
    /// Set `securityContext.allowPrivilegeEscalation: false` for every container, init containers and sidecars
    /// among them.
    severity: Medium,
    category: PodSecurity,
    admission: Deny,
    needs: Object,
    reads: [],
    references: ["PSS restricted", "CIS 5.2.6", "NSA pod-security"],
    check: [Check::Pods(check)],
    cases: [
        Case::pass("said not to", pod!("initContainers: [{name: i, image: x, securityContext: {allowPrivilegeEscalation: false}}], containers: [{name: a, image: x, securityContext: {allowPrivilegeEscalation: false}}]")),
        Case::pass("Windows has no such thing", pod!("os: {name: windows}, containers: [{name: a, image: x}]")),
        Case::fail(
            "said to, or nothing said",
            pod!("initContainers: [{name: s, image: x, restartPolicy: Always}], containers: [{name: a, image: x, securityContext: {allowPrivilegeEscalation: true}}]"),
            &[
                "Pod/shop/p [a] spec.containers[0].securityContext.allowPrivilegeEscalation: allowPrivilegeEscalation is true",
                "Pod/shop/p [s] spec.initContainers[0].securityContext.allowPrivilegeEscalation: allowPrivilegeEscalation is not set to false",
            ],
        ),
    ],
}

fn check(pods: &PodView<'_>, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    find(&CHECK, pods, out, message);
    Ok(())
}

fn message(culprit: &Culprit) -> String {
    let seen = if culprit.value.is_some() { "true" } else { "not set to false" };
    format!("allowPrivilegeEscalation is {seen}")
}

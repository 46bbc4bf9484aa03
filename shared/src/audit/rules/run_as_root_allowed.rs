use crate::audit::{
    case::{Case, pod},
    context::Context,
    findings::Findings,
    pod_security::{Culprit, checks::run_as_non_root::CHECK, findings::find},
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// A container is not kept from running as root.
    ///
    /// ## Why it matters
    ///
    /// Unless it is told not to, a container runs as the user of its image, and that is mostly root: root on the
    /// node as well, should it ever get out.
    ///
    /// ## Remediation
    ///
    /// Set `runAsNonRoot: true` in the security context of the pod or of every container, and build the image with
    /// a numeric `USER`. A pod with `hostUsers: false` may be root: it is nobody on the node.
    severity: Medium,
    category: PodSecurity,
    admission: Deny,
    needs: Object,
    reads: [],
    references: ["PSS restricted", "CIS 5.2.7", "NSA pod-security"],
    check: [Check::Pods(check)],
    cases: [
        Case::pass("said by the pod for all", pod!("securityContext: {runAsNonRoot: true}, initContainers: [{name: i, image: x}], containers: [{name: a, image: x}]")),
        Case::pass("said by every container", pod!("containers: [{name: a, image: x, securityContext: {runAsNonRoot: true}}]")),
        Case::pass("in a user namespace of its own", pod!("hostUsers: false, containers: [{name: a, image: x}]")),
        Case::fail(
            "a user that is not root is not the same as a promise",
            pod!("securityContext: {runAsUser: 1000}, containers: [{name: a, image: x}]"),
            &["Pod/shop/p [a] spec.containers[0].securityContext.runAsNonRoot: runAsNonRoot is set neither here nor for the pod"],
        ),
        Case::fail(
            "said otherwise by one container",
            pod!("securityContext: {runAsNonRoot: true}, containers: [{name: a, image: x, securityContext: {runAsNonRoot: false}}]"),
            &["Pod/shop/p [a] spec.containers[0].securityContext.runAsNonRoot: runAsNonRoot is false"],
        ),
        Case::fail(
            "said otherwise by the pod, and so by its containers",
            pod!("securityContext: {runAsNonRoot: false}, containers: [{name: a, image: x}, {name: b, image: x, securityContext: {runAsNonRoot: true}}]"),
            &["Pod/shop/p spec.securityContext.runAsNonRoot: runAsNonRoot is false"],
        ),
        Case::fail(
            "Windows pods are asked as well",
            pod!("os: {name: windows}, containers: [{name: a, image: x}]"),
            &["Pod/shop/p [a] spec.containers[0].securityContext.runAsNonRoot: runAsNonRoot is set neither here nor for the pod"],
        ),
    ],
}

fn check(pods: &PodView<'_>, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    find(&CHECK, pods, out, message);
    Ok(())
}

fn message(culprit: &Culprit) -> String {
    let seen = if culprit.value.is_some() { "false" } else { "set neither here nor for the pod" };
    format!("runAsNonRoot is {seen}")
}

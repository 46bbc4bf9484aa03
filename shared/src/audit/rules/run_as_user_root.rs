use crate::audit::{
    case::{Case, pod},
    context::Context,
    findings::Findings,
    pod_security::{Culprit, checks::run_as_user::CHECK, findings::find},
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// A pod or a container asks to run as root.
    ///
    /// ## Why it matters
    ///
    /// Root in a container is root on the node as soon as it gets out, and in the container it can change
    /// everything that is not read-only.
    ///
    /// ## Remediation
    ///
    /// Set `securityContext.runAsUser` to a number other than 0, or remove it and give the image a `USER`. A pod
    /// with `hostUsers: false` may be root: it is nobody on the node.
    severity: Medium,
    category: PodSecurity,
    admission: Deny,
    needs: Object,
    reads: [],
    references: ["PSS restricted", "CIS 5.2.7", "NSA pod-security"],
    check: [Check::Pods(check)],
    cases: [
        Case::pass("another user, or nothing said", pod!("securityContext: {runAsUser: 1000}, containers: [{name: a, image: x}, {name: b, image: x, securityContext: {runAsUser: 1}}]")),
        Case::pass("root's group is not root", pod!("securityContext: {runAsGroup: 0}, containers: [{name: a, image: x}]")),
        Case::pass("in a user namespace of its own", pod!("hostUsers: false, securityContext: {runAsUser: 0}, containers: [{name: a, image: x}]")),
        Case::fail(
            "by the pod, and by a container",
            pod!("securityContext: {runAsUser: 0}, containers: [{name: a, image: x, securityContext: {runAsUser: 0}}, {name: b, image: x}]"),
            &[
                "Pod/shop/p spec.securityContext.runAsUser: runAsUser is 0",
                "Pod/shop/p [a] spec.containers[0].securityContext.runAsUser: runAsUser is 0",
            ],
        ),
    ],
}

fn check(pods: &PodView<'_>, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    find(&CHECK, pods, out, message);
    Ok(())
}

fn message(_: &Culprit) -> String {
    "runAsUser is 0".to_owned()
}

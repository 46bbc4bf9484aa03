use crate::audit::{
    case::{Case, pod},
    context::Context,
    findings::Findings,
    pod_security::{Culprit, checks::proc_mount_restricted::CHECK, findings::find},
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// A container asks for another /proc than the one that runtimes give.
    ///
    /// ## Why it matters
    ///
    /// In a user namespace of its own an unmasked /proc is no way to the node, but more of the kernel than a
    /// program needs that is not meant to start containers itself.
    ///
    /// ## Remediation
    ///
    /// Remove `securityContext.procMount`. Builds of images within containers belong into a namespace that enforces
    /// the baseline only.
    severity: Medium,
    category: PodSecurity,
    admission: Deny,
    needs: Object,
    reads: [],
    references: ["PSS restricted", "NSA pod-security"],
    check: [Check::Pods(check)],
    cases: [
        Case::pass("masked, or nothing said", pod!("containers: [{name: a, image: x, securityContext: {procMount: Default}}, {name: b, image: x}]")),
        Case::fail(
            "in a user namespace of its own as well",
            pod!("hostUsers: false, containers: [{name: a, image: x, securityContext: {procMount: Unmasked}}]"),
            &["Pod/shop/p [a] spec.containers[0].securityContext.procMount: procMount is \"Unmasked\""],
        ),
    ],
}

fn check(pods: &PodView<'_>, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    find(&CHECK, pods, out, message);
    Ok(())
}

fn message(culprit: &Culprit) -> String {
    format!("procMount is {}", culprit.seen())
}

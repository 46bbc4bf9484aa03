use crate::audit::{
    case::{Case, pod},
    context::Context,
    findings::Findings,
    pod_security::{Culprit, checks::proc_mount_restricted::CHECK, findings::find_filled},
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
        Case::unknown(
            "in files, a value that is still to be filled in",
            pod!("containers: [{name: a, image: x, securityContext: {procMount: '${MOUNT}'}}]"),
            &[],
            &["? Pod/shop/p value \"${MOUNT}\" is still to be filled in"],
        ).in_files_only(),
        Case::pass("masked, or nothing said", pod!("containers: [{name: a, image: x, securityContext: {procMount: Default}}, {name: b, image: x}]")),
        Case::fail(
            "in a user namespace of its own as well",
            pod!("hostUsers: false, containers: [{name: a, image: x, securityContext: {procMount: Unmasked}}]"),
            &["Pod/shop/p [a] spec.containers[0].securityContext.procMount: procMount is \"Unmasked\""],
        ),
    ],
}

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    find_filled(&CHECK, pods, cx, out, message);
    Ok(())
}

fn message(culprit: &Culprit) -> String {
    format!("procMount is {}", culprit.seen())
}

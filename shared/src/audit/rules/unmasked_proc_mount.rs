use crate::audit::{
    case::{Case, pod},
    context::Context,
    findings::Findings,
    pod_security::{Culprit, checks::proc_mount::CHECK, findings::find_filled},
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// A container sees an unmasked /proc of its node.
    ///
    /// ## Why it matters
    ///
    /// Runtimes hide the parts of /proc through which the node's kernel can be read and changed. Without the mask
    /// root in the container can change them, unless the pod has a user namespace of its own.
    ///
    /// ## Remediation
    ///
    /// Remove `securityContext.procMount`. Builds of images within containers, which need it, set `hostUsers:
    /// false`.
    severity: High,
    category: PodSecurity,
    admission: Deny,
    needs: Object,
    reads: [],
    references: ["PSS baseline", "NSA pod-security"],
    check: [Check::Pods(check)],
    cases: [
        Case::unknown(
            "in files, a value that is still to be filled in",
            pod!("containers: [{name: a, image: x, securityContext: {procMount: '${MOUNT}'}}]"),
            &[],
            &["? Pod/shop/p value \"${MOUNT}\" is still to be filled in"],
        ).in_files_only(),
        Case::pass("masked", pod!("containers: [{name: a, image: x, securityContext: {procMount: Default}}]")),
        Case::pass("in a user namespace of its own, as of policy version 1.35", pod!("hostUsers: false, containers: [{name: a, image: x, securityContext: {procMount: Unmasked}}]")),
        Case::fail(
            "in the node's user namespace",
            pod!("containers: [{name: a, image: x, securityContext: {procMount: Unmasked}}]"),
            &["Pod/shop/p [a] spec.containers[0].securityContext.procMount: procMount is \"Unmasked\""],
        )
        .in_files_only(),
    ],
}

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    find_filled(&CHECK, pods, cx, out, message);
    Ok(())
}

fn message(culprit: &Culprit) -> String {
    format!("procMount is {}", culprit.seen())
}

use crate::audit::{
    case::{Case, pod},
    context::Context,
    findings::Findings,
    pod_security::{Culprit, checks::capabilities_baseline::CHECK, findings::find_filled},
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// A container adds a capability that is not among those that containers have anyway.
    ///
    /// ## Why it matters
    ///
    /// Each capability beyond those is a part of root's power over the node: `SYS_ADMIN` mounts file systems,
    /// `NET_ADMIN` rewrites the node's routes, `SYS_PTRACE` reads other processes, `NET_RAW` forges packets. Names
    /// are taken as they are written: a misspelt one is refused as well.
    ///
    /// ## Remediation
    ///
    /// Remove it from `securityContext.capabilities.add`. `NET_BIND_SERVICE`, `CHOWN`, `SETUID` and the others that
    /// runtimes give may stay.
    severity: High,
    category: PodSecurity,
    admission: Deny,
    needs: Object,
    reads: [],
    references: ["PSS baseline", "CIS 5.2.8", "CIS 5.2.9", "NSA pod-security"],
    check: [Check::Pods(check)],
    cases: [
        Case::unknown(
            "in files, a value that is still to be filled in",
            pod!("containers: [{name: a, image: x, securityContext: {capabilities: {add: ['${CAPABILITY}']}}}]"),
            &[],
            &["? Pod/shop/p value \"${CAPABILITY}\" is still to be filled in"],
        ).in_files_only(),
        Case::pass("those that containers have anyway", pod!("containers: [{name: a, image: x, securityContext: {capabilities: {add: [NET_BIND_SERVICE, CHOWN, SYS_CHROOT]}}}]")),
        Case::fail(
            "others, and names that are none",
            pod!("containers: [{name: a, image: x, securityContext: {capabilities: {add: [CHOWN, SYS_ADMIN, chown]}}}]"),
            &[
                "Pod/shop/p [a] spec.containers[0].securityContext.capabilities.add[1]: adds capability \"SYS_ADMIN\"",
                "Pod/shop/p [a] spec.containers[0].securityContext.capabilities.add[2]: adds capability \"chown\"",
            ],
        ),
    ],
}

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    find_filled(&CHECK, pods, cx, out, message);
    Ok(())
}

fn message(culprit: &Culprit) -> String {
    format!("adds capability {}", culprit.seen())
}

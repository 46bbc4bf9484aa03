use crate::audit::{
    case::{Case, pod},
    context::Context,
    findings::Findings,
    pod_security::{Culprit, checks::capabilities_restricted::CHECK, findings::find_filled},
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// A container keeps capabilities that it was not meant to have.
    ///
    /// ## Why it matters
    ///
    /// Runtimes give every container some of root's powers, and nearly no program needs one of them. What is not
    /// there can't be used by whoever gets into the container.
    ///
    /// ## Remediation
    ///
    /// Set `securityContext.capabilities.drop: ["ALL"]`, written so, and add nothing but `NET_BIND_SERVICE`.
    severity: Medium,
    category: PodSecurity,
    admission: Deny,
    needs: Object,
    reads: [],
    references: ["PSS restricted", "CIS 5.2.8", "CIS 5.2.10", "NSA pod-security"],
    check: [Check::Pods(check)],
    cases: [
        Case::unknown(
            "in files, a value that is still to be filled in",
            pod!("containers: [{name: a, image: x, securityContext: {capabilities: {drop: [ALL], add: ['${CAPABILITY}']}}}]"),
            &[],
            &["? Pod/shop/p value \"${CAPABILITY}\" is still to be filled in"],
        ).in_files_only(),
        Case::pass("all dropped, and the one that may be added", pod!("containers: [{name: a, image: x, securityContext: {capabilities: {drop: [ALL], add: [NET_BIND_SERVICE]}}}]")),
        Case::pass("Windows has none", pod!("os: {name: windows}, containers: [{name: a, image: x}]")),
        Case::fail(
            "kept, dropped one by one, or misspelt",
            pod!("containers: [{name: a, image: x}, {name: b, image: x, securityContext: {capabilities: {drop: [NET_RAW]}}}, {name: c, image: x, securityContext: {capabilities: {drop: [all]}}}]"),
            &[
                "Pod/shop/p [a] spec.containers[0].securityContext.capabilities.drop: does not drop \"ALL\" capabilities",
                "Pod/shop/p [b] spec.containers[1].securityContext.capabilities.drop: does not drop \"ALL\" capabilities",
                "Pod/shop/p [c] spec.containers[2].securityContext.capabilities.drop: does not drop \"ALL\" capabilities",
            ],
        ),
        Case::fail(
            "dropped, and one added back",
            pod!("containers: [{name: a, image: x, securityContext: {capabilities: {drop: [ALL], add: [CHOWN]}}}]"),
            &["Pod/shop/p [a] spec.containers[0].securityContext.capabilities.add[0]: adds capability \"CHOWN\""],
        ),
    ],
}

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    find_filled(&CHECK, pods, cx, out, message);
    Ok(())
}

fn message(culprit: &Culprit) -> String {
    match culprit.value {
        Some(_) => format!("adds capability {}", culprit.seen()),
        None => "does not drop \"ALL\" capabilities".to_owned(),
    }
}

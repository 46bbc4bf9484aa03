use crate::audit::{
    case::{Case, pod},
    context::Context,
    findings::Findings,
    pod_security::{Culprit, checks::seccomp_profile_baseline::CHECK, findings::find_filled},
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// A pod or a container leaves seccomp.
    ///
    /// ## Why it matters
    ///
    /// Without a profile every system call of the node's kernel is open, the rarely used ones that holes are found
    /// in among them.
    ///
    /// ## Remediation
    ///
    /// Set `securityContext.seccompProfile.type` to `RuntimeDefault`; a program that needs more gets a profile of
    /// its own with `Localhost`.
    severity: High,
    category: PodSecurity,
    admission: Deny,
    needs: Object,
    reads: [],
    references: ["PSS baseline", "CIS 5.7.2", "NSA pod-security"],
    check: [Check::Pods(check)],
    cases: [
        Case::unknown(
            "in files, a value that is still to be filled in",
            pod!("securityContext: {seccompProfile: {type: '${PROFILE}'}}, containers: [{name: a, image: x}]"),
            &[],
            &["? Pod/shop/p value \"${PROFILE}\" is still to be filled in"],
        ).in_files_only(),
        Case::pass("profiles, or nothing said", pod!("securityContext: {seccompProfile: {type: RuntimeDefault}}, containers: [{name: a, image: x, securityContext: {seccompProfile: {type: Localhost, localhostProfile: mine.json}}}]")),
        Case::pass(
            "the annotation, which nobody reads any more",
            "{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: shop, annotations: {seccomp.security.alpha.kubernetes.io/pod: unconfined}}, spec: {containers: [{name: a, image: x}]}}",
        ),
        Case::fail(
            "by a container, though the pod has a profile",
            pod!("securityContext: {seccompProfile: {type: RuntimeDefault}}, containers: [{name: a, image: x, securityContext: {seccompProfile: {type: Unconfined}}}]"),
            &["Pod/shop/p [a] spec.containers[0].securityContext.seccompProfile.type: seccomp profile is \"Unconfined\""],
        ),
    ],
}

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    find_filled(&CHECK, pods, cx, out, message);
    Ok(())
}

fn message(culprit: &Culprit) -> String {
    format!("seccomp profile is {}", culprit.seen())
}

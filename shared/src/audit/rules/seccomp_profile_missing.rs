use crate::audit::{
    case::{Case, pod},
    context::Context,
    findings::Findings,
    pod_security::{Culprit, checks::seccomp_profile_restricted::CHECK, findings::find_filled},
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// A container has no seccomp profile.
    ///
    /// ## Why it matters
    ///
    /// Unless the kubelet was told to give one (`seccompDefault`), a container without a profile may make every
    /// system call of the node's kernel, the rarely used ones that holes are found in among them.
    ///
    /// ## Remediation
    ///
    /// Set `seccompProfile: {type: RuntimeDefault}` in the security context of the pod.
    severity: Medium,
    category: PodSecurity,
    admission: Deny,
    needs: Object,
    reads: [],
    references: ["PSS restricted", "CIS 5.7.2", "NSA pod-security"],
    check: [Check::Pods(check)],
    cases: [
        Case::unknown(
            "in files, a value that is still to be filled in",
            pod!("securityContext: {seccompProfile: {type: '${PROFILE}'}}, containers: [{name: a, image: x}]"),
            &[],
            &["? Pod/shop/p value \"${PROFILE}\" is still to be filled in"],
        ).in_files_only(),
        Case::pass("of the pod for all", pod!("securityContext: {seccompProfile: {type: RuntimeDefault}}, initContainers: [{name: i, image: x}], containers: [{name: a, image: x}]")),
        Case::pass("Windows has none", pod!("os: {name: windows}, containers: [{name: a, image: x}]")),
        Case::fail(
            "neither of the container nor of the pod",
            pod!("containers: [{name: a, image: x, securityContext: {seccompProfile: {type: RuntimeDefault}}}, {name: b, image: x}]"),
            &["Pod/shop/p [b] spec.containers[1].securityContext.seccompProfile: seccomp profile is set neither here nor for the pod"],
        ),
        Case::fail(
            "one that confines nothing",
            pod!("securityContext: {seccompProfile: {type: Unconfined}}, containers: [{name: a, image: x}]"),
            &["Pod/shop/p spec.securityContext.seccompProfile.type: seccomp profile is \"Unconfined\""],
        ),
    ],
}

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    find_filled(&CHECK, pods, cx, out, message);
    Ok(())
}

fn message(culprit: &Culprit) -> String {
    match culprit.value {
        Some(_) => format!("seccomp profile is {}", culprit.seen()),
        None => "seccomp profile is set neither here nor for the pod".to_owned(),
    }
}

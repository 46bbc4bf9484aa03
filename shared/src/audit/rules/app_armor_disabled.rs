use crate::audit::{
    case::{Case, pod},
    context::Context,
    findings::Findings,
    pod_security::{Culprit, checks::app_armor_profile::CHECK, findings::find_filled},
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// A pod or a container leaves AppArmor, by its field or by the annotation that was there before it.
    ///
    /// ## Why it matters
    ///
    /// The runtime's profile keeps a container from mounting, from tracing others and from writing to most of /proc
    /// and /sys. Without it one mistake in the kernel or the runtime is enough to leave the container.
    ///
    /// ## Remediation
    ///
    /// Remove `securityContext.appArmorProfile`, or set its type to `RuntimeDefault`; a program that needs more
    /// gets a profile of its own with `Localhost`. Remove annotations under
    /// `container.apparmor.security.beta.kubernetes.io/`.
    severity: High,
    category: PodSecurity,
    admission: Deny,
    needs: Object,
    reads: [],
    references: ["PSS baseline", "CIS 5.7.3", "NSA pod-security"],
    check: [Check::Pods(check)],
    cases: [
        Case::unknown(
            "in files, a value that is still to be filled in",
            pod!("securityContext: {appArmorProfile: {type: '${PROFILE}'}}, containers: [{name: a, image: x}]"),
            &[],
            &["? Pod/shop/p value \"${PROFILE}\" is still to be filled in"],
        ).in_files_only(),
        Case::pass("the runtime's profile, or one of the node", pod!("securityContext: {appArmorProfile: {type: RuntimeDefault}}, containers: [{name: a, image: x, securityContext: {appArmorProfile: {type: Localhost, localhostProfile: mine}}}]")),
        Case::pass(
            "an annotation that chooses a profile",
            "{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: shop, annotations: {container.apparmor.security.beta.kubernetes.io/a: localhost/mine}}, spec: {containers: [{name: a, image: x}]}}",
        ),
        Case::fail(
            "by the pod and by a container",
            pod!("securityContext: {appArmorProfile: {type: Unconfined}}, containers: [{name: a, image: x, securityContext: {appArmorProfile: {type: Unconfined}}}]"),
            &[
                "Pod/shop/p spec.securityContext.appArmorProfile.type: AppArmor profile is \"Unconfined\"",
                "Pod/shop/p [a] spec.containers[0].securityContext.appArmorProfile.type: AppArmor profile is \"Unconfined\"",
            ],
        ),
        Case::fail(
            "by the annotation, of which the API server makes the field",
            "{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: shop, annotations: {container.apparmor.security.beta.kubernetes.io/a: unconfined}}, spec: {containers: [{name: a, image: x}]}}",
            &[
                "Pod/shop/p metadata.annotations[container.apparmor.security.beta.kubernetes.io/a]: AppArmor profile is \"unconfined\"",
                "Pod/shop/p [a] spec.containers[0].securityContext.appArmorProfile.type: AppArmor profile is \"Unconfined\"",
            ],
        ),
    ],
}

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    find_filled(&CHECK, pods, cx, out, message);
    Ok(())
}

fn message(culprit: &Culprit) -> String {
    format!("AppArmor profile is {}", culprit.seen())
}

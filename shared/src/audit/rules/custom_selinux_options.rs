use crate::audit::{
    case::{Case, pod},
    context::Context,
    findings::Findings,
    pod_security::{Culprit, checks::se_linux_options::CHECK, findings::find_filled},
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// A pod or a container leaves the types that SELinux has for containers, or sets SELinux's user or role.
    ///
    /// ## Why it matters
    ///
    /// The container types are what keeps a process that broke out of its container from the node's files. Types
    /// like `spc_t` are confined by nothing.
    ///
    /// ## Remediation
    ///
    /// Remove `type`, `user` and `role` from `securityContext.seLinuxOptions`; `level` may stay. Allowed types are
    /// `container_t`, `container_init_t`, `container_kvm_t` and `container_engine_t`.
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
            pod!("securityContext: {seLinuxOptions: {type: '${TYPE}'}}, containers: [{name: a, image: x}]"),
            &[],
            &["? Pod/shop/p value \"${TYPE}\" is still to be filled in"],
        ).in_files_only(),
        Case::pass("types for containers, and a level", pod!("securityContext: {seLinuxOptions: {level: 's0:c1,c2'}}, containers: [{name: a, image: x, securityContext: {seLinuxOptions: {type: container_engine_t, user: ''}}}]")),
        Case::fail(
            "another type, a user and a role",
            pod!("securityContext: {seLinuxOptions: {type: spc_t}}, containers: [{name: a, image: x, securityContext: {seLinuxOptions: {user: system_u, role: system_r}}}]"),
            &[
                "Pod/shop/p spec.securityContext.seLinuxOptions.type: SELinux type is \"spc_t\"",
                "Pod/shop/p [a] spec.containers[0].securityContext.seLinuxOptions.role: SELinux role is \"system_r\"",
                "Pod/shop/p [a] spec.containers[0].securityContext.seLinuxOptions.user: SELinux user is \"system_u\"",
            ],
        ),
    ],
}

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    find_filled(&CHECK, pods, cx, out, message);
    Ok(())
}

fn message(culprit: &Culprit) -> String {
    let field = culprit.path.rsplit('.').next().unwrap_or_default();
    format!("SELinux {field} is {}", culprit.seen())
}

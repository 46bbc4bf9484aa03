use crate::audit::{
    case::{Case, pod},
    context::Context,
    findings::Findings,
    pod_security::{Culprit, checks::sysctls::CHECK, findings::find_filled},
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// A pod sets a kernel parameter that is not known to concern that pod alone.
    ///
    /// ## Why it matters
    ///
    /// Parameters that are not kept apart by namespaces change the node for everybody on it, and can be used to
    /// starve it. The kubelet refuses them too, unless its node was told to allow them: the pod is then stuck in
    /// SysctlForbidden.
    ///
    /// ## Remediation
    ///
    /// Remove it from `securityContext.sysctls`, or set it on the nodes that are meant for it.
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
            pod!("securityContext: {sysctls: [{name: '${SYSCTL}', value: '1'}]}, containers: [{name: a, image: x}]"),
            &[],
            &["? Pod/shop/p value \"${SYSCTL}\" is still to be filled in"],
        ).in_files_only(),
        Case::pass("those that concern the pod alone", pod!("securityContext: {sysctls: [{name: net.ipv4.ip_local_port_range, value: 1024 65535}, {name: net.ipv4.tcp_rmem, value: 4096 87380 6291456}]}, containers: [{name: a, image: x}]")),
        Case::fail(
            "others",
            pod!("securityContext: {sysctls: [{name: net.ipv4.tcp_syncookies, value: '1'}, {name: net.core.somaxconn, value: '1024'}]}, containers: [{name: a, image: x}]"),
            &["Pod/shop/p spec.securityContext.sysctls[1].name: sysctl \"net.core.somaxconn\" is not a safe one"],
        ),
    ],
}

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    find_filled(&CHECK, pods, cx, out, message);
    Ok(())
}

fn message(culprit: &Culprit) -> String {
    format!("sysctl {} is not a safe one", culprit.seen())
}

use crate::audit::{
    case::{Case, pod},
    context::Context,
    findings::Findings,
    pod_security::{Culprit, checks::windows_host_process::CHECK, findings::find},
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// A container runs as a process of its Windows node.
    ///
    /// ## Why it matters
    ///
    /// A HostProcess container is no container: it sees the node's files, registry, network and processes with the
    /// rights of the account that it runs as.
    ///
    /// ## Remediation
    ///
    /// Remove `securityContext.windowsOptions.hostProcess`. Agents of nodes that need it belong into a namespace of
    /// their own.
    severity: Critical,
    category: PodSecurity,
    admission: Deny,
    needs: Object,
    reads: [],
    references: ["PSS baseline", "CIS 5.2.11"],
    check: [Check::Pods(check)],
    cases: [
        Case::pass("said not to", pod!("os: {name: windows}, securityContext: {windowsOptions: {hostProcess: false}}, containers: [{name: a, image: x}]")),
        Case::fail(
            "by the pod, and by the container",
            pod!("os: {name: windows}, hostNetwork: true, securityContext: {windowsOptions: {hostProcess: true}}, containers: [{name: a, image: x, securityContext: {windowsOptions: {hostProcess: true}}}]"),
            &[
                "Pod/shop/p spec.securityContext.windowsOptions.hostProcess: hostProcess is true",
                "Pod/shop/p [a] spec.containers[0].securityContext.windowsOptions.hostProcess: hostProcess is true",
            ],
        ),
    ],
}

fn check(pods: &PodView<'_>, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    find(&CHECK, pods, out, message);
    Ok(())
}

fn message(_: &Culprit) -> String {
    "hostProcess is true".to_owned()
}

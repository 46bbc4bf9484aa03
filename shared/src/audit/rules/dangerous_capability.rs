use crate::audit::{
    case::{Case, deployment, pod},
    context::Context,
    effective,
    findings::Findings,
    rule::{Check, Outcome, rule},
    subject::PodView,
};

/// Capabilities with which a container gets out of itself, or takes over the network or the kernel of its node.
const DANGEROUS: &[&str] = &[
    "ALL",
    "BPF",
    "DAC_READ_SEARCH",
    "MAC_ADMIN",
    "MAC_OVERRIDE",
    "NET_ADMIN",
    "PERFMON",
    "SYS_ADMIN",
    "SYS_BOOT",
    "SYS_MODULE",
    "SYS_PTRACE",
    "SYS_RAWIO",
];

rule! {
    /// A container adds a capability that is nearly as good as root on the node.
    ///
    /// ## Why it matters
    ///
    /// `SYS_ADMIN` mounts disks, `SYS_MODULE` loads code into the kernel, `SYS_PTRACE` reads the memory of other
    /// processes, `NET_ADMIN` rewires the network, `BPF` watches all of it; `ALL` is every one of them. Each has been
    /// enough to leave a container.
    ///
    /// ## Remediation
    ///
    /// Remove it from `securityContext.capabilities.add`. Find out which operation fails without it, and add the
    /// narrow capability for that one (`NET_BIND_SERVICE` for low ports, `SYS_TIME` for clocks), or move the work to
    /// an agent that is kept apart.
    severity: Critical,
    category: Security,
    admission: Deny,
    needs: Object,
    reads: [],
    references: ["PSS baseline", "CIS 5.2.9", "NSA pod-security"],
    check: [Check::Pods(check)],
    cases: [
        Case::pass(
            "a narrow one",
            pod!("containers: [{name: a, image: x, securityContext: {capabilities: {drop: [ALL], add: [NET_BIND_SERVICE]}}}]"),
        ),
        Case::pass(
            "dropped, not added",
            pod!("containers: [{name: a, image: x, securityContext: {capabilities: {drop: [SYS_ADMIN, NET_ADMIN]}}}]"),
        ),
        Case::fail(
            "however it is written, whatever is dropped",
            deployment!("containers: [{name: a, image: x, securityContext: {capabilities: {drop: [ALL], add: [CHOWN, CAP_SYS_ADMIN, all]}}}]"),
            &[
                "Deployment.apps/shop/web [a] spec.template.spec.containers[0].securityContext.capabilities.add[1]: capability CAP_SYS_ADMIN is added",
                "Deployment.apps/shop/web [a] spec.template.spec.containers[0].securityContext.capabilities.add[2]: capability all is added",
            ],
        ),
    ],
}

fn check(pods: &PodView<'_>, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    for container in pods.containers() {
        for (index, name) in effective::added(&container) {
            if DANGEROUS.iter().any(|dangerous| effective::is_capability(name, dangerous)) {
                let field = format!("securityContext.capabilities.add[{index}]");
                out.fail_in(&container, &field, format!("capability {name} is added"));
            }
        }
    }
    Ok(())
}

use crate::audit::{
    case::{Case, deployment, pod},
    context::Context,
    effective,
    findings::Findings,
    rule::{Check, Outcome, rule},
    subject::{PodView, Role},
};

rule! {
    /// A container may forge network packets: it keeps the capability `NET_RAW`.
    ///
    /// ## Why it matters
    ///
    /// Runtimes give `NET_RAW` to every container unless told otherwise. With it, who is in the container answers
    /// ARP and DNS requests in the name of others on the same network, and so reads and changes the traffic of other
    /// pods.
    ///
    /// ## Remediation
    ///
    /// Set `securityContext.capabilities.drop: [ALL]` and add back what is needed. `ping` works without `NET_RAW` on
    /// nodes whose `net.ipv4.ping_group_range` allows it, as most do.
    severity: Medium,
    category: Security,
    admission: Warn,
    needs: Object,
    reads: [],
    references: ["CIS 5.2.8"],
    check: [Check::Pods(check)],
    cases: [
        Case::pass(
            "dropped by name, or with all",
            pod!("containers: [{name: a, image: x, securityContext: {capabilities: {drop: [NET_RAW]}}}, {name: b, image: x, securityContext: {capabilities: {drop: [ALL], add: [NET_BIND_SERVICE]}}}]"),
        ),
        Case::pass("Windows has no capabilities", pod!("os: {name: windows}, containers: [{name: a, image: x}]")),
        Case::fail(
            "left as the runtime has it; dropped and added again",
            deployment!("initContainers: [{name: i, image: x, securityContext: {capabilities: {drop: [ALL], add: [NET_RAW]}}}], containers: [{name: a, image: x}]"),
            &[
                "Deployment.apps/shop/web [a] spec.template.spec.containers[0].securityContext.capabilities.drop: NET_RAW is not dropped",
                "Deployment.apps/shop/web [i] spec.template.spec.initContainers[0].securityContext.capabilities.add[0]: NET_RAW is added",
            ],
        ),
    ],
}

fn check(pods: &PodView<'_>, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    if effective::is_windows(pods) {
        return Ok(());
    }
    for container in pods.containers().filter(|container| container.role != Role::Ephemeral) {
        let added = effective::added(&container).find(|(_, name)| effective::is_capability(name, "NET_RAW"));
        if let Some((index, _)) = added {
            let field = format!("securityContext.capabilities.add[{index}]");
            out.fail_in(&container, &field, "NET_RAW is added");
        } else if !effective::drops(&container, "NET_RAW") {
            out.fail_in(&container, "securityContext.capabilities.drop", "NET_RAW is not dropped");
        }
    }
    Ok(())
}

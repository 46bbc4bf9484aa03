use crate::audit::{
    case::{Case, deployment, pod},
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    subject::PodView,
};

/// The first port that any user may listen at.
const FIRST_FREE: i32 = 1024;
/// What moves that port.
const SYSCTL: &str = "net.ipv4.ip_unprivileged_port_start";

rule! {
    /// A container listens at a port that is reserved for root.
    ///
    /// ## Why it matters
    ///
    /// Ports below 1024 take root or the capability `NET_BIND_SERVICE` on nodes whose runtime does not lift the rule,
    /// so that the program is given more rights than it needs, or fails on the next node with "permission denied".
    ///
    /// ## Remediation
    ///
    /// Let the program listen at a port from 1024 on, such as 8080 for 80, and keep the old port in the `Service` by
    /// `targetPort`. Where the program can't be changed, set the sysctl `net.ipv4.ip_unprivileged_port_start`.
    severity: Low,
    category: Security,
    admission: Warn,
    needs: Object,
    reads: [],
    references: [],
    check: [Check::Pods(check)],
    cases: [
        Case::pass("the first port that is free", pod!("containers: [{name: a, image: x, ports: [{containerPort: 1024}]}]")),
        Case::pass(
            "a pod in which every user may",
            pod!("securityContext: {sysctls: [{name: net.ipv4.ip_unprivileged_port_start, value: '80'}]}, containers: [{name: a, image: x, ports: [{containerPort: 80}]}]"),
        ),
        Case::pass(
            "the port of SSH is for another rule to tell",
            pod!("containers: [{name: a, image: x, ports: [{containerPort: 22}]}]"),
        ),
        Case::fail(
            "web servers",
            deployment!("containers: [{name: a, image: x, ports: [{name: http, containerPort: 80}, {containerPort: 8080}, {name: https, containerPort: 443}]}]"),
            &[
                "Deployment.apps/shop/web [a] spec.template.spec.containers[0].ports[0].containerPort: port 80 is reserved for root",
                "Deployment.apps/shop/web [a] spec.template.spec.containers[0].ports[2].containerPort: port 443 is reserved for root",
            ],
        ),
        Case::fail(
            "every user may from 80 on, which 53 is not",
            pod!("securityContext: {sysctls: [{name: net.ipv4.ip_unprivileged_port_start, value: '80'}]}, containers: [{name: a, image: x, ports: [{containerPort: 53, protocol: UDP}]}]"),
            &["Pod/shop/p [a] spec.containers[0].ports[0].containerPort: port 53 is reserved for root"],
        ),
    ],
}

fn check(pods: &PodView<'_>, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let sysctls = pods.spec.security_context.as_ref().map(|it| it.sysctls.as_slice()).unwrap_or_default();
    let start = sysctls.iter().find(|sysctl| sysctl.name == SYSCTL);
    let start = start.and_then(|sysctl| sysctl.value.parse().ok()).unwrap_or(FIRST_FREE);
    for container in pods.containers() {
        for (index, port) in container.ports.iter().enumerate() {
            let number = port.container_port;
            if (1..start).contains(&number) && number != 22 {
                let message = format!("port {number} is reserved for root");
                out.fail_in(&container, &format!("ports[{index}].containerPort"), message);
            }
        }
    }
    Ok(())
}

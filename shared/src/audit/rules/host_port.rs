use crate::audit::{
    case::{Case, deployment, pod},
    context::Context,
    findings::Findings,
    pod_security::{Culprit, checks::host_ports::CHECK, findings::find},
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// A container takes a port of its node.
    ///
    /// ## Why it matters
    ///
    /// The port answers on every address of the node, past Services and, with many network plugins, past network
    /// policies. Only one such pod fits on a node, and it can take a port that the node itself needs.
    ///
    /// ## Remediation
    ///
    /// Remove `hostPort` and reach the pod through a Service. On the node's network every container port is a port
    /// of the node: remove `hostNetwork`.
    severity: High,
    category: PodSecurity,
    admission: Deny,
    needs: Object,
    reads: [],
    references: ["PSS baseline", "CIS 5.2.13", "NSA pod-security"],
    check: [Check::Pods(check)],
    cases: [
        Case::pass("a port of the pod", pod!("containers: [{name: a, image: x, ports: [{containerPort: 8080}, {containerPort: 80, hostPort: 0}]}]")),
        Case::fail(
            "a port of the node",
            pod!("containers: [{name: a, image: x, ports: [{containerPort: 8080}, {containerPort: 80, hostPort: 8000}]}]"),
            &["Pod/shop/p [a] spec.containers[0].ports[1].hostPort: takes port 8000 of the node"],
        ),
        Case::fail(
            "on the node's network any port is one, in pods and in what makes them",
            deployment!("hostNetwork: true, containers: [{name: a, image: x, ports: [{containerPort: 8080}]}]"),
            &["Deployment.apps/shop/web [a] spec.template.spec.containers[0].ports[0].hostPort: takes port 8080 of the node"],
        ),
    ],
}

fn check(pods: &PodView<'_>, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    find(&CHECK, pods, out, message);
    Ok(())
}

fn message(culprit: &Culprit) -> String {
    format!("takes port {} of the node", culprit.value.as_deref().unwrap_or_default())
}

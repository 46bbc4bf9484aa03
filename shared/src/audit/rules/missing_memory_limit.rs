use crate::audit::{
    amounts::lacking_limit,
    case::{Case, deployment, pod},
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// A container may take all memory of its node.
    ///
    /// ## Why it matters
    ///
    /// A leak in one container becomes an outage of the node: the kernel kills processes of others, or the kubelet itself.
    ///
    /// ## Remediation
    ///
    /// Set `resources.limits.memory`, best to the same as the request, or a default for the namespace by a LimitRange.
    severity: Medium,
    category: Efficiency,
    admission: Warn,
    needs: Objects,
    reads: [LIMIT_RANGE],
    references: ["https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/"],
    check: [Check::Pods(check)],
    cases: [
        Case::fail(
            "a request is no limit",
            pod!("containers: [{name: a, image: x, resources: {requests: {memory: 1Gi}}}]"),
            &["Pod/shop/p [a] spec.containers[0].resources.limits.memory: container has no limit of memory"],
        ),
        Case::pass("limited itself", pod!("containers: [{name: a, image: x, resources: {limits: {memory: 1Gi}}}]")),
        Case::pass("limited as a whole", pod!("resources: {limits: {memory: 1Gi}}, containers: [{name: a, image: x}]")),
        Case::pass(
            "filled in by the namespace",
            concat!(deployment!("containers: [{name: a, image: x}]"), "{apiVersion: v1, kind: LimitRange, metadata: {name: l, namespace: shop}, spec: {limits: [{type: Container, default: {memory: 1Gi}}]}}"),
        ),
        Case::unknown(
            "the namespace may fill it in",
            deployment!("containers: [{name: a, image: x}]"),
            &["LimitRange"],
            &["? Deployment.apps/shop/web LimitRange in namespace shop could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    for container in lacking_limit(pods, cx, "memory")? {
        out.fail_in(&container, "resources.limits.memory", "container has no limit of memory");
    }
    Ok(())
}

use crate::audit::{
    amounts::lacking_request,
    case::{Case, deployment, pod},
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// A container does not say how much memory it needs.
    ///
    /// ## Why it matters
    ///
    /// The scheduler takes it to need none and puts it on nodes that are full; when memory runs out there, what requested
    /// none is killed first.
    ///
    /// ## Remediation
    ///
    /// Set `resources.requests.memory` to what the container uses at its peak (`kubectl top pod --containers`), or a default
    /// for the namespace by a LimitRange.
    severity: Medium,
    category: Efficiency,
    admission: Deny,
    needs: Objects,
    reads: [LIMIT_RANGE],
    references: ["https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/"],
    check: [Check::Pods(check)],
    cases: [
        Case::fail(
            "one of two containers",
            pod!("containers: [{name: a, image: x, resources: {requests: {memory: 1Gi}}}, {name: b, image: x, resources: {requests: {cpu: 10m}}}]"),
            &["Pod/shop/p [b] spec.containers[1].resources.requests.memory: container requests no memory"],
        ),
        Case::pass("limited, which is a request too", pod!("containers: [{name: a, image: x, resources: {limits: {memory: 1Gi}}}]")),
        Case::pass("requested for the pod as a whole", pod!("resources: {requests: {memory: 1Gi}}, containers: [{name: a, image: x}]")),
        Case::pass(
            "a maximum of the namespace is a default too",
            concat!(deployment!("containers: [{name: a, image: x}]"), "{apiVersion: v1, kind: LimitRange, metadata: {name: l, namespace: shop}, spec: {limits: [{type: Container, max: {memory: 1Gi}}]}}"),
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
    for container in lacking_request(pods, cx, "memory")? {
        out.fail_in(&container, "resources.requests.memory", "container requests no memory");
    }
    Ok(())
}

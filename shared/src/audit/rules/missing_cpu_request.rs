use crate::audit::{
    amounts::lacking_request,
    case::{Case, deployment, pod},
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// A container does not say how much processor it needs.
    ///
    /// ## Why it matters
    ///
    /// The scheduler takes it to need none and puts it on nodes that are full; there it gets what others leave. Autoscalers
    /// that go by processor usage do not work without a request.
    ///
    /// ## Remediation
    ///
    /// Set `resources.requests.cpu` to what the container uses in a busy hour (`kubectl top pod --containers`), or a default
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
            "of containers and sidecars, not of what runs before them",
            deployment!("initContainers: [{name: i, image: x}, {name: s, image: x, restartPolicy: Always}], containers: [{name: a, image: x, resources: {requests: {memory: 1Gi}}}]"),
            &[
                "Deployment.apps/shop/web [a] spec.template.spec.containers[0].resources.requests.cpu: container requests no cpu",
                "Deployment.apps/shop/web [s] spec.template.spec.initContainers[1].resources.requests.cpu: container requests no cpu",
            ],
        ),
        Case::pass(
            "requested, or limited, which is a request too",
            pod!("containers: [{name: a, image: x, resources: {requests: {cpu: 10m}}}, {name: b, image: x, resources: {limits: {cpu: 10m}}}]"),
        ),
        Case::pass("requested for the pod as a whole", pod!("resources: {requests: {cpu: '1'}}, containers: [{name: a, image: x}]")),
        Case::pass(
            "filled in by the namespace",
            concat!(deployment!("containers: [{name: a, image: x}]"), "{apiVersion: v1, kind: LimitRange, metadata: {name: l, namespace: shop}, spec: {limits: [{type: Container, defaultRequest: {cpu: 10m}}]}}"),
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
    for container in lacking_request(pods, cx, "cpu")? {
        out.fail_in(&container, "resources.requests.cpu", "container requests no cpu");
    }
    Ok(())
}

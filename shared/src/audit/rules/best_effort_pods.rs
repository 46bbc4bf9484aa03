use crate::audit::{
    amounts::{charged, limit_ranges},
    case::{Case, deployment, pod},
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    subject::PodView,
};
use crate::quota::usage::is_best_effort;

rule! {
    /// Pods of a service are of the class BestEffort: nothing is set aside for them.
    ///
    /// ## Why it matters
    ///
    /// When a node runs short of anything, they are evicted first, and when it runs out of memory, killed first.
    ///
    /// ## Remediation
    ///
    /// Set requests of processor and memory; with limits that equal the requests the pods are Guaranteed.
    severity: Low,
    category: Efficiency,
    admission: Warn,
    needs: Objects,
    reads: [LIMIT_RANGE],
    references: ["https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/"],
    check: [Check::Pods(check)],
    cases: [
        Case::fail(
            "nothing said",
            deployment!("containers: [{name: a, image: x, resources: {requests: {ephemeral-storage: 1Gi}}}]"),
            &["Deployment.apps/shop/web spec.template.spec.containers: pods are BestEffort"],
        ),
        Case::pass("a job may wait", "{apiVersion: batch/v1, kind: Job, metadata: {name: j, namespace: shop}, spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}}"),
        Case::pass("one container of two says something", pod!("containers: [{name: a, image: x}, {name: b, image: x, resources: {requests: {cpu: 1m}}}]")),
        Case::pass("said for the pod as a whole", pod!("resources: {requests: {memory: 1Gi}}, containers: [{name: a, image: x}]")),
        Case::pass(
            "filled in by the namespace",
            concat!(deployment!("containers: [{name: a, image: x}]"), "{apiVersion: v1, kind: LimitRange, metadata: {name: l, namespace: shop}, spec: {limits: [{type: Container, defaultRequest: {cpu: 10m}}]}}"),
        ),
    ],
}

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let says = |own: &crate::audit::api::ResourceRequirements| {
        ["cpu", "memory"].iter().any(|resource| own.effective_request(resource).is_some())
    };
    if !pods.workload.is_service()
        || pods.spec.resources.as_ref().is_some_and(says)
        || pods.containers().any(|container| says(&container.resources))
    {
        return Ok(());
    }
    let ranges = limit_ranges(cx, pods.namespace())?;
    if charged(pods, &ranges).is_some_and(|pod| is_best_effort(&pod)) {
        out.fail(pods.path("containers"), "pods are BestEffort");
    }
    Ok(())
}

use crate::audit::{
    case::Case,
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    subject::PodView,
};
use crate::quantity::Quantity;

rule! {
    /// A container requests many times what it uses.
    ///
    /// ## Why it matters
    ///
    /// What is requested is set aside and can't be given to others: nodes are bought for it. This looks at one moment; a
    /// container that is idle now may be busy at night.
    ///
    /// ## Remediation
    ///
    /// Compare with the usage of some weeks, and lower the request to what the container needs in a busy hour. A
    /// VerticalPodAutoscaler in `Off` mode recommends a value.
    severity: Medium,
    category: Efficiency,
    admission: Never,
    needs: Usage,
    reads: [],
    references: ["https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/"],
    check: [Check::Pods(check)],
    cases: [
        Case::fail(
            "twenty times as much",
            "{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: shop}, spec: {containers: [{name: a, image: x, resources: {requests: {cpu: '2', memory: 1Gi}}}]}, status: {phase: Running}}\n---\n{apiVersion: metrics.k8s.io/v1beta1, kind: PodMetrics, metadata: {name: p, namespace: shop}, containers: [{name: a, usage: {cpu: 100m, memory: 900Mi}}]}",
            &["Pod/shop/p [a] spec.containers[0].resources.requests.cpu: requests 2 of cpu; the busiest of 1 pod uses 100m"],
        ).in_files_only(),
        Case::pass(
            "near to it; little enough not to matter; and one that is not measured yet",
            "{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: shop}, spec: {containers: [{name: a, image: x, resources: {requests: {cpu: 200m, memory: 64Mi}}}]}, status: {phase: Running}}\n---\n{apiVersion: metrics.k8s.io/v1beta1, kind: PodMetrics, metadata: {name: p, namespace: shop}, containers: [{name: a, usage: {cpu: 100m, memory: 1Mi}}]}\n---\n{apiVersion: v1, kind: Pod, metadata: {name: q, namespace: shop}, spec: {containers: [{name: a, image: x, resources: {requests: {cpu: '2'}}}]}, status: {phase: Running}}",
        ).in_files_only(),
        Case::unknown(
            "without metrics it can't be said",
            "{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: shop}, spec: {containers: [{name: a, image: x, resources: {requests: {cpu: '2'}}}]}, status: {phase: Running}}",
            &[],
            &["? Pod/shop/p what pods and nodes use was not read"],
        ).in_files_only(),
    ],
}

/// Resource, and the request below which nobody saves anything.
const WORTH: &[(&str, &str)] = &[("cpu", "100m"), ("memory", "128Mi")];

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    if pods.pods.is_empty() {
        return Ok(());
    }
    let usage = cx.usage()?;
    for container in pods.running_containers() {
        for (resource, least) in WORTH {
            let Some(request) = container.resources.effective_request(resource) else { continue };
            if request < Quantity::parse(least).unwrap_or_default() {
                continue;
            }
            let used = pods.pods.iter().filter_map(|pod| {
                usage.container(pods.namespace(), &pod.metadata.name, &container.name)?.of(resource)
            });
            let (count, most) =
                used.fold((0, Quantity::ZERO), |(count, most), used| (count + 1, most.max(used)));
            if count > 0 && request > most.times(cx.parameters().waste) {
                let (pods, most) = (if count == 1 { "pod" } else { "pods" }, most.human());
                let message =
                    format!("requests {request} of {resource}; the busiest of {count} {pods} uses {most}");
                out.fail_in(&container, &format!("resources.requests.{resource}"), message);
            }
        }
    }
    Ok(())
}

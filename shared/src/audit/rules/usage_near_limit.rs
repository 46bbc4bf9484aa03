use crate::audit::{
    amounts::percent,
    case::Case,
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// A container uses nearly all that it is limited to.
    ///
    /// ## Why it matters
    ///
    /// At its limit of memory the container is killed; at its limit of processor time it is held back and answers late.
    ///
    /// ## Remediation
    ///
    /// Raise the limit, or find out why it takes so much: a leak, a cache without bounds, a runtime that does not know the
    /// limit.
    severity: High,
    category: Efficiency,
    admission: Never,
    needs: Usage,
    reads: [],
    references: ["https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/"],
    check: [Check::Pods(check)],
    cases: [
        Case::fail(
            "memory, nearly killed",
            "{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: shop}, spec: {containers: [{name: a, image: x, resources: {limits: {cpu: '1', memory: 1Gi}}}]}, status: {phase: Running}}\n---\n{apiVersion: metrics.k8s.io/v1beta1, kind: PodMetrics, metadata: {name: p, namespace: shop}, containers: [{name: a, usage: {cpu: 100m, memory: 1000Mi}}]}",
            &["Pod/shop/p [a] spec.containers[0].resources.limits.memory: 1 of 1 pods: p uses 98% of its limit of memory, 1Gi"],
        ).in_files_only(),
        Case::pass(
            "half of it; and no limit is not near",
            "{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: shop}, spec: {containers: [{name: a, image: x, resources: {limits: {memory: 1Gi}}}]}, status: {phase: Running}}\n---\n{apiVersion: metrics.k8s.io/v1beta1, kind: PodMetrics, metadata: {name: p, namespace: shop}, containers: [{name: a, usage: {cpu: '10', memory: 512Mi}}]}",
        ).in_files_only(),
        Case::unknown(
            "without metrics it can't be said",
            "{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: shop}, spec: {containers: [{name: a, image: x, resources: {limits: {memory: 1Gi}}}]}, status: {phase: Running}}",
            &["PodMetrics.metrics.k8s.io"],
            &["? Pod/shop/p PodMetrics.metrics.k8s.io could not be read: Forbidden: no permission"],
        ).in_files_only(),
    ],
}

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    if pods.pods.is_empty() {
        return Ok(());
    }
    let usage = cx.usage()?;
    for container in pods.running_containers() {
        for resource in ["cpu", "memory"] {
            let Some(limit) = container.resources.limit(resource) else { continue };
            let near = pods.pods.iter().filter_map(|pod| {
                let name = pod.metadata.name.as_str();
                let used = usage.container(pods.namespace(), name, &container.name)?.of(resource)?;
                let share = percent(used, limit)?;
                (share >= cx.parameters().nearly_full).then_some((name, share))
            });
            let near: Vec<(&str, i64)> = near.collect();
            if let Some((name, share)) = near.first() {
                let (count, all) = (near.len(), pods.pods.len());
                let message = format!(
                    "{count} of {all} pods: {name} uses {share}% of its limit of {resource}, {limit}"
                );
                out.fail_in(&container, &format!("resources.limits.{resource}"), message);
            }
        }
    }
    Ok(())
}

use crate::audit::{
    case::Case,
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    subject::{PodView, Workload},
};
use crate::quantity::Quantity;

rule! {
    /// The pods of a workload do next to nothing.
    ///
    /// ## Why it matters
    ///
    /// What nobody uses costs what it requests, and is patched by nobody. This looks at one moment only.
    ///
    /// ## Remediation
    ///
    /// Ask its owner. If it is needed at times, let an autoscaler take it to zero in between.
    severity: Info,
    category: Efficiency,
    admission: Never,
    needs: Usage,
    reads: [],
    references: ["https://kubernetes.io/docs/concepts/workloads/autoscaling/"],
    check: [Check::Pods(check)],
    cases: [
        Case::fail(
            "for days",
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, spec: {replicas: 1, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: a, image: x}]}}}}\n---\n{apiVersion: v1, kind: Pod, metadata: {name: web-1, namespace: shop, labels: {app: web}, ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web, uid: u, controller: true}]}, spec: {containers: [{name: a, image: x}]}, status: {phase: Running, startTime: '2026-11-20T12:00:00Z'}}\n---\n{apiVersion: metrics.k8s.io/v1beta1, kind: PodMetrics, metadata: {name: web-1, namespace: shop}, containers: [{name: a, usage: {cpu: 200u, memory: 20Mi}}]}",
            &["Deployment.apps/shop/web 1 of 1 pods: none uses a thousandth of a processor"],
        ).in_files_only(),
        Case::pass(
            "busy; and started an hour ago",
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, spec: {replicas: 1, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: a, image: x}]}}}}\n---\n{apiVersion: v1, kind: Pod, metadata: {name: web-1, namespace: shop, labels: {app: web}, ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web, uid: u, controller: true}]}, spec: {containers: [{name: a, image: x}]}, status: {phase: Running, startTime: '2026-11-20T12:00:00Z'}}\n---\n{apiVersion: metrics.k8s.io/v1beta1, kind: PodMetrics, metadata: {name: web-1, namespace: shop}, containers: [{name: a, usage: {cpu: 20m, memory: 20Mi}}]}\n---\n{apiVersion: apps/v1, kind: Deployment, metadata: {name: new, namespace: shop}, spec: {replicas: 1, selector: {matchLabels: {app: new}}, template: {metadata: {labels: {app: new}}, spec: {containers: [{name: a, image: x}]}}}}\n---\n{apiVersion: v1, kind: Pod, metadata: {name: new-1, namespace: shop, labels: {app: new}, ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: new, uid: u, controller: true}]}, spec: {containers: [{name: a, image: x}]}, status: {phase: Running, startTime: '2026-11-28T11:00:00Z'}}\n---\n{apiVersion: metrics.k8s.io/v1beta1, kind: PodMetrics, metadata: {name: new-1, namespace: shop}, containers: [{name: a, usage: {cpu: '0', memory: 20Mi}}]}",
        ).in_files_only(),
    ],
}

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    if !matches!(pods.workload, Workload::Deployment(_) | Workload::StatefulSet(_)) || pods.pods.is_empty() {
        return Ok(());
    }
    let (usage, now) = (cx.usage()?, cx.now()?);
    let long = cx.parameters().patience_hours * 3600;
    let idle = pods.pods.iter().filter(|pod| {
        let used = usage.pod(pods.namespace(), &pod.metadata.name);
        let old = pod.status.start_time.is_some_and(|start| now.seconds - start.seconds >= long);
        old && used.is_some_and(|used| used.cpu < Quantity::from_milli(1))
    });
    let (idle, all) = (idle.count(), pods.pods.len());
    if idle == all {
        out.fail("", format!("{idle} of {all} pods: none uses a thousandth of a processor"));
    }
    Ok(())
}

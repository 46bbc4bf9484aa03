use crate::audit::{
    case::{Case, deployment},
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    subject::{PodView, Workload},
};

rule! {
    /// A manifest sets the replicas of a workload that a HorizontalPodAutoscaler scales.
    ///
    /// ## Why it matters
    ///
    /// Every time the manifest is applied the workload falls back to its number, under load as well, and the autoscaler
    /// has to work it up again.
    ///
    /// ## Remediation
    ///
    /// Remove `spec.replicas` from the manifest.
    severity: Medium,
    category: Autoscaling,
    admission: Warn,
    needs: Objects,
    reads: [HORIZONTAL_POD_AUTOSCALER],
    references: [],
    check: [Check::Pods(check)],
    cases: [
        Case::fail(
            "in files: a live object always has the number",
            concat!(deployment!("containers: [{name: a, image: x}]"), "{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: web, namespace: shop}, spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}, minReplicas: 2, maxReplicas: 5}}"),
            &["Deployment.apps/shop/web spec.replicas: sets 3 replicas, and autoscaler web sets them too"],
        ).in_files_only(),
        Case::pass("left out", "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, spec: {selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: a, image: x}]}}}}
---
{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: web, namespace: shop}, spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}, minReplicas: 2, maxReplicas: 5}}"),
        Case::pass("somebody else's", concat!(deployment!("containers: [{name: a, image: x}]"), "{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: web, namespace: shop}, spec: {scaleTargetRef: {apiVersion: apps/v1, kind: StatefulSet, name: web}, minReplicas: 2, maxReplicas: 5}}")),
        Case::unknown(
            "autoscalers were not read",
            deployment!("containers: [{name: a, image: x}]"),
            &["HorizontalPodAutoscaler.autoscaling"],
            &["? Deployment.apps/shop/web HorizontalPodAutoscaler.autoscaling in namespace shop could not be read: Forbidden: no permission"],
        ).in_files_only(),
    ],
}

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    if cx.is_live() {
        return Ok(());
    }
    let replicas = match pods.workload {
        Workload::Deployment(it) => it.spec.replicas,
        Workload::ReplicaSet(it) => it.spec.replicas,
        Workload::StatefulSet(it) => it.spec.replicas,
        Workload::ReplicationController(it) => it.spec.replicas,
        _ => None,
    };
    if let Some(replicas) = replicas
        && let Some(autoscaler) = cx.autoscalers_of(&pods.owner)?.first()
    {
        let name = &autoscaler.metadata.name;
        out.fail("spec.replicas", format!("sets {replicas} replicas, and autoscaler {name} sets them too"));
    }
    Ok(())
}

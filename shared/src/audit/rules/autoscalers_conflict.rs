use crate::{
    audit::{
        api::HorizontalPodAutoscaler,
        case::Case,
        context::Context,
        findings::Findings,
        rule::{Check, Outcome, rule},
    },
    graph::edges::group_of,
    model::{ObjectKey, kinds},
};

rule! {
    /// Two autoscalers change the same workload by the same measure.
    ///
    /// ## Why it matters
    ///
    /// A HorizontalPodAutoscaler adds pods when they use much of their request; a VerticalPodAutoscaler raises that
    /// request, which makes the use look small again. They undo each other's work. Two HorizontalPodAutoscalers of one
    /// workload stop working at all.
    ///
    /// ## Remediation
    ///
    /// Keep one HorizontalPodAutoscaler for each workload. Let the VerticalPodAutoscaler control what the other one does
    /// not measure (`controlledResources: [memory]`), or set its `updateMode: Off`.
    severity: Medium,
    category: Autoscaling,
    admission: Warn,
    needs: Objects,
    reads: [VERTICAL_POD_AUTOSCALER],
    references: [],
    check: [Check::HorizontalPodAutoscaler(check)],
    cases: [
        Case::fail(
            "both by cpu; two of a kind",
            "{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: a, namespace: shop}, spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}, minReplicas: 2, maxReplicas: 5}}
---
{apiVersion: autoscaling.k8s.io/v1, kind: VerticalPodAutoscaler, metadata: {name: web, namespace: shop}, spec: {targetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}}
---
{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: b, namespace: shop}, spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: db}, minReplicas: 2, maxReplicas: 5}}
---
{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: c, namespace: shop}, spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: db}, minReplicas: 2, maxReplicas: 5}}
",
            &[
                "HorizontalPodAutoscaler.autoscaling/shop/a spec.metrics: scales by cpu, which VerticalPodAutoscaler web changes",
                "HorizontalPodAutoscaler.autoscaling/shop/b spec.scaleTargetRef: HorizontalPodAutoscaler c scales Deployment.apps/shop/db, too",
                "HorizontalPodAutoscaler.autoscaling/shop/c spec.scaleTargetRef: HorizontalPodAutoscaler b scales Deployment.apps/shop/db, too",
            ],
        ).in_files_only(),
        Case::pass(
            "one by cpu and one by memory; one that only recommends; other workloads; an absolute value",
            "{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: a, namespace: shop}, spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}, minReplicas: 2, maxReplicas: 5}}
---
{apiVersion: autoscaling.k8s.io/v1, kind: VerticalPodAutoscaler, metadata: {name: memory, namespace: shop}, spec: {targetRef: {apiVersion: apps/v1, kind: Deployment, name: web}, resourcePolicy: {containerPolicies: [{containerName: '*', controlledResources: [memory]}]}}}
---
{apiVersion: autoscaling.k8s.io/v1, kind: VerticalPodAutoscaler, metadata: {name: recommends, namespace: shop}, spec: {targetRef: {apiVersion: apps/v1, kind: Deployment, name: web}, updatePolicy: {updateMode: 'Off'}}}
---
{apiVersion: autoscaling.k8s.io/v1, kind: VerticalPodAutoscaler, metadata: {name: other, namespace: shop}, spec: {targetRef: {apiVersion: apps/v1, kind: StatefulSet, name: web}}}
---
{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: b, namespace: other}, spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}, minReplicas: 2, maxReplicas: 5, metrics: [{type: Resource, resource: {name: cpu, target: {type: AverageValue, averageValue: 1}}}]}}
---
{apiVersion: autoscaling.k8s.io/v1, kind: VerticalPodAutoscaler, metadata: {name: web, namespace: other}, spec: {targetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}}
",
        ).in_files_only(),
        Case::unknown(
            "the vertical ones were not read",
            "{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: a, namespace: shop}, spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}, minReplicas: 2, maxReplicas: 5}}",
            &["VerticalPodAutoscaler.autoscaling.k8s.io"],
            &["? HorizontalPodAutoscaler.autoscaling/shop/a VerticalPodAutoscaler.autoscaling.k8s.io could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check(autoscaler: &HorizontalPodAutoscaler, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let target = autoscaler.target();
    for other in cx.autoscalers_of(&target)? {
        if other.metadata.name != autoscaler.metadata.name {
            let message = format!("HorizontalPodAutoscaler {} scales {target}, too", other.metadata.name);
            out.fail("spec.scaleTargetRef", message);
        }
    }
    let metrics = autoscaler.spec.metrics.iter().filter_map(|metric| {
        let one = metric.resource.as_ref().map(|it| (it.name.as_str(), &it.target));
        one.or_else(|| metric.container_resource.as_ref().map(|it| (it.name.as_str(), &it.target)))
    });
    let by: Vec<&str> = if autoscaler.spec.metrics.is_empty() {
        vec!["cpu"]
    } else {
        metrics.filter(|(_, target)| target.r#type == "Utilization").map(|(name, _)| name).collect()
    };
    if by.is_empty() {
        return Ok(());
    }
    for (key, custom) in cx.custom(kinds::VERTICAL_POD_AUTOSCALER)? {
        let spec = &custom.value["spec"];
        let of = |field: &str| spec["targetRef"][field].as_str().unwrap_or_default();
        let other = ObjectKey::new(group_of(of("apiVersion")), of("kind"), key.namespace.clone(), of("name"));
        if other != target || spec["updatePolicy"]["updateMode"].as_str() == Some("Off") {
            continue;
        }
        if let Some(resource) = by.iter().find(|resource| controls(spec, resource)) {
            let message = format!("scales by {resource}, which VerticalPodAutoscaler {} changes", key.name);
            out.fail("spec.metrics", message);
        }
    }
    Ok(())
}

/// Whether a vertical one changes the requests of a resource: it does unless its policies name others.
fn controls(spec: &serde_json::Value, resource: &str) -> bool {
    let policies =
        spec["resourcePolicy"]["containerPolicies"].as_array().map(Vec::as_slice).unwrap_or_default();
    let changes = |policy: &serde_json::Value| {
        let named = policy["controlledResources"].as_array();
        policy["mode"].as_str() != Some("Off")
            && named.is_none_or(|named| named.iter().any(|one| one.as_str() == Some(resource)))
    };
    policies.is_empty() || policies.iter().any(changes)
}

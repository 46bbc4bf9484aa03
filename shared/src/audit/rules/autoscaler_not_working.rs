use crate::audit::{
    api::{HorizontalPodAutoscaler, Moment as _},
    case::Case,
    context::Context,
    findings::Findings,
    reliability::past,
    rule::{Check, Outcome, rule},
    world::Object,
};

rule! {
    /// A HorizontalPodAutoscaler can't do its work.
    ///
    /// ## Why it matters
    ///
    /// Without a metric, or without access to its target, it leaves the replicas as they are, whatever the load.
    ///
    /// ## Remediation
    ///
    /// Read the message: a missing metric needs metrics-server or its adapter, or requests on all containers; a missing
    /// target needs another `scaleTargetRef`.
    severity: Medium,
    category: Autoscaling,
    admission: Never,
    needs: Status,
    reads: [],
    references: [],
    check: [Check::HorizontalPodAutoscaler(check)],
    cases: [
        Case::fail(
            "no metric for half an hour; no target",
            "{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: a, namespace: shop}, spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}, minReplicas: 2, maxReplicas: 5}, status: {conditions: [{type: AbleToScale, status: 'True', reason: SucceededGetScale}, {type: ScalingActive, status: 'False', reason: FailedGetResourceMetric, message: 'the HPA was unable to compute the replica count: failed to get cpu utilization: missing request for cpu in container a of Pod web-1', lastTransitionTime: '2026-11-28T11:30:00Z'}]}}
---
{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: b, namespace: shop}, spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: wep}, minReplicas: 2, maxReplicas: 5}, status: {conditions: [{type: AbleToScale, status: 'False', reason: FailedGetScale, message: \"the HPA controller was unable to get the target's current scale\", lastTransitionTime: '2026-11-28T11:30:00Z'}]}}
",
            &[
                "HorizontalPodAutoscaler.autoscaling/shop/a spec.metrics: not ScalingActive, FailedGetResourceMetric: the HPA was unable to compute the replica count: failed to get cpu utilization: missing request for cpu in container a",
                "HorizontalPodAutoscaler.autoscaling/shop/b spec.scaleTargetRef: not AbleToScale, FailedGetScale: the HPA controller was unable to get the target's current scale",
            ],
        ),
        Case::pass(
            "scaled to nothing on purpose; a moment ago; limited at its minimum",
            "{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: a, namespace: shop}, spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}, minReplicas: 2, maxReplicas: 5}, status: {conditions: [{type: ScalingActive, status: 'False', reason: ScalingDisabled, message: scaling is disabled since the replica count of the target is zero, lastTransitionTime: '2026-11-20T11:30:00Z'}, {type: ScalingLimited, status: 'True', reason: TooFewReplicas}]}}
---
{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: b, namespace: shop}, spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: new}, minReplicas: 2, maxReplicas: 5}, status: {conditions: [{type: ScalingActive, status: 'False', reason: FailedGetResourceMetric, message: no metrics yet, lastTransitionTime: '2026-11-28T11:58:00Z'}]}}
",
        ),
    ],
}

fn check(autoscaler: &HorizontalPodAutoscaler, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let minutes = cx.parameters().rollout_minutes;
    for condition in &autoscaler.status.conditions {
        let (kind, reason) = (condition.r#type.as_str(), condition.reason.as_str());
        let broken = matches!(kind, "AbleToScale" | "ScalingActive") && condition.status == "False";
        if !broken
            || reason == "ScalingDisabled"
            || !past(cx, condition.last_transition_time.known(), minutes)?
        {
            continue;
        }
        let at = if kind == "AbleToScale" { "spec.scaleTargetRef" } else { "spec.metrics" };
        // Which pod it came upon first changes.
        let message = condition.message.lines().next().unwrap_or_default();
        let message = message.split_once(" of Pod ").map_or(message, |(before, _)| before);
        let owner = Object::key(autoscaler);
        let found = out.fail(at, format!("not {kind}, {reason}: {message}"));
        if message.contains("missing request for ") {
            found.caused_by("autoscaler-without-requests", &owner);
        } else if reason == "FailedGetScale" {
            found.caused_by("autoscaler-target-missing", &owner);
        }
    }
    Ok(())
}

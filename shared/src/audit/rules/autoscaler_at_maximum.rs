use crate::audit::{
    api::{HorizontalPodAutoscaler, Moment as _},
    case::Case,
    context::Context,
    findings::Findings,
    reliability::past,
    rule::{Check, Outcome, rule},
};

rule! {
    /// A HorizontalPodAutoscaler has wanted more replicas than its maximum for a long time.
    ///
    /// ## Why it matters
    ///
    /// The load is above what it was made for: every pod works over its target, and the next peak finds nothing in
    /// reserve.
    ///
    /// ## Remediation
    ///
    /// Raise `maxReplicas`, with the nodes and the quota that this takes, or make the pods larger or faster.
    severity: Medium,
    category: Autoscaling,
    admission: Never,
    needs: Status,
    reads: [],
    references: [],
    check: [Check::HorizontalPodAutoscaler(check)],
    cases: [
        Case::fail(
            "for days",
            "{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: web, namespace: shop}, spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}, minReplicas: 2, maxReplicas: 5}, status: {currentReplicas: 5, desiredReplicas: 5, conditions: [{type: ScalingLimited, status: 'True', reason: TooManyReplicas, message: the desired replica count is more than the maximum replica count, lastTransitionTime: '2026-11-20T12:00:00Z'}]}}",
            &["HorizontalPodAutoscaler.autoscaling/shop/web spec.maxReplicas: 5 replicas are too few, for longer than 24 hours"],
        ),
        Case::pass("for a peak; at its minimum", "{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: peak, namespace: shop}, spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}, minReplicas: 2, maxReplicas: 5}, status: {currentReplicas: 5, desiredReplicas: 5, conditions: [{type: ScalingLimited, status: 'True', reason: TooManyReplicas, lastTransitionTime: '2026-11-28T10:00:00Z'}]}}
---
{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: quiet, namespace: shop}, spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: quiet}, minReplicas: 2, maxReplicas: 5}, status: {currentReplicas: 2, desiredReplicas: 2, conditions: [{type: ScalingLimited, status: 'True', reason: TooFewReplicas, lastTransitionTime: '2026-11-20T12:00:00Z'}]}}"),
    ],
}

fn check(autoscaler: &HorizontalPodAutoscaler, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let hours = cx.parameters().patience_hours;
    for condition in &autoscaler.status.conditions {
        let limited = condition.r#type == "ScalingLimited" && condition.status == "True";
        if limited
            && condition.reason == "TooManyReplicas"
            && past(cx, condition.last_transition_time.known(), hours.saturating_mul(60))?
        {
            let most = autoscaler.spec.max_replicas;
            out.fail(
                "spec.maxReplicas",
                format!("{most} replicas are too few, for longer than {hours} hours"),
            );
        }
    }
    Ok(())
}

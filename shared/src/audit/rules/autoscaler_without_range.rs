use crate::audit::{
    api::HorizontalPodAutoscaler,
    case::Case,
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
};

rule! {
    /// A HorizontalPodAutoscaler has no room to scale in.
    ///
    /// ## Why it matters
    ///
    /// With as many replicas at least as at most it never changes anything: what looks like protection against load is
    /// none. A maximum below the minimum is refused by the API server.
    ///
    /// ## Remediation
    ///
    /// Raise `maxReplicas`, or remove the autoscaler and set `replicas`.
    severity: Low,
    category: Autoscaling,
    admission: Warn,
    needs: Object,
    reads: [],
    references: [],
    check: [Check::HorizontalPodAutoscaler(check)],
    cases: [
        Case::fail(
            "the same at both ends; left out is one",
            "{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: a, namespace: shop}, spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: a}, minReplicas: 3, maxReplicas: 3}}
---
{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: b, namespace: shop}, spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: b}, maxReplicas: 1}}
",
            &[
                "HorizontalPodAutoscaler.autoscaling/shop/a spec.maxReplicas: at least 3 replicas and at most 3",
                "HorizontalPodAutoscaler.autoscaling/shop/b spec.maxReplicas: at least 1 replicas and at most 1",
            ],
        ),
        Case::fail("the wrong way round", "{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: a, namespace: shop}, spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: a}, minReplicas: 3, maxReplicas: 2}}", &["HorizontalPodAutoscaler.autoscaling/shop/a spec.maxReplicas: at least 3 replicas and at most 2"]).in_files_only(),
        Case::pass("room for one more", "{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: a, namespace: shop}, spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: a}, maxReplicas: 2}}"),
    ],
}

fn check(autoscaler: &HorizontalPodAutoscaler, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let (least, most) = (autoscaler.least(), autoscaler.spec.max_replicas);
    if most <= least {
        out.fail("spec.maxReplicas", format!("at least {least} replicas and at most {most}"));
    }
    Ok(())
}

use crate::audit::{
    api::HorizontalPodAutoscaler,
    case::Case,
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
};

rule! {
    /// A HorizontalPodAutoscaler may scale down to one replica, or to none.
    ///
    /// ## Why it matters
    ///
    /// In quiet hours one pod is all there is: when it is evicted or crashes, nobody answers until another one is up.
    ///
    /// ## Remediation
    ///
    /// Set `minReplicas: 2` or more. Exempt what may be away for a while.
    severity: Low,
    category: Autoscaling,
    admission: Warn,
    needs: Object,
    reads: [],
    references: [],
    check: [Check::HorizontalPodAutoscaler(check)],
    cases: [
        Case::fail("left out is one", "{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: a, namespace: shop}, spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: a}, maxReplicas: 5}}", &["HorizontalPodAutoscaler.autoscaling/shop/a spec.minReplicas: scales down to 1"]),
        Case::pass("two", "{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: a, namespace: shop}, spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: a}, minReplicas: 2, maxReplicas: 5}}"),
    ],
}

fn check(autoscaler: &HorizontalPodAutoscaler, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let least = autoscaler.least();
    if least <= 1 {
        out.fail("spec.minReplicas", format!("scales down to {least}"));
    }
    Ok(())
}

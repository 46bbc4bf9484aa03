use crate::audit::{
    api::PodDisruptionBudget,
    case::Case,
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
};

rule! {
    /// A pod disruption budget does not say what becomes of pods that are not healthy.
    ///
    /// ## Why it matters
    ///
    /// By default a pod that crashes again and again may only be evicted while enough others are healthy: a broken
    /// application holds up the drain of its node though nothing would be lost.
    ///
    /// ## Remediation
    ///
    /// Set `unhealthyPodEvictionPolicy: AlwaysAllow`.
    severity: Low,
    category: Reliability,
    admission: Warn,
    needs: Object,
    reads: [],
    references: [],
    check: [Check::PodDisruptionBudget(check)],
    cases: [
        Case::fail("nothing said", "{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: web, namespace: shop}, spec: {maxUnavailable: 1, selector: {matchLabels: {app: web}}}}", &["PodDisruptionBudget.policy/shop/web spec.unhealthyPodEvictionPolicy: pods that are not healthy hold up drains"]),
        Case::pass("either is a decision", "{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: one, namespace: shop}, spec: {maxUnavailable: 1, unhealthyPodEvictionPolicy: AlwaysAllow, selector: {matchLabels: {app: web}}}}
---
{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: two, namespace: shop}, spec: {maxUnavailable: 1, unhealthyPodEvictionPolicy: IfHealthyBudget, selector: {matchLabels: {app: db}}}}"),
    ],
}

fn check(budget: &PodDisruptionBudget, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    if budget.spec.unhealthy_pod_eviction_policy.is_none() {
        out.fail("spec.unhealthyPodEvictionPolicy", "pods that are not healthy hold up drains");
    }
    Ok(())
}

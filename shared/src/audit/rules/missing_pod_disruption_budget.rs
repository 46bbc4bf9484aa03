use crate::audit::{
    case::{Case, deployment},
    context::Context,
    findings::Findings,
    reliability::{is_scaled, least_replicas},
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// A workload of several replicas has no pod disruption budget.
    ///
    /// ## Why it matters
    ///
    /// Whoever drains nodes, an upgrade of the cluster say, may evict all replicas at the same time: nothing tells it to
    /// wait for the new ones.
    ///
    /// ## Remediation
    ///
    /// Add a PodDisruptionBudget with `maxUnavailable: 1` that selects the pods.
    severity: Low,
    category: Reliability,
    admission: Never,
    needs: Objects,
    reads: [POD_DISRUPTION_BUDGET, HORIZONTAL_POD_AUTOSCALER],
    references: [],
    check: [Check::Pods(check)],
    cases: [
        Case::fail(
            "none; one of another namespace; one that selects nothing",
            concat!(deployment!("containers: [{name: a, image: x}]"), "{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: web, namespace: other}, spec: {maxUnavailable: 1, selector: {matchLabels: {app: web}}}}
---
{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: none, namespace: shop}, spec: {maxUnavailable: 1}}"),
            &["Deployment.apps/shop/web no disruption budget protects the 3 replicas"],
        ),
        Case::pass("an empty selector is everything", concat!(deployment!("containers: [{name: a, image: x}]"), "{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: all, namespace: shop}, spec: {maxUnavailable: 1, selector: {}}}")),
        Case::pass(
            "one replica, whatever the number in the spec: so says the autoscaler",
            concat!(deployment!("containers: [{name: a, image: x}]"), "{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: web, namespace: shop}, spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}, minReplicas: 1, maxReplicas: 5}}"),
        ),
        Case::pass("one on each node", "{apiVersion: apps/v1, kind: DaemonSet, metadata: {name: dns, namespace: shop}, spec: {selector: {matchLabels: {app: dns}}, template: {metadata: {labels: {app: dns}}, spec: {containers: [{name: a, image: x}]}}}}"),
        Case::unknown(
            "budgets were not read",
            deployment!("containers: [{name: a, image: x}]"),
            &["PodDisruptionBudget.policy"],
            &["? Deployment.apps/shop/web PodDisruptionBudget.policy in namespace shop could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    if !is_scaled(pods) || pods.is_idle() || !cx.budgets_of(pods)?.is_empty() {
        return Ok(());
    }
    if let Some(replicas) = least_replicas(pods, cx)?.filter(|replicas| *replicas > 1) {
        out.fail("", format!("no disruption budget protects the {replicas} replicas"));
    }
    Ok(())
}

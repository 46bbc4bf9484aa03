use crate::audit::{
    case::{Case, deployment},
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// Several pod disruption budgets select the same pods.
    ///
    /// ## Why it matters
    ///
    /// The API server refuses to evict such pods at all, whatever the budgets say: drains of their nodes hang.
    ///
    /// ## Remediation
    ///
    /// Keep one budget, or make the selectors exclude each other.
    severity: Medium,
    category: Reliability,
    admission: Never,
    needs: Objects,
    reads: [POD_DISRUPTION_BUDGET],
    references: [],
    check: [Check::Pods(check)],
    cases: [
        Case::fail(
            "one of everything and one of its own",
            concat!(deployment!("containers: [{name: a, image: x}]"), "{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: all, namespace: shop}, spec: {maxUnavailable: 1, selector: {}}}
---
{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: web, namespace: shop}, spec: {maxUnavailable: 1, selector: {matchLabels: {app: web}}}}"),
            &["Deployment.apps/shop/web disruption budgets all, web select the same pods, so that none can be evicted"],
        ),
        Case::pass("one of its own, others of others", concat!(deployment!("containers: [{name: a, image: x}]"), "{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: db, namespace: shop}, spec: {maxUnavailable: 1, selector: {matchLabels: {app: db}}}}
---
{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: web, namespace: shop}, spec: {maxUnavailable: 1, selector: {matchLabels: {app: web}}}}
---
{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: nobody, namespace: shop}, spec: {maxUnavailable: 1}}")),
        Case::unknown(
            "budgets were not read",
            deployment!("containers: [{name: a, image: x}]"),
            &["PodDisruptionBudget.policy"],
            &["? Deployment.apps/shop/web PodDisruptionBudget.policy in namespace shop could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let budgets = cx.budgets_of(pods)?;
    if budgets.len() > 1 {
        let names: Vec<_> = budgets.iter().map(|budget| budget.metadata.name.as_str()).collect();
        let names = names.join(", ");
        out.fail("", format!("disruption budgets {names} select the same pods, so that none can be evicted"));
    }
    Ok(())
}

use crate::{
    audit::{
        api::PodDisruptionBudget,
        case::{Case, deployment},
        context::Context,
        findings::Findings,
        rule::{Check, Outcome, rule},
    },
    model::Selector,
};

rule! {
    /// A pod disruption budget selects no pods.
    ///
    /// ## Why it matters
    ///
    /// The workload that it was written for is not protected: its pods may all be evicted at once.
    ///
    /// ## Remediation
    ///
    /// Give it the labels of the pods, in their namespace; delete it when the workload is gone.
    severity: Medium,
    category: Reliability,
    admission: Never,
    needs: Objects,
    reads: [POD, DEPLOYMENT, REPLICA_SET, STATEFUL_SET, DAEMON_SET, JOB, CRON_JOB, REPLICATION_CONTROLLER, POD_TEMPLATE],
    references: [],
    check: [Check::PodDisruptionBudget(check)],
    cases: [
        Case::fail(
            "other labels, or no selector",
            concat!(deployment!("containers: [{name: a, image: x}]"), "{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: db, namespace: shop}, spec: {maxUnavailable: 1, selector: {matchLabels: {app: db}}}}
---
{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: nobody, namespace: shop}, spec: {maxUnavailable: 1}}"),
            &[
                "PodDisruptionBudget.policy/shop/db spec.selector: selects app=db, and no pods are that",
                "PodDisruptionBudget.policy/shop/nobody spec.selector: there is no selector, which selects nothing",
            ],
        ),
        Case::pass("an empty selector, and a workload that has no pods just now", "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, spec: {replicas: 0, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: a, image: x}]}}}}
---
{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: all, namespace: shop}, spec: {maxUnavailable: 1, selector: {}}}
---
{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: web, namespace: shop}, spec: {maxUnavailable: 1, selector: {matchLabels: {app: web}}}}"),
        Case::unknown(
            "in files, the pods of the cluster's DNS",
            "{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: dns, namespace: kube-system}, spec: {maxUnavailable: 1, selector: {matchLabels: {k8s-app: kube-dns}}}}",
            &[],
            &["? PodDisruptionBudget.policy/kube-system/dns the files are not all there is of namespace kube-system; there may be such a Pod"],
        ).in_files_only(),
        Case::unknown(
            "pods were not read",
            "{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: web, namespace: shop}, spec: {maxUnavailable: 1, selector: {matchLabels: {app: web}}}}",
            &["Pod"],
            &["? PodDisruptionBudget.policy/shop/web Pod in namespace shop could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check(budget: &PodDisruptionBudget, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let Some(selector) = budget.spec.selector.as_ref().map(Selector::from) else {
        out.fail("spec.selector", "there is no selector, which selects nothing");
        return Ok(());
    };
    if cx.selected(&budget.metadata.namespace, &selector)?.is_empty() {
        let what = if selector.is_everything() { "everything".to_owned() } else { selector.to_string() };
        out.fail("spec.selector", format!("selects {what}, and no pods are that"));
    }
    Ok(())
}

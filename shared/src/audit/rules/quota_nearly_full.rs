use crate::audit::{
    amounts::percent,
    api::ResourceQuota,
    case::Case,
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
};

rule! {
    /// A ResourceQuota is nearly used up.
    ///
    /// ## Why it matters
    ///
    /// When it is, pods are refused: a rollout hangs, an autoscaler stops short, and a pod that is evicted does not come back.
    ///
    /// ## Remediation
    ///
    /// Raise the quota, or lower requests to what is used. `kubectl quota-usage` shows who takes it.
    severity: Medium,
    category: Efficiency,
    admission: Never,
    needs: Status,
    reads: [],
    references: ["https://kubernetes.io/docs/concepts/policy/resource-quotas/"],
    check: [Check::ResourceQuota(check)],
    cases: [
        Case::fail(
            "nine of ten, and more than all",
            "{apiVersion: v1, kind: ResourceQuota, metadata: {name: q, namespace: shop}, spec: {hard: {requests.cpu: '10', pods: '10'}}, status: {hard: {requests.cpu: '10', pods: '10'}, used: {requests.cpu: '9', pods: '11'}}}",
            &[
                "ResourceQuota/shop/q status.used[pods]: 110% of pods is used: 11 of 10",
                "ResourceQuota/shop/q status.used[requests.cpu]: 90% of requests.cpu is used: 9 of 10",
            ],
        ).in_files_only(),
        Case::pass(
            "half of it; and what is forbidden altogether is never nearly used up",
            "{apiVersion: v1, kind: ResourceQuota, metadata: {name: q, namespace: shop}, spec: {hard: {requests.cpu: '10', services.nodeports: '0'}}, status: {hard: {requests.cpu: '10', services.nodeports: '0'}, used: {requests.cpu: '5', services.nodeports: '0'}}}",
        ).in_files_only(),
    ],
}

fn check(quota: &ResourceQuota, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    for (key, hard) in &quota.status.hard {
        let Some(used) = quota.status.used.get(key) else { continue };
        let share = percent(used.quantity(), hard.quantity()).unwrap_or_default();
        if share >= cx.parameters().nearly_full {
            let message = format!("{share}% of {key} is used: {} of {}", used.string, hard.string);
            out.fail(format!("status.used[{key}]"), message);
        }
    }
    Ok(())
}

use crate::audit::{
    api::{Moment as _, PodDisruptionBudget},
    case::Case,
    context::Context,
    findings::Findings,
    reliability::past,
    rule::{Check, Outcome, rule},
};

rule! {
    /// A pod disruption budget allows no eviction, as pods are not healthy or it can't be worked out.
    ///
    /// ## Why it matters
    ///
    /// Drains of nodes wait until the pods are healthy again: upgrades of the cluster hang.
    ///
    /// ## Remediation
    ///
    /// Repair the pods that are not ready. A budget with a percentage or `maxUnavailable` needs pods whose controllers have
    /// a scale: use a number as `minAvailable` for others.
    severity: Medium,
    category: Reliability,
    admission: Never,
    needs: Status,
    reads: [],
    references: [],
    check: [Check::PodDisruptionBudget(check)],
    cases: [
        Case::fail(
            "one of three is healthy, for an hour; it can't be worked out",
            "{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: db, namespace: shop}, spec: {minAvailable: 2, selector: {matchLabels: {app: db}}}, status: {disruptionsAllowed: 0, currentHealthy: 1, desiredHealthy: 2, expectedPods: 3, conditions: [{type: DisruptionAllowed, status: 'False', reason: InsufficientPods, message: '', lastTransitionTime: '2026-11-28T11:00:00Z'}]}}
---
{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: web, namespace: shop}, spec: {maxUnavailable: 1, selector: {matchLabels: {app: web}}}, status: {disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0, conditions: [{type: DisruptionAllowed, status: 'False', reason: SyncFailed, message: things.example.com does not implement the scale subresource, lastTransitionTime: '2026-11-28T11:00:00Z'}]}}
",
            &[
                "PodDisruptionBudget.policy/shop/db status.disruptionsAllowed: no eviction is allowed: 1 of 3 pods are healthy, and 2 have to be",
                "PodDisruptionBudget.policy/shop/web status.conditions: no eviction is allowed: things.example.com does not implement the scale subresource",
            ],
        ),
        Case::pass(
            "for a minute; all healthy, so that the budget itself is why; nothing selected",
            "{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: a, namespace: shop}, spec: {minAvailable: 2, selector: {matchLabels: {app: a}}}, status: {disruptionsAllowed: 0, currentHealthy: 2, desiredHealthy: 2, expectedPods: 3, conditions: [{type: DisruptionAllowed, status: 'False', reason: InsufficientPods, message: '', lastTransitionTime: '2026-11-28T11:59:00Z'}]}}
---
{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: b, namespace: shop}, spec: {minAvailable: 1, selector: {matchLabels: {app: b}}}, status: {disruptionsAllowed: 0, currentHealthy: 1, desiredHealthy: 1, expectedPods: 1, conditions: [{type: DisruptionAllowed, status: 'False', reason: InsufficientPods, message: '', lastTransitionTime: '2026-11-28T10:00:00Z'}]}}
---
{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: c, namespace: shop}, spec: {minAvailable: 1, selector: {matchLabels: {app: c}}}, status: {disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 1, expectedPods: 0, conditions: [{type: DisruptionAllowed, status: 'False', reason: InsufficientPods, message: '', lastTransitionTime: '2026-11-28T10:00:00Z'}]}}
",
        ),
    ],
}

fn check(budget: &PodDisruptionBudget, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let status = &budget.status;
    let refused =
        status.conditions.iter().find(|it| it.r#type == "DisruptionAllowed" && it.status == "False");
    let Some(refused) = refused else {
        return Ok(());
    };
    if !past(cx, refused.last_transition_time.known(), cx.parameters().rollout_minutes)? {
        return Ok(());
    }
    let (healthy, wanted, all) = (status.current_healthy, status.desired_healthy, status.expected_pods);
    if refused.reason == "SyncFailed" {
        let why = refused.message.lines().next().unwrap_or_default();
        out.fail("status.conditions", format!("no eviction is allowed: {why}"));
    } else if healthy < all {
        let message =
            format!("no eviction is allowed: {healthy} of {all} pods are healthy, and {wanted} have to be");
        out.fail("status.disruptionsAllowed", message);
    }
    Ok(())
}

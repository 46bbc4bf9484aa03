use crate::audit::{
    api::Moment as _,
    case::Case,
    context::Context,
    findings::Findings,
    reliability::{fold_pods, some_of},
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// Pods wait for a scheduling gate that nobody opens.
    ///
    /// ## Why it matters
    ///
    /// The scheduler does not look at a pod before its last gate is gone. When the controller that should remove it is
    /// broken, or does not know of it, the pod waits for ever.
    ///
    /// ## Remediation
    ///
    /// Look at the controller that the gate is named after, or remove the gate from `spec.schedulingGates`.
    severity: Medium,
    category: Reliability,
    admission: Never,
    needs: Status,
    reads: [],
    references: [],
    check: [Check::Pods(check)],
    cases: [
        Case::fail(
            "for an hour",
            "{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: shop}, spec: {schedulingGates: [{name: example.com/wait}], containers: [{name: a, image: x}]}, status: {phase: Pending, conditions: [{type: PodScheduled, status: 'False', reason: SchedulingGated, lastTransitionTime: '2026-11-28T11:00:00Z'}]}}",
            &["Pod/shop/p spec.schedulingGates: held back by example.com/wait, for longer than 15 minutes"],
        ),
        Case::pass(
            "for a minute",
            "{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: shop}, spec: {schedulingGates: [{name: example.com/wait}], containers: [{name: a, image: x}]}, status: {phase: Pending, conditions: [{type: PodScheduled, status: 'False', reason: SchedulingGated, lastTransitionTime: '2026-11-28T11:59:00Z'}]}}",
        ),
    ],
}

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let (minutes, now) = (cx.parameters().rollout_minutes, cx.now()?);
    let held = fold_pods(pods, |pod| {
        let scheduled = pod.status.conditions.iter().find(|it| it.r#type == "PodScheduled")?;
        let since = scheduled.last_transition_time.known().or(pod.metadata.creation_timestamp)?;
        let long = now.seconds.saturating_sub(since.seconds) > minutes.saturating_mul(60);
        let gates =
            || pod.spec.scheduling_gates.iter().map(|gate| gate.name.as_str()).collect::<Vec<_>>().join(", ");
        (scheduled.reason == "SchedulingGated" && long).then(gates)
    });
    for (gates, some) in held {
        let who = some_of(pods, &some);
        let message = format!("{who}held back by {gates}, for longer than {minutes} minutes");
        out.fail(pods.path("schedulingGates"), message);
    }
    Ok(())
}

use crate::audit::{
    api::Moment as _,
    case::{Case, member, stateful_set},
    context::Context,
    findings::Findings,
    reliability::{fold, report, some_of, waiting},
    rule::{Check, Outcome, rule},
    subject::{PodView, Role},
};

rule! {
    /// A container was restarted often, and within the last day.
    ///
    /// ## Why it matters
    ///
    /// Each restart cuts off what the container was doing. It runs now, so that nothing else tells of it.
    ///
    /// ## Remediation
    ///
    /// Read why it ended with `kubectl logs --previous`. How many restarts are too many is the policy's `restarts`.
    severity: Medium,
    category: Reliability,
    admission: Never,
    needs: Status,
    reads: [],
    references: [],
    check: [Check::Pods(check)],
    cases: [
        Case::fail(
            "it runs again since this morning",
            concat!(
                stateful_set!("containers: [{name: a, image: x}]"),
                member!("db-0", "containers: [{name: a, image: x}]", "phase: Running, containerStatuses: [{name: a, image: x, imageID: '', ready: true, restartCount: 6, state: {running: {}}, lastState: {terminated: {exitCode: 1, reason: Error, finishedAt: '2026-11-28T03:00:00Z'}}}]"),
                member!("db-1", "containers: [{name: a, image: x}]", "phase: Running, containerStatuses: [{name: a, image: x, imageID: '', ready: true, restartCount: 9, state: {running: {}}, lastState: {terminated: {exitCode: 1, reason: Error, finishedAt: '2026-11-28T03:00:00Z'}}}]"),
            ),
            &["StatefulSet.apps/shop/db [a] spec.template.spec.containers[0]: 2 of 2 pods (db-0 first): restarted more than 5 times, the last time after exit code 1 (Error)"],
        ),
        Case::pass(
            "often, but last week; a few times; crashing now, which is another rule's; tries of an init container",
            concat!(
                stateful_set!("containers: [{name: a, image: x}]"),
                member!("db-0", "containers: [{name: a, image: x}]", "phase: Running, containerStatuses: [{name: a, image: x, imageID: '', ready: true, restartCount: 60, state: {running: {}}, lastState: {terminated: {exitCode: 1, reason: Error, finishedAt: '2026-11-20T03:00:00Z'}}}]"),
                member!("db-1", "containers: [{name: a, image: x}]", "phase: Running, containerStatuses: [{name: a, image: x, imageID: '', ready: true, restartCount: 5, state: {running: {}}, lastState: {terminated: {exitCode: 1, reason: Error, finishedAt: '2026-11-28T03:00:00Z'}}}]"),
                member!("db-2", "initContainers: [{name: i, image: x}], containers: [{name: a, image: x}]", "phase: Running, initContainerStatuses: [{name: i, image: x, imageID: '', ready: true, restartCount: 9, state: {terminated: {exitCode: 0, reason: Completed}}, lastState: {terminated: {exitCode: 1, reason: Error, finishedAt: '2026-11-28T03:00:00Z'}}}], containerStatuses: [{name: a, image: x, imageID: '', ready: false, restartCount: 9, state: {waiting: {reason: CrashLoopBackOff}}, lastState: {terminated: {exitCode: 1, reason: Error, finishedAt: '2026-11-28T03:00:00Z'}}}]"),
            ),
        ),
    ],
}

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let (most, hours, now) = (cx.parameters().restarts, cx.parameters().patience_hours, cx.now()?);
    let restarted = fold(pods, |_, role, status| {
        if role == Role::Init || status.restart_count <= most || waiting(status) == "CrashLoopBackOff" {
            return None;
        }
        let last = status.last_state.terminated.as_ref()?;
        let gone = now.seconds.saturating_sub(last.finished_at.known()?.seconds);
        (gone <= hours.saturating_mul(3600)).then_some((last.exit_code, last.reason.as_str()))
    });
    for ((role, name, (code, reason)), some) in restarted {
        let who = some_of(pods, &some);
        let message =
            format!("{who}restarted more than {most} times, the last time after exit code {code} ({reason})");
        report(out, pods, (role, name), message);
    }
    Ok(())
}

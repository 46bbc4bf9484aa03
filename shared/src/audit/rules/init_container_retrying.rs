use crate::audit::{
    case::Case,
    context::Context,
    findings::Findings,
    reliability::{fold, report, some_of, waiting},
    rule::{Check, Outcome, rule},
    subject::{PodView, Role},
};

rule! {
    /// An init container fails again and again.
    ///
    /// ## Why it matters
    ///
    /// The containers of the pod don't start before all init containers have succeeded: the pod never comes up.
    ///
    /// ## Remediation
    ///
    /// Read why it ended with `kubectl logs --previous -c CONTAINER`. What waits for another service should wait, not
    /// fail.
    severity: Medium,
    category: Reliability,
    admission: Never,
    needs: Status,
    reads: [],
    references: [],
    check: [Check::Pods(check)],
    cases: [
        Case::fail(
            "in a loop",
            "{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: shop}, spec: {initContainers: [{name: setup, image: x}], containers: [{name: a, image: x}]}, status: {phase: Pending, initContainerStatuses: [{name: setup, image: x, imageID: '', ready: false, restartCount: 4, state: {waiting: {reason: CrashLoopBackOff}}, lastState: {terminated: {exitCode: 2, reason: Error}}}]}}",
            &["Pod/shop/p [setup] spec.initContainers[0]: fails again and again, the last time with exit code 2 (Error)"],
        ),
        Case::pass(
            "failed once, and then well",
            "{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: shop}, spec: {initContainers: [{name: setup, image: x}], containers: [{name: a, image: x}]}, status: {phase: Running, initContainerStatuses: [{name: setup, image: x, imageID: '', ready: true, restartCount: 1, state: {terminated: {exitCode: 0, reason: Completed}}, lastState: {terminated: {exitCode: 2, reason: Error}}}]}}",
        ),
    ],
}

fn check(pods: &PodView<'_>, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let failing = fold(pods, |_, role, status| {
        let fails = role == Role::Init && waiting(status) == "CrashLoopBackOff";
        let last = status.last_state.terminated.as_ref();
        fails.then(|| last.map(|last| (last.exit_code, last.reason.as_str())))
    });
    for ((role, name, last), some) in failing {
        let how = last.map(|(code, reason)| format!(", the last time with exit code {code} ({reason})"));
        let who = some_of(pods, &some);
        report(out, pods, (role, name), format!("{who}fails again and again{}", how.unwrap_or_default()));
    }
    Ok(())
}

use crate::audit::{
    case::{Case, member, stateful_set},
    context::Context,
    findings::Findings,
    reliability::{fold, report, some_of, waiting},
    rule::{Check, Outcome, rule},
    subject::{PodView, Role},
};

rule! {
    /// A container crashes again and again.
    ///
    /// ## Why it matters
    ///
    /// The kubelet waits longer before each new try, up to five minutes: what the container should do is not done.
    ///
    /// ## Remediation
    ///
    /// Read why it ended with `kubectl logs --previous`. Exit code 137 is a kill (memory, or a failing liveness probe), 126
    /// and 127 are a command that can't run.
    severity: High,
    category: Reliability,
    admission: Never,
    needs: Status,
    reads: [],
    references: [],
    check: [Check::Pods(check)],
    cases: [
        Case::fail(
            "two of three pods in the same way, in one finding",
            concat!(
                stateful_set!("containers: [{name: a, image: x}]"),
                member!("db-0", "containers: [{name: a, image: x}]", "phase: Running, containerStatuses: [{name: a, image: x, imageID: '', ready: false, restartCount: 9, state: {waiting: {reason: CrashLoopBackOff, message: back-off 5m0s restarting failed container}}, lastState: {terminated: {exitCode: 1, reason: Error}}}]"),
                member!("db-1", "containers: [{name: a, image: x}]", "phase: Running, containerStatuses: [{name: a, image: x, imageID: '', ready: false, restartCount: 4, state: {waiting: {reason: CrashLoopBackOff, message: back-off 40s restarting failed container}}, lastState: {terminated: {exitCode: 1, reason: Error}}}]"),
                member!("db-2", "containers: [{name: a, image: x}]", "phase: Running, containerStatuses: [{name: a, image: x, imageID: '', ready: true, restartCount: 0, state: {running: {}}}]"),
            ),
            &["StatefulSet.apps/shop/db [a] spec.template.spec.containers[0]: 2 of 3 pods (db-0 first): crashes again and again, the last time with exit code 1 (Error)"],
        ),
        Case::fail(
            "a sidecar, in a pod of its own, out of memory",
            "{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: shop}, spec: {initContainers: [{name: proxy, image: x, restartPolicy: Always}], containers: [{name: a, image: x}]}, status: {phase: Pending, initContainerStatuses: [{name: proxy, image: x, imageID: '', ready: false, restartCount: 4, state: {waiting: {reason: CrashLoopBackOff}}, lastState: {terminated: {exitCode: 137, reason: OOMKilled}}}]}}",
            &["Pod/shop/p [proxy] spec.initContainers[0]: crashes again and again, the last time with exit code 137 (OOMKilled)"],
        ),
        Case::pass(
            "restarted once and well; an init container, which is another rule's; a pod that is being deleted or has ended",
            concat!(
                stateful_set!("containers: [{name: a, image: x}]"),
                member!("db-0", "containers: [{name: a, image: x}]", "phase: Running, containerStatuses: [{name: a, image: x, imageID: '', ready: true, restartCount: 1, state: {running: {}}, lastState: {terminated: {exitCode: 1, reason: Error}}}]"),
                member!("db-1", "initContainers: [{name: i, image: x}], containers: [{name: a, image: x}]", "phase: Pending, initContainerStatuses: [{name: i, image: x, imageID: '', ready: false, restartCount: 4, state: {waiting: {reason: CrashLoopBackOff}}}]"),
                member!("db-2", "containers: [{name: a, image: x}]", "phase: Failed, reason: Evicted, containerStatuses: [{name: a, image: x, imageID: '', ready: false, restartCount: 4, state: {waiting: {reason: CrashLoopBackOff}}}]"),
            ),
        ),
    ],
}

fn check(pods: &PodView<'_>, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let crashes = fold(pods, |_, role, status| {
        let crashes = role != Role::Init && waiting(status) == "CrashLoopBackOff";
        let last = status.last_state.terminated.as_ref();
        crashes.then(|| last.map(|last| (last.exit_code, last.reason.as_str())))
    });
    for ((role, name, last), some) in crashes {
        let how = last.map(|(code, reason)| format!(", the last time with exit code {code} ({reason})"));
        let who = some_of(pods, &some);
        let message = format!("{who}crashes again and again{}", how.unwrap_or_default());
        let found = report(out, pods, (role, name), message);
        if last.is_some_and(|(_, reason)| reason == "OOMKilled") {
            found.caused_by("out-of-memory-killed", &pods.owner);
        }
    }
    Ok(())
}

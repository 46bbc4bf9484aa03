use crate::audit::{
    case::{Case, member, stateful_set},
    context::Context,
    findings::Findings,
    reliability::{START_ERRORS, fold, report, some_of},
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// The container runtime can't start a container.
    ///
    /// ## Why it matters
    ///
    /// The container never runs: most often its command is not in the image, or can't be executed.
    ///
    /// ## Remediation
    ///
    /// Compare `command`, `args` and `workingDir` with what is in the image, and mounts with the paths that they hide.
    severity: High,
    category: Reliability,
    admission: Never,
    needs: Status,
    reads: [],
    references: [],
    check: [Check::Pods(check)],
    cases: [
        Case::fail(
            "a command that there is not, waiting and ended",
            concat!(
                stateful_set!("containers: [{name: a, image: x, command: [serve]}]"),
                member!("db-0", "containers: [{name: a, image: x, command: [serve]}]", "phase: Pending, containerStatuses: [{name: a, image: x, imageID: '', ready: false, restartCount: 0, state: {waiting: {reason: RunContainerError, message: 'failed to create containerd task 0123abcd: exec: \"serve\": executable file not found in $PATH: unknown'}}}]"),
                member!("db-1", "containers: [{name: a, image: x, command: [serve]}]", "phase: Running, containerStatuses: [{name: a, image: x, imageID: '', ready: false, restartCount: 3, state: {terminated: {exitCode: 128, reason: StartError, message: 'failed to create containerd task 4567cdef: exec: \"serve\": executable file not found in $PATH: unknown'}}}]"),
            ),
            &["StatefulSet.apps/shop/db [a] spec.template.spec.containers[0]: 2 of 2 pods (db-0 first): can't be started: executable file not found"],
        ),
        Case::pass(
            "it started, and ended by itself",
            concat!(
                stateful_set!("containers: [{name: a, image: x}]"),
                member!("db-0", "containers: [{name: a, image: x}]", "phase: Running, containerStatuses: [{name: a, image: x, imageID: '', ready: false, restartCount: 0, state: {terminated: {exitCode: 1, reason: Error, message: permission denied}}}]"),
            ),
        ),
    ],
}

fn check(pods: &PodView<'_>, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let failing = fold(pods, |_, _, status| {
        let state = &status.state;
        let waiting = state.waiting.as_ref().filter(|it| START_ERRORS.contains(&it.reason.as_str()));
        let ended =
            state.terminated.as_ref().filter(|it| matches!(&*it.reason, "StartError" | "ContainerCannotRun"));
        let told = waiting.map(|it| (it.reason.as_str(), it.message.as_str()));
        let (reason, message) = told.or_else(|| ended.map(|it| (it.reason.as_str(), it.message.as_str())))?;
        Some(WHYS.iter().find(|why| message.contains(**why)).copied().unwrap_or(reason))
    });
    for ((role, name, why), some) in failing {
        let message = format!("{}can't be started: {why}", some_of(pods, &some));
        report(out, pods, (role, name), message);
    }
    Ok(())
}

/// What messages say between numbers that change.
const WHYS: &[&str] = &[
    "executable file not found",
    "permission denied",
    "exec format error",
    "no such file or directory",
    "not a directory",
    "context deadline exceeded",
    "device or resource busy",
];

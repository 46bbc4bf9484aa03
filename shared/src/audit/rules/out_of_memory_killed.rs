use crate::{
    audit::{
        api::Moment as _,
        case::{Case, member, stateful_set},
        context::Context,
        findings::Findings,
        reliability::{fold, some_of},
        rule::{Check, Outcome, rule},
        subject::PodView,
    },
    model::Time,
};

rule! {
    /// A container was killed because it used too much memory.
    ///
    /// ## Why it matters
    ///
    /// What it was doing is lost, and it will do so again: at the next peak, or at once.
    ///
    /// ## Remediation
    ///
    /// Compare the limit with what the container uses at its peak, raise the limit and the request, or look for the leak.
    /// Runtimes with a heap of their own (Java, Node.js) must be told the limit.
    severity: High,
    category: Reliability,
    admission: Never,
    needs: Status,
    reads: [],
    references: [],
    check: [Check::Pods(check)],
    cases: [
        Case::fail(
            "within the day, with the limit",
            concat!(
                stateful_set!("containers: [{name: a, image: x, resources: {limits: {memory: 128Mi}}}]"),
                member!("db-0", "containers: [{name: a, image: x, resources: {limits: {memory: 128Mi}}}]", "phase: Running, containerStatuses: [{name: a, image: x, imageID: '', ready: true, restartCount: 1, state: {running: {}}, lastState: {terminated: {exitCode: 137, reason: OOMKilled, finishedAt: '2026-11-28T03:00:00Z'}}}]"),
            ),
            &["StatefulSet.apps/shop/db [a] spec.template.spec.containers[0].resources.limits.memory: 1 of 1 pods (db-0 first): killed for using more memory than its limit of 128Mi"],
        ),
        Case::fail(
            "without a limit it was the node's memory",
            "{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: shop}, spec: {containers: [{name: a, image: x}]}, status: {phase: Running, containerStatuses: [{name: a, image: x, imageID: '', ready: false, restartCount: 1, state: {terminated: {exitCode: 137, reason: OOMKilled, finishedAt: '2026-11-28T11:59:00Z'}}}]}}",
            &["Pod/shop/p [a] spec.containers[0].resources.limits.memory: killed as its node ran out of memory; it has no limit"],
        ),
        Case::pass(
            "last week; killed for something else",
            concat!(
                stateful_set!("containers: [{name: a, image: x}]"),
                member!("db-0", "containers: [{name: a, image: x}]", "phase: Running, containerStatuses: [{name: a, image: x, imageID: '', ready: true, restartCount: 1, state: {running: {}}, lastState: {terminated: {exitCode: 137, reason: OOMKilled, finishedAt: '2026-11-20T03:00:00Z'}}}]"),
                member!("db-1", "containers: [{name: a, image: x}]", "phase: Running, containerStatuses: [{name: a, image: x, imageID: '', ready: true, restartCount: 1, state: {running: {}}, lastState: {terminated: {exitCode: 137, reason: Error, finishedAt: '2026-11-28T03:00:00Z'}}}]"),
            ),
        ),
    ],
}

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let minutes = cx.parameters().patience_hours.saturating_mul(60);
    let now = cx.now()?;
    let killed = fold(pods, |pod, _, status| {
        let ends = [&status.state.terminated, &status.last_state.terminated].into_iter().flatten();
        let recent = |at: Time| now.seconds.saturating_sub(at.seconds) <= minutes.saturating_mul(60);
        let mut kills =
            ends.filter(|end| end.reason == "OOMKilled" && end.finished_at.known().is_none_or(recent));
        kills.next()?;
        let containers = pod.spec.containers.iter().chain(&pod.spec.init_containers);
        let limit =
            containers.filter(|it| it.name == status.name).find_map(|it| it.resources.limits.get("memory"));
        Some(limit.map(|limit| limit.string.as_str()))
    });
    for ((role, name, limit), some) in killed {
        let who = some_of(pods, &some);
        let message = match limit {
            Some(limit) => format!("{who}killed for using more memory than its limit of {limit}"),
            None => format!("{who}killed as its node ran out of memory; it has no limit"),
        };
        match pods.containers().find(|it| it.role == role && it.name == name) {
            Some(container) => out.fail_in(&container, "resources.limits.memory", message),
            None => out.fail("", message).container(name),
        };
    }
    Ok(())
}

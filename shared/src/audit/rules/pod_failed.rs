use crate::audit::{
    case::Case,
    context::Context,
    findings::Findings,
    reliability::statuses,
    rule::{Check, Outcome, rule},
    world::LivePod,
};

rule! {
    /// A pod that nothing manages has failed.
    ///
    /// ## Why it matters
    ///
    /// What it should do was not done, and nobody tries again.
    ///
    /// ## Remediation
    ///
    /// Read why with `kubectl logs`, and make it a Job if it should be tried again.
    severity: Medium,
    category: Reliability,
    admission: Never,
    needs: Status,
    reads: [],
    references: [],
    check: [Check::LivePod(check)],
    cases: [
        Case::fail(
            "a container, or the pod as a whole",
            "{apiVersion: v1, kind: Pod, metadata: {name: late, namespace: shop}, spec: {restartPolicy: Never, activeDeadlineSeconds: 5, containers: [{name: a, image: x}]}, status: {phase: Failed, reason: DeadlineExceeded, message: Pod was active on the node longer than the specified deadline}}
---
{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: shop}, spec: {restartPolicy: Never, containers: [{name: a, image: x}]}, status: {phase: Failed, containerStatuses: [{name: a, image: x, imageID: '', ready: false, restartCount: 0, state: {terminated: {exitCode: 3, reason: Error}}}]}}
",
            &[
                "Pod/shop/late status.phase: failed: DeadlineExceeded",
                "Pod/shop/p [a] status.phase: failed: container a ended with exit code 3 (Error)",
            ],
        ),
        Case::pass(
            "done; a job's, which is tried again; evicted, which is another rule's",
            "{apiVersion: v1, kind: Pod, metadata: {name: done, namespace: shop}, spec: {restartPolicy: Never, containers: [{name: a, image: x}]}, status: {phase: Succeeded, containerStatuses: [{name: a, image: x, imageID: '', ready: false, restartCount: 0, state: {terminated: {exitCode: 0, reason: Completed}}}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: once-abcde, namespace: shop, ownerReferences: [{apiVersion: batch/v1, kind: Job, name: once, uid: u, controller: true}]}, spec: {restartPolicy: Never, containers: [{name: a, image: x}]}, status: {phase: Failed, containerStatuses: [{name: a, image: x, imageID: '', ready: false, restartCount: 0, state: {terminated: {exitCode: 3, reason: Error}}}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: shop}, spec: {containers: [{name: a, image: x}]}, status: {phase: Failed, reason: Evicted}}
",
        ),
    ],
}

fn check(pod: &LivePod, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let status = &pod.status;
    let other =
        matches!(&*status.reason, "Evicted" | "Preempting") || !pod.metadata.owner_references.is_empty();
    if status.phase != "Failed" || other || pod.metadata.deletion_timestamp.is_some() {
        return Ok(());
    }
    if !status.reason.is_empty() {
        out.fail("status.phase", format!("failed: {}", status.reason));
        return Ok(());
    }
    let ended = statuses(pod).find_map(|(_, it)| {
        let end = it.state.terminated.as_ref().filter(|end| end.exit_code != 0)?;
        Some((it.name.as_str(), end.exit_code, end.reason.as_str()))
    });
    match ended {
        Some((name, code, reason)) => {
            let message = format!("failed: container {name} ended with exit code {code} ({reason})");
            out.fail("status.phase", message).container(name);
        }
        None => {
            out.fail("status.phase", "failed");
        }
    }
    Ok(())
}

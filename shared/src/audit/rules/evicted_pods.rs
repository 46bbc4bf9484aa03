use std::collections::BTreeMap;

use crate::audit::{
    case::{Case, member, stateful_set},
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    subject::PodView,
    world::LivePod,
};

rule! {
    /// Pods were evicted by the kubelet, or preempted.
    ///
    /// ## Why it matters
    ///
    /// A node ran out of memory, disk or processes, and these pods used more than they asked for. It will happen again,
    /// and what is left of them stays until somebody deletes it.
    ///
    /// ## Remediation
    ///
    /// Set requests near to what the pods use, `ephemeral-storage` as well. Delete the evicted pods.
    severity: Medium,
    category: Reliability,
    admission: Never,
    needs: Status,
    reads: [],
    references: [],
    check: [Check::Pods(check), Check::LivePod(alone)],
    cases: [
        Case::fail(
            "of a workload, counted; one of its own",
            concat!(
                stateful_set!("containers: [{name: a, image: x}]"),
                member!("db-0", "containers: [{name: a, image: x}]", "phase: Failed, reason: Evicted, message: 'The node was low on resource: memory. Threshold quantity: 100Mi, available: 50Mi. '"),
                member!("db-1", "containers: [{name: a, image: x}]", "phase: Failed, reason: Evicted, message: 'The node was low on resource: memory. Threshold quantity: 100Mi, available: 70Mi. '"),
                "{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: shop}, spec: {containers: [{name: a, image: x}]}, status: {phase: Failed, reason: Evicted, message: 'Pod ephemeral local storage usage exceeds the total limit of containers 1Gi. '}}",
            ),
            &[
                "Pod/shop/p status.reason: evicted: Pod ephemeral local storage usage exceeds the total limit of containers 1Gi",
                "StatefulSet.apps/shop/db status: 2 pods evicted (db-0 first): The node was low on resource: memory",
            ],
        ),
        Case::pass(
            "failed for another reason",
            concat!(
                stateful_set!("containers: [{name: a, image: x}]"),
                member!("db-0", "containers: [{name: a, image: x}]", "phase: Failed, containerStatuses: [{name: a, image: x, imageID: '', ready: false, restartCount: 0, state: {terminated: {exitCode: 1, reason: Error}}}]"),
            ),
        ),
    ],
}

fn is_evicted(pod: &LivePod) -> bool {
    pod.status.phase == "Failed" && matches!(&*pod.status.reason, "Evicted" | "Preempting")
}

/// The first sentence: the others have numbers that differ from pod to pod.
fn why(pod: &LivePod) -> &str {
    let message = pod.status.message.trim();
    let first = message.split_once(". ").map_or(message, |(first, _)| first);
    first.strip_suffix('.').unwrap_or(first)
}

fn check(pods: &PodView<'_>, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let mut evicted: BTreeMap<&str, Vec<&LivePod>> = BTreeMap::new();
    for pod in pods.pods.iter().copied().filter(|pod| is_evicted(pod)) {
        evicted.entry(why(pod)).or_default().push(pod);
    }
    for (why, some) in evicted {
        let first = some.first().map(|pod| pod.metadata.name.as_str()).unwrap_or_default();
        out.fail("status", format!("{} pods evicted ({first} first): {why}", some.len()));
    }
    Ok(())
}

/// Of a pod at its end that nothing manages nothing else is said.
fn alone(pod: &LivePod, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    if is_evicted(pod) && pod.metadata.controller().is_none() {
        out.fail("status.reason", format!("evicted: {}", why(pod)));
    }
    Ok(())
}

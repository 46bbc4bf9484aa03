use crate::audit::{
    case::Case,
    context::Context,
    findings::Findings,
    reliability::{cause_of, is_ready, past, since_unready, up},
    rule::{Check, Outcome, rule},
    subject::{PodView, Workload},
};

rule! {
    /// A daemon set has no ready pod on some of the nodes that it is for.
    ///
    /// ## Why it matters
    ///
    /// What it does for a node (network, storage, logs, protection) is not done there, and other pods on that node suffer
    /// from it.
    ///
    /// ## Remediation
    ///
    /// Look at the pod and the node that are named: the finding that is named as the cause says what it suffers from.
    severity: Medium,
    category: Reliability,
    admission: Never,
    needs: Status,
    reads: [],
    references: [],
    check: [Check::Pods(check)],
    cases: [
        Case::fail(
            "one is not ready for an hour",
            "{apiVersion: apps/v1, kind: DaemonSet, metadata: {name: dns, namespace: shop}, spec: {selector: {matchLabels: {app: dns}}, template: {metadata: {labels: {app: dns}}, spec: {containers: [{name: a, image: x}]}}}, status: {desiredNumberScheduled: 3, currentNumberScheduled: 3, numberMisscheduled: 0, numberReady: 2, numberUnavailable: 1}}
---
{apiVersion: v1, kind: Pod, metadata: {name: dns-x, namespace: shop, labels: {app: dns}, ownerReferences: [{apiVersion: apps/v1, kind: DaemonSet, name: dns, uid: u, controller: true}]}, spec: {nodeName: n1, containers: [{name: a, image: x}]}, status: {phase: Running, conditions: [{type: Ready, status: 'False', lastTransitionTime: '2026-11-28T11:00:00Z'}]}}
",
            &["DaemonSet.apps/shop/dns status.numberReady: ready on 2 of 3 nodes, for longer than 15 minutes (not on n1)"],
        ),
        Case::pass(
            "an update on its way; nodes that it is not for",
            "{apiVersion: apps/v1, kind: DaemonSet, metadata: {name: dns, namespace: shop}, spec: {selector: {matchLabels: {app: dns}}, template: {metadata: {labels: {app: dns}}, spec: {containers: [{name: a, image: x}]}}}, status: {desiredNumberScheduled: 3, currentNumberScheduled: 3, numberMisscheduled: 0, numberReady: 2, numberUnavailable: 1}}
---
{apiVersion: v1, kind: Pod, metadata: {name: dns-x, namespace: shop, labels: {app: dns}, ownerReferences: [{apiVersion: apps/v1, kind: DaemonSet, name: dns, uid: u, controller: true}]}, spec: {nodeName: n1, containers: [{name: a, image: x}]}, status: {phase: Running, conditions: [{type: Ready, status: 'False', lastTransitionTime: '2026-11-28T11:55:00Z'}]}}
---
{apiVersion: apps/v1, kind: DaemonSet, metadata: {name: gpu, namespace: shop}, spec: {selector: {matchLabels: {app: gpu}}, template: {metadata: {labels: {app: gpu}}, spec: {nodeSelector: {gpu: 'true'}, containers: [{name: a, image: x}]}}}, status: {desiredNumberScheduled: 0, currentNumberScheduled: 0, numberMisscheduled: 0, numberReady: 0}}
",
        ),
    ],
}

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let Workload::DaemonSet(set) = pods.workload else {
        return Ok(());
    };
    let (wanted, ready) = (set.status.desired_number_scheduled, set.status.number_ready);
    if ready >= wanted {
        return Ok(());
    }
    let minutes = cx.parameters().rollout_minutes;
    for pod in up(pods).filter(|pod| !is_ready(pod)) {
        if past(cx, since_unready(pod), minutes)? {
            let node = if pod.node_name.is_empty() { "any node" } else { &*pod.node_name };
            let message = format!(
                "ready on {ready} of {wanted} nodes, for longer than {minutes} minutes (not on {node})"
            );
            let found = out.fail("status.numberReady", message);
            if let Some(rule) = cause_of(pods) {
                found.caused_by(rule, &pods.owner);
            }
            break;
        }
    }
    Ok(())
}

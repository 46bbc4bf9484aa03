use std::collections::BTreeMap;

use crate::audit::{
    case::{Case, member, stateful_set},
    context::Context,
    findings::Findings,
    reliability::{Pods, is_being_made, past, some_of, up},
    rule::{Check, Outcome, rule},
    subject::PodView,
    world::Object,
};

rule! {
    /// The kubelet can't make the sandbox of a pod.
    ///
    /// ## Why it matters
    ///
    /// No container of the pod starts before it has its network: the pod hangs in ContainerCreating. It is most often the
    /// node or its network plugin that is broken, and then other pods are next.
    ///
    /// ## Remediation
    ///
    /// Look at the network plugin's pod on that node, whether the node has addresses left, and at the container runtime's
    /// log.
    severity: High,
    category: Reliability,
    admission: Never,
    needs: Status,
    reads: [EVENT],
    references: [],
    check: [Check::Pods(check)],
    cases: [
        Case::fail(
            "no network for an hour",
            concat!(
                stateful_set!("containers: [{name: a, image: x}]"),
                member!("db-0", "nodeName: n1, containers: [{name: a, image: x}]", "phase: Pending, startTime: '2026-11-28T11:00:00Z', containerStatuses: [{name: a, image: x, imageID: '', ready: false, restartCount: 0, state: {waiting: {reason: ContainerCreating}}}]"),
                "{apiVersion: v1, kind: Event, metadata: {name: e1, namespace: shop}, involvedObject: {apiVersion: v1, kind: Pod, namespace: shop, name: db-0}, type: Warning, reason: FailedCreatePodSandBox, message: 'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox \"0123abcd\": plugin type=\"calico\" failed (add): no IP addresses available in range', lastTimestamp: '2026-11-28T11:59:00Z'}",
            ),
            &["StatefulSet.apps/shop/db spec.template.spec: 1 of 1 pods (db-0 first): can't be set up on node n1: its network fails"],
        ),
        Case::pass(
            "once, a moment ago",
            concat!(
                stateful_set!("containers: [{name: a, image: x}]"),
                member!("db-0", "nodeName: n1, containers: [{name: a, image: x}]", "phase: Pending, startTime: '2026-11-28T11:59:00Z', containerStatuses: [{name: a, image: x, imageID: '', ready: false, restartCount: 0, state: {waiting: {reason: ContainerCreating}}}]"),
                "{apiVersion: v1, kind: Event, metadata: {name: e1, namespace: shop}, involvedObject: {apiVersion: v1, kind: Pod, namespace: shop, name: db-0}, type: Warning, reason: FailedCreatePodSandBox, message: refused, lastTimestamp: '2026-11-28T11:59:00Z'}",
            ),
        ),
        Case::unknown(
            "events were not read",
            concat!(
                stateful_set!("containers: [{name: a, image: x}]"),
                member!("db-0", "nodeName: n1, containers: [{name: a, image: x}]", "phase: Pending, startTime: '2026-11-28T11:00:00Z', containerStatuses: [{name: a, image: x, imageID: '', ready: false, restartCount: 0, state: {waiting: {reason: ContainerCreating}}}]"),
            ),
            &["Event"],
            &["? StatefulSet.apps/shop/db Event in namespace shop could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let minutes = cx.parameters().rollout_minutes;
    let mut failing: BTreeMap<(&str, &str), Pods<'_>> = BTreeMap::new();
    for pod in up(pods).filter(|pod| is_being_made(pod)) {
        if !past(cx, pod.status.start_time, minutes)? {
            continue;
        }
        let events = cx.events_of(&Object::key(pod))?;
        if let Some(event) = events.iter().rev().find(|event| event.reason == "FailedCreatePodSandBox") {
            let message = event.message.to_ascii_lowercase();
            let network = ["network", "cni", "ip address"].iter().any(|word| message.contains(word));
            let why = if network { "its network fails" } else { "the container runtime fails" };
            failing.entry((&pod.node_name, why)).or_default().push(pod);
        }
    }
    for ((node, why), some) in failing {
        let message = format!("{}can't be set up on node {node}: {why}", some_of(pods, &some));
        out.fail(pods.path(""), message);
    }
    Ok(())
}

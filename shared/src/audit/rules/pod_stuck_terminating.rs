use std::collections::BTreeMap;

use crate::{
    audit::{
        api::Node,
        case::Case,
        context::Context,
        findings::Findings,
        reliability::{past, some_of},
        rule::{Check, Outcome, rule},
        subject::PodView,
        world::{LivePod, Object, Unknown},
    },
    model::ObjectKey,
};

rule! {
    /// A pod was deleted, its grace period is long over, and it is still there.
    ///
    /// ## Why it matters
    ///
    /// Its node does not say that the containers have ended, or a finalizer keeps it. A StatefulSet waits for it before it
    /// makes the next one, and a drain does not come to an end.
    ///
    /// ## Remediation
    ///
    /// If the node is gone for good, delete the Node, or taint it `node.kubernetes.io/out-of-service`. Otherwise look at the
    /// kubelet, or at the controller whose finalizer it is. `--force` is for when nothing runs there any more.
    severity: Medium,
    category: Reliability,
    admission: Never,
    needs: Status,
    reads: [NODE],
    references: [],
    check: [Check::Pods(check)],
    cases: [
        Case::fail(
            "the node is gone, not ready, or it is a finalizer",
            "{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: shop, deletionTimestamp: '2026-11-28T11:00:00Z'}, spec: {nodeName: gone, containers: [{name: a, image: x}]}, status: {phase: Running}}
---
{apiVersion: v1, kind: Pod, metadata: {name: b, namespace: shop, deletionTimestamp: '2026-11-28T11:00:00Z'}, spec: {nodeName: n1, containers: [{name: a, image: x}]}, status: {phase: Running}}
---
{apiVersion: v1, kind: Pod, metadata: {name: c, namespace: shop, deletionTimestamp: '2026-11-28T11:00:00Z', finalizers: [example.com/wait]}, spec: {nodeName: n1, containers: [{name: a, image: x}]}, status: {phase: Running}}
---
{apiVersion: v1, kind: Node, metadata: {name: n1}, status: {conditions: [{type: Ready, status: Unknown}]}}
",
            &[
                "Pod/shop/a metadata.deletionTimestamp: deleted, and still there: node gone does not exist any more",
                "Pod/shop/b metadata.deletionTimestamp: deleted, and still there: node n1 is not ready",
                "Pod/shop/c metadata.deletionTimestamp: deleted, and still there: kept by example.com/wait",
            ],
        ).in_files_only(),
        Case::pass(
            "ending just now",
            "{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: shop, deletionTimestamp: '2026-11-28T12:00:20Z', deletionGracePeriodSeconds: 30}, spec: {nodeName: n1, containers: [{name: a, image: x}]}, status: {phase: Running}}",
        ).in_files_only(),
        Case::unknown(
            "nodes were not read",
            "{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: shop, deletionTimestamp: '2026-11-28T11:00:00Z'}, spec: {nodeName: n1, containers: [{name: a, image: x}]}, status: {phase: Running}}",
            &["Node"],
            &["? Pod/shop/a Node could not be read: Forbidden: no permission"],
        ).in_files_only(),
    ],
}

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let mut stuck: BTreeMap<(String, Option<ObjectKey>), Vec<&LivePod>> = BTreeMap::new();
    for pod in &pods.pods {
        if past(cx, pod.metadata.deletion_timestamp, cx.parameters().rollout_minutes)? {
            stuck.entry(why(pod, cx)?).or_default().push(pod);
        }
    }
    for ((why, node), some) in stuck {
        let who = some_of(pods, &some);
        let found = out.fail("metadata.deletionTimestamp", format!("{who}deleted, and still there: {why}"));
        if let Some(node) = node {
            found.caused_by("node-not-ready", &node);
        }
    }
    Ok(())
}

/// What keeps it, and the node if that is why.
fn why(pod: &LivePod, cx: &Context<'_>) -> Result<(String, Option<ObjectKey>), Unknown> {
    if !pod.metadata.finalizers.is_empty() {
        return Ok((format!("kept by {}", pod.metadata.finalizers.join(", ")), None));
    }
    let name = &*pod.node_name;
    if name.is_empty() {
        return Ok(("nothing removes it".to_owned(), None));
    }
    let Some(node) = cx.get::<Node>("", name)? else {
        return Ok((format!("node {name} does not exist any more"), None));
    };
    if node.status.conditions.iter().any(|it| it.r#type == "Ready" && it.status != "True") {
        return Ok((format!("node {name} is not ready"), Some(Object::key(node))));
    }
    Ok((format!("the kubelet of node {name} has not ended it"), None))
}

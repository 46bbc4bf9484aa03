use crate::audit::{
    amounts::percent,
    api::Node,
    case::Case,
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
};
use crate::quota::Amounts;

rule! {
    /// The pods of a node may take far more memory than it has.
    ///
    /// ## Why it matters
    ///
    /// Limits above what the node has are a bet that not everybody wants his share at once. When the bet is lost, the
    /// kernel kills processes, and not always those that took too much.
    ///
    /// ## Remediation
    ///
    /// Bring memory limits near to memory requests, or add nodes.
    severity: Medium,
    category: Nodes,
    admission: Never,
    needs: Status,
    reads: [POD],
    references: ["https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/"],
    check: [Check::Node(check)],
    cases: [
        Case::fail(
            "twice what there is",
            "{apiVersion: v1, kind: Node, metadata: {name: node}, status: {allocatable: {cpu: '4', memory: 4Gi}}}\n---\n{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: shop}, spec: {nodeName: node, containers: [{name: a, image: x, resources: {requests: {memory: 1Gi}, limits: {memory: 9Gi, cpu: '40'}}}]}, status: {phase: Running}}",
            &["Node/node limits of memory are 225% of what the node has"],
        ).in_files_only(),
        Case::fail(
            "nearly all of it requested",
            "{apiVersion: v1, kind: Node, metadata: {name: node}, status: {allocatable: {cpu: '4', memory: 4Gi}}}\n---\n{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: shop}, spec: {nodeName: node, containers: [{name: a, image: x, resources: {requests: {cpu: 3900m}}}]}, status: {phase: Running}}",
            &["Node/node requests of cpu are 98% of what the node has"],
        ).in_files_only(),
        Case::pass(
            "a pod that has ended takes nothing",
            "{apiVersion: v1, kind: Node, metadata: {name: node}, status: {allocatable: {cpu: '4', memory: 4Gi}}}\n---\n{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: shop}, spec: {nodeName: node, containers: [{name: a, image: x, resources: {limits: {memory: 9Gi}}}]}, status: {phase: Succeeded}}",
        ).in_files_only(),
    ],
}

/// Percent of what a node has that limits of memory may come to.
const OVERCOMMIT: i64 = 200;
/// Percent of what a node has that requests may come to: what is left is for the pods of daemon sets and for rollouts.
const REQUESTED: i64 = 95;

fn check(node: &Node, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let room = Amounts::from(&node.status.allocatable);
    let (mut requests, mut limits) = (Amounts::new(), Amounts::new());
    for pod in cx.pods_on(&node.metadata.name)? {
        if let Some((requested, limited)) = cx.asked_by(pod) {
            requests.add_all(requested);
            limits.add_all(limited);
        }
    }
    for resource in ["cpu", "memory"] {
        let share = percent(requests.of(resource), room.of(resource)).unwrap_or_default();
        if share > REQUESTED {
            out.fail("", format!("requests of {resource} are {share}% of what the node has"));
        }
    }
    let share = percent(limits.of("memory"), room.of("memory")).unwrap_or_default();
    if share > OVERCOMMIT {
        out.fail("", format!("limits of memory are {share}% of what the node has"));
    }
    Ok(())
}

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
    /// A node uses nearly all of its processor or memory.
    ///
    /// ## Why it matters
    ///
    /// Pods are slowed down, and when memory runs out, the kubelet evicts them or the kernel kills them.
    ///
    /// ## Remediation
    ///
    /// `kubectl top pods -A --sort-by memory` shows who takes it. Raise requests to what is really used, so that the
    /// scheduler spreads the pods, or add nodes.
    severity: Medium,
    category: Nodes,
    admission: Never,
    needs: Usage,
    reads: [],
    references: ["https://kubernetes.io/docs/tasks/debug/debug-cluster/resource-metrics-pipeline/"],
    check: [Check::Node(check)],
    cases: [
        Case::fail(
            "memory",
            "{apiVersion: v1, kind: Node, metadata: {name: node}, status: {allocatable: {cpu: '4', memory: 4Gi}}}\n---\n{apiVersion: metrics.k8s.io/v1beta1, kind: NodeMetrics, metadata: {name: node}, usage: {cpu: 1, memory: 3800Mi}}",
            &["Node/node uses 93% of its memory"],
        ).in_files_only(),
        Case::pass(
            "half of it",
            "{apiVersion: v1, kind: Node, metadata: {name: node}, status: {allocatable: {cpu: '4', memory: 4Gi}}}\n---\n{apiVersion: metrics.k8s.io/v1beta1, kind: NodeMetrics, metadata: {name: node}, usage: {cpu: 2, memory: 2Gi}}",
        ).in_files_only(),
        Case::unknown(
            "without metrics it can't be said",
            "{apiVersion: v1, kind: Node, metadata: {name: node}, status: {allocatable: {cpu: '4', memory: 4Gi}}}",
            &["PodMetrics.metrics.k8s.io"],
            &["? Node/node PodMetrics.metrics.k8s.io could not be read: Forbidden: no permission"],
        ).in_files_only(),
    ],
}

fn check(node: &Node, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let Some(used) = cx.usage()?.node(&node.metadata.name) else { return Ok(()) };
    let room = Amounts::from(&node.status.allocatable);
    for (resource, used) in [("cpu", used.cpu), ("memory", used.memory)] {
        let share = percent(used, room.of(resource)).unwrap_or_default();
        if share >= cx.parameters().nearly_full {
            out.fail("", format!("uses {share}% of its {resource}"));
        }
    }
    Ok(())
}

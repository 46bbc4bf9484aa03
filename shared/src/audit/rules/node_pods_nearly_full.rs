use crate::audit::{
    amounts::percent,
    api::Node,
    case::Case,
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
};
use crate::{quantity::Quantity, quota::Amounts};

rule! {
    /// A node has nearly as many pods as it may have.
    ///
    /// ## Why it matters
    ///
    /// At `maxPods` the node takes no more, whatever processor and memory it has left: pods stay Pending in a cluster that
    /// looks half empty.
    ///
    /// ## Remediation
    ///
    /// Raise `maxPods` of the kubelet together with the addresses that the node has for pods, or use more and smaller nodes.
    severity: Medium,
    category: Nodes,
    admission: Never,
    needs: Status,
    reads: [POD],
    references: ["https://kubernetes.io/docs/setup/best-practices/cluster-large/"],
    check: [Check::Node(check)],
    cases: [
        Case::fail(
            "two of two",
            "{apiVersion: v1, kind: Node, metadata: {name: node}, status: {allocatable: {pods: '2'}}}\n---\n{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: shop}, spec: {nodeName: node, containers: [{name: a, image: x}]}}\n---\n{apiVersion: v1, kind: Pod, metadata: {name: q, namespace: shop}, spec: {nodeName: node, containers: [{name: a, image: x}]}}",
            &["Node/node 2 pods of at most 2"],
        ).in_files_only(),
        Case::pass(
            "one of two has ended",
            "{apiVersion: v1, kind: Node, metadata: {name: node}, status: {allocatable: {pods: '2'}}}\n---\n{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: shop}, spec: {nodeName: node, containers: [{name: a, image: x}]}}\n---\n{apiVersion: v1, kind: Pod, metadata: {name: q, namespace: shop}, spec: {nodeName: node, containers: [{name: a, image: x}]}, status: {phase: Failed}}",
        ).in_files_only(),
    ],
}

fn check(node: &Node, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let Some(most) = Amounts::from(&node.status.allocatable).get("pods") else { return Ok(()) };
    let count = cx.pods_on(&node.metadata.name)?.len();
    let share = percent(Quantity::from(i64::try_from(count).unwrap_or(i64::MAX)), most);
    if share.is_some_and(|share| share >= cx.parameters().nearly_full) {
        out.fail("", format!("{count} pods of at most {most}"));
    }
    Ok(())
}

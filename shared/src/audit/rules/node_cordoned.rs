use crate::audit::{
    api::Node,
    case::Case,
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
};

rule! {
    /// A node has been cordoned for long.
    ///
    /// ## Why it matters
    ///
    /// It is paid for and takes no pods. Most often somebody drained it for an upgrade and forgot it.
    ///
    /// ## Remediation
    ///
    /// `kubectl uncordon` it, or remove it.
    severity: Low,
    category: Nodes,
    admission: Never,
    needs: Status,
    reads: [],
    references: ["https://kubernetes.io/docs/tasks/administer-cluster/safely-drain-node/"],
    check: [Check::Node(check)],
    cases: [
        Case::fail(
            "for days",
            "{apiVersion: v1, kind: Node, metadata: {name: node}, spec: {unschedulable: true, taints: [{key: node.kubernetes.io/unschedulable, effect: NoSchedule, timeAdded: '2026-11-20T12:00:00Z'}]}}",
            &["Node/node spec.unschedulable: node is cordoned"],
        ),
        Case::pass(
            "for an hour",
            "{apiVersion: v1, kind: Node, metadata: {name: node}, spec: {unschedulable: true, taints: [{key: node.kubernetes.io/unschedulable, effect: NoSchedule, timeAdded: '2026-11-28T11:00:00Z'}]}}",
        ),
        Case::pass("not cordoned", "{apiVersion: v1, kind: Node, metadata: {name: node}}"),
    ],
}

fn check(node: &Node, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    if !node.spec.unschedulable {
        return Ok(());
    }
    let taint = node.spec.taints.iter().find(|taint| taint.key == "node.kubernetes.io/unschedulable");
    let since = taint.and_then(|taint| taint.time_added);
    let patience = cx.parameters().patience_hours * 3600;
    let now = cx.now()?;
    if since.is_none_or(|since| now.seconds - since.seconds >= patience) {
        out.fail("spec.unschedulable", "node is cordoned");
    }
    Ok(())
}

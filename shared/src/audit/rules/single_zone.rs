use crate::audit::{
    api::Node,
    case::Case,
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
};

rule! {
    /// All nodes are in one zone.
    ///
    /// ## Why it matters
    ///
    /// When the zone fails, the cluster fails with it.
    ///
    /// ## Remediation
    ///
    /// Add nodes in other zones, and spread workloads by `topology.kubernetes.io/zone`.
    severity: Medium,
    category: Nodes,
    admission: Never,
    needs: Status,
    reads: [NODE],
    references: ["https://kubernetes.io/docs/setup/best-practices/multiple-zones/"],
    check: [Check::Cluster(check)],
    cases: [
        Case::fail(
            "two nodes of one zone",
            "{apiVersion: v1, kind: Node, metadata: {name: n1, labels: {topology.kubernetes.io/zone: eu-1a}}}\n---\n{apiVersion: v1, kind: Node, metadata: {name: n2, labels: {topology.kubernetes.io/zone: eu-1a}}}",
            &["all 2 nodes are in zone eu-1a"],
        ),
        Case::pass(
            "two zones",
            "{apiVersion: v1, kind: Node, metadata: {name: n1, labels: {topology.kubernetes.io/zone: eu-1a}}}\n---\n{apiVersion: v1, kind: Node, metadata: {name: n2, labels: {topology.kubernetes.io/zone: eu-1b}}}",
        ),
        Case::pass("no zones, or one node", "{apiVersion: v1, kind: Node, metadata: {name: n1, labels: {topology.kubernetes.io/zone: eu-1a}}}"),
    ],
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let mut zones = cx.all::<Node>()?.map(|node| node.metadata.labels.get("topology.kubernetes.io/zone"));
    let Some(Some(first)) = zones.next() else { return Ok(()) };
    let mut count = 1;
    for zone in zones {
        if zone != Some(first) {
            return Ok(());
        }
        count += 1;
    }
    if count > 1 {
        out.fail("", format!("all {count} nodes are in zone {first}"));
    }
    Ok(())
}

use crate::audit::{
    api::Node,
    case::Case,
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    world::Object,
};

rule! {
    /// One node alone runs the control plane.
    ///
    /// ## Why it matters
    ///
    /// When it fails, nothing can be deployed, scaled or repaired, and pods that die are not made anew.
    ///
    /// ## Remediation
    ///
    /// Run three control plane nodes, in different zones. Where the provider runs the control plane, no node of the cluster
    /// does, and this is not reported.
    severity: Medium,
    category: Nodes,
    admission: Never,
    needs: Status,
    reads: [NODE],
    references: ["https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/high-availability/"],
    check: [Check::Cluster(check)],
    cases: [
        Case::fail(
            "one of two nodes",
            "{apiVersion: v1, kind: Node, metadata: {name: n1, labels: {node-role.kubernetes.io/control-plane: ''}}}\n---\n{apiVersion: v1, kind: Node, metadata: {name: n2}}",
            &["Node/n1 the control plane runs on this node alone"],
        ),
        Case::pass(
            "three",
            "{apiVersion: v1, kind: Node, metadata: {name: n1, labels: {node-role.kubernetes.io/control-plane: ''}}}\n---\n{apiVersion: v1, kind: Node, metadata: {name: n2, labels: {node-role.kubernetes.io/control-plane: ''}}}\n---\n{apiVersion: v1, kind: Node, metadata: {name: n3, labels: {node-role.kubernetes.io/master: ''}}}",
        ),
        Case::pass("run by the provider", "{apiVersion: v1, kind: Node, metadata: {name: n1}}\n---\n{apiVersion: v1, kind: Node, metadata: {name: n2}}"),
        Case::pass("a cluster of one node to try things out", "{apiVersion: v1, kind: Node, metadata: {name: n1, labels: {node-role.kubernetes.io/control-plane: ''}}}"),
    ],
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let mut nodes = cx.all::<Node>()?.filter(|node| node.is_control_plane());
    if let (Some(only), None) = (nodes.next(), nodes.next())
        && cx.all::<Node>()?.count() > 1
    {
        out.about(&only.key(), "", "the control plane runs on this node alone");
    }
    Ok(())
}

use crate::audit::{
    api::{Lease, Node},
    case::Case,
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
};

rule! {
    /// A node is Ready, but its kubelet has not renewed its lease.
    ///
    /// ## Why it matters
    ///
    /// The kubelet is hung or cut off, and the control plane has not noticed yet, or can't: pods on the node may be dead,
    /// and services still send traffic there.
    ///
    /// ## Remediation
    ///
    /// Look at the kubelet on the node, and at the clocks of both: a lease that looks old may be a clock that is wrong.
    severity: Medium,
    category: Nodes,
    admission: Never,
    needs: Status,
    reads: [LEASE],
    references: ["https://kubernetes.io/docs/concepts/architecture/leases/#node-heart-beats"],
    check: [Check::Node(check)],
    cases: [
        Case::fail(
            "ten minutes",
            "{apiVersion: v1, kind: Node, metadata: {name: node}, status: {conditions: [{type: Ready, status: 'True'}]}}\n---\n{apiVersion: coordination.k8s.io/v1, kind: Lease, metadata: {name: node, namespace: kube-node-lease}, spec: {holderIdentity: node, leaseDurationSeconds: 40, renewTime: '2026-11-28T11:50:00.000000Z'}}",
            &["Node/node node is Ready, but its lease has run out"],
        ).in_files_only(),
        Case::pass(
            "renewed; and a node that is not ready anyway",
            "{apiVersion: v1, kind: Node, metadata: {name: node}, status: {conditions: [{type: Ready, status: 'True'}]}}\n---\n{apiVersion: coordination.k8s.io/v1, kind: Lease, metadata: {name: node, namespace: kube-node-lease}, spec: {holderIdentity: node, leaseDurationSeconds: 40, renewTime: '2026-11-28T11:59:55.000000Z'}}\n---\n{apiVersion: v1, kind: Node, metadata: {name: m}, status: {conditions: [{type: Ready, status: Unknown}]}}\n---\n{apiVersion: coordination.k8s.io/v1, kind: Lease, metadata: {name: m, namespace: kube-node-lease}, spec: {holderIdentity: m, leaseDurationSeconds: 40, renewTime: '2026-11-28T08:00:00.000000Z'}}",
        ).in_files_only(),
        Case::pass(
            "a kubelet without leases reports by its status",
            "{apiVersion: v1, kind: Node, metadata: {name: node}, status: {conditions: [{type: Ready, status: 'True'}]}}",
        ),
        Case::unknown(
            "leases were not read",
            "{apiVersion: v1, kind: Node, metadata: {name: node}, status: {conditions: [{type: Ready, status: 'True'}]}}",
            &["Lease.coordination.k8s.io"],
            &["? Node/node Lease.coordination.k8s.io in namespace kube-node-lease could not be read: Forbidden: no permission"],
        ),
    ],
}

/// Times that a lease may have run out before it counts: the audit reads leases a while after it began.
const PATIENCE: i64 = 5;

fn check(node: &Node, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    if !node.is_ready() {
        return Ok(());
    }
    let Some(lease) = cx.get::<Lease>("kube-node-lease", &node.metadata.name)? else { return Ok(()) };
    let (Some(renewed), Some(seconds)) = (lease.spec.renew_time, lease.spec.lease_duration_seconds) else {
        return Ok(());
    };
    if cx.now()?.seconds - renewed.seconds > i64::from(seconds) * PATIENCE {
        out.fail("", "node is Ready, but its lease has run out");
    }
    Ok(())
}

use crate::audit::{
    api::Node,
    case::Case,
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
};

rule! {
    /// A node runs short of memory, disk or process ids, or has no network.
    ///
    /// ## Why it matters
    ///
    /// Under pressure the kubelet evicts pods and takes no new ones; without a network the pods of the node reach nobody.
    ///
    /// ## Remediation
    ///
    /// Find what takes the resource: `kubectl top pods`, images and logs on the node's disk, processes that multiply. Set
    /// limits for it. Of the network, look at the network plugin's pod on the node.
    severity: High,
    category: Nodes,
    admission: Never,
    needs: Status,
    reads: [],
    references: ["https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/"],
    check: [Check::Node(check)],
    cases: [
        Case::fail(
            "two at once",
            "{apiVersion: v1, kind: Node, metadata: {name: node}, status: {conditions: [{type: DiskPressure, status: 'True', reason: KubeletHasDiskPressure}, {type: NetworkUnavailable, status: 'True', reason: NoRouteCreated}, {type: MemoryPressure, status: 'False'}]}}",
            &[
                "Node/node status.conditions[DiskPressure]: node has DiskPressure: KubeletHasDiskPressure",
                "Node/node status.conditions[NetworkUnavailable]: node has NetworkUnavailable: NoRouteCreated",
            ],
        ),
        Case::pass(
            "none; and of a silent node nothing is known, which another rule says",
            "{apiVersion: v1, kind: Node, metadata: {name: node}, status: {conditions: [{type: DiskPressure, status: 'False'}, {type: PIDPressure, status: Unknown, reason: NodeStatusUnknown}, {type: NetworkUnavailable, status: 'False'}]}}",
        ),
    ],
}

fn check(node: &Node, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    for condition in node.status.conditions.iter().filter(|one| one.is_pressure() && one.is_bad()) {
        let name = &condition.r#type;
        let message = format!("node has {name}: {}", condition.why());
        out.fail(format!("status.conditions[{name}]"), message);
    }
    Ok(())
}

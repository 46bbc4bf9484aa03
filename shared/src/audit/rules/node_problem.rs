use crate::audit::{
    api::Node,
    case::Case,
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
};

rule! {
    /// A node problem detector reports something wrong with a node.
    ///
    /// ## Why it matters
    ///
    /// A deadlocked kernel, a file system that became read-only or a container runtime that restarts again and again leave
    /// the node Ready, while pods on it hang.
    ///
    /// ## Remediation
    ///
    /// Look at what the condition names; most often the machine is best drained and replaced.
    severity: Medium,
    category: Nodes,
    admission: Never,
    needs: Status,
    reads: [],
    references: ["https://kubernetes.io/docs/tasks/debug/debug-cluster/monitor-node-health/"],
    check: [Check::Node(check)],
    cases: [
        Case::fail(
            "bad when true, and bad when false",
            "{apiVersion: v1, kind: Node, metadata: {name: node}, status: {conditions: [{type: ReadonlyFilesystem, status: 'True', reason: FilesystemIsReadOnly}, {type: StorageReady, status: 'False', reason: NoDisk}]}}",
            &[
                "Node/node status.conditions[ReadonlyFilesystem]: ReadonlyFilesystem is True: FilesystemIsReadOnly",
                "Node/node status.conditions[StorageReady]: StorageReady is False: NoDisk",
            ],
        ),
        Case::pass(
            "healthy ones of both kinds, one that nobody knows, and one of which the detector knows nothing",
            "{apiVersion: v1, kind: Node, metadata: {name: node}, status: {conditions: [{type: KernelDeadlock, status: 'False', reason: KernelHasNoDeadlock}, {type: StorageReady, status: 'True'}, {type: EtcdIsVoter, status: 'True', reason: MemberNotLearner}, {type: VMEventScheduled, status: 'True'}, {type: NTPProblem, status: Unknown}]}}",
        ),
        Case::pass(
            "what the kubelet reports is another rule's",
            "{apiVersion: v1, kind: Node, metadata: {name: node}, status: {conditions: [{type: Ready, status: 'False'}, {type: DiskPressure, status: 'True'}]}}",
        ),
    ],
}

fn check(node: &Node, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    for condition in &node.status.conditions {
        let name = condition.r#type.as_str();
        if condition.is_bad() && !condition.is_pressure() && name != "Ready" {
            let message = format!("{name} is {}: {}", condition.status, condition.why());
            out.fail(format!("status.conditions[{name}]"), message);
        }
    }
    Ok(())
}

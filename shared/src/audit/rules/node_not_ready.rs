use crate::audit::{
    api::Node,
    case::Case,
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
};

rule! {
    /// A node is not ready.
    ///
    /// ## Why it matters
    ///
    /// No new pods go there, and after some minutes those that are there are made anew elsewhere, if there is room. A node
    /// of which nothing is known has lost its kubelet, its network or its power.
    ///
    /// ## Remediation
    ///
    /// `kubectl describe node` shows the condition and since when. Look at the kubelet and the container runtime on the node
    /// (`journalctl -u kubelet`), its disk and its network; replace the machine if it does not come back.
    severity: Critical,
    category: Nodes,
    admission: Never,
    needs: Status,
    reads: [],
    references: ["https://kubernetes.io/docs/reference/node/node-status/#condition"],
    check: [Check::Node(check)],
    cases: [
        Case::fail(
            "not ready, and silent",
            "{apiVersion: v1, kind: Node, metadata: {name: n1}, status: {conditions: [{type: Ready, status: 'False', reason: KubeletNotReady, message: 'runtime network not ready'}]}}\n---\n{apiVersion: v1, kind: Node, metadata: {name: n2}, status: {conditions: [{type: Ready, status: Unknown, reason: NodeStatusUnknown, message: Kubelet stopped posting node status.}]}}",
            &[
                "Node/n1 status.conditions[Ready]: node is not ready: KubeletNotReady: runtime network not ready",
                "Node/n2 status.conditions[Ready]: whether node is ready is not known: NodeStatusUnknown: Kubelet stopped posting node status.",
            ],
        ),
        Case::pass(
            "ready, though cordoned",
            "{apiVersion: v1, kind: Node, metadata: {name: node}, spec: {unschedulable: true}, status: {conditions: [{type: Ready, status: 'True', reason: KubeletReady}]}}",
        ),
        Case::pass("a node that has just been made has no conditions yet", "{apiVersion: v1, kind: Node, metadata: {name: node}}"),
    ],
}

fn check(node: &Node, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let Some(ready) = node.condition("Ready") else { return Ok(()) };
    let what = match ready.status.as_str() {
        "True" => return Ok(()),
        "False" => "node is not ready",
        _ => "whether node is ready is not known",
    };
    let message = ready.message.lines().next().filter(|message| !message.is_empty());
    let message = message.map(|message| format!(": {message}")).unwrap_or_default();
    out.fail("status.conditions[Ready]", format!("{what}: {}{message}", ready.why()));
    Ok(())
}

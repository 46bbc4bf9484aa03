use crate::audit::{
    api::Node,
    case::{Case, pod},
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
};

rule! {
    /// A node has a taint that no pod tolerates, and runs nothing but what tolerates everything.
    ///
    /// ## Why it matters
    ///
    /// The node is kept for pods that there are none of; it costs and serves nobody.
    ///
    /// ## Remediation
    ///
    /// Add the toleration to the workloads that the node is for, remove the taint, or remove the node.
    severity: Low,
    category: Nodes,
    admission: Never,
    needs: Objects,
    reads: [POD, DEPLOYMENT, REPLICA_SET, REPLICATION_CONTROLLER, STATEFUL_SET, DAEMON_SET, JOB, CRON_JOB],
    references: ["https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/"],
    check: [Check::Node(check)],
    cases: [
        Case::fail(
            "nobody, but for who tolerates everything",
            concat!(pod!("tolerations: [{operator: Exists}, {key: gpu, operator: Equal, value: b, effect: NoSchedule}], containers: [{name: a, image: x}]"), "{apiVersion: v1, kind: Node, metadata: {name: node}, spec: {taints: [{key: gpu, value: a, effect: NoSchedule}]}}"),
            &["Node/node spec.taints[0]: no pod tolerates taint gpu=a:NoSchedule"],
        ),
        Case::pass(
            "tolerated",
            concat!(pod!("tolerations: [{key: gpu, operator: Exists}], containers: [{name: a, image: x}]"), "{apiVersion: v1, kind: Node, metadata: {name: node}, spec: {taints: [{key: gpu, value: a, effect: NoSchedule}]}}"),
        ),
        Case::pass(
            "taints of Kubernetes itself, of the control plane, and those that only advise",
            "{apiVersion: v1, kind: Node, metadata: {name: node}, spec: {taints: [{key: node-role.kubernetes.io/control-plane, effect: NoSchedule}, {key: node.kubernetes.io/unschedulable, effect: NoSchedule}, {key: slow, effect: PreferNoSchedule}]}}",
        ),
        Case::unknown(
            "pods that were not read may tolerate it",
            "{apiVersion: v1, kind: Node, metadata: {name: node}, spec: {taints: [{key: gpu, value: a, effect: NoSchedule}]}}",
            &["Pod"],
            &["? Node/node Pod could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check(node: &Node, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    for (n, taint) in node.spec.taints.iter().enumerate() {
        let system = taint.is_of_condition() || taint.key.starts_with("node-role.kubernetes.io/");
        if system || taint.effect == "PreferNoSchedule" {
            continue;
        }
        for kind in crate::audit::world::POD_KINDS {
            cx.is_all(*kind)?;
        }
        let tolerated = cx.units().iter().any(|unit| {
            let mut named = unit.spec.tolerations.iter().filter(|one| !one.key.is_empty());
            named.any(|one| taint.is_tolerated(std::slice::from_ref(one)))
        });
        if !tolerated {
            let value = if taint.value.is_empty() { String::new() } else { format!("={}", taint.value) };
            let taint = format!("{}{value}:{}", taint.key, taint.effect);
            out.fail(format!("spec.taints[{n}]"), format!("no pod tolerates taint {taint}"));
        }
    }
    Ok(())
}

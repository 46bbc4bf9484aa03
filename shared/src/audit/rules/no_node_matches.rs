use crate::audit::{
    api::Node,
    case::{Case, deployment},
    context::Context,
    findings::Findings,
    placement::required,
    rule::{Check, Outcome, rule},
    subject::{PodView, Workload},
};
use crate::model::kinds;

rule! {
    /// No node is one that the pods may run on.
    ///
    /// ## Why it matters
    ///
    /// The pods stay Pending: their node selector or required affinity asks for labels that no node has, or every node that
    /// has them is tainted against these pods.
    ///
    /// ## Remediation
    ///
    /// Compare with `kubectl get nodes --show-labels`; correct the labels that are asked for, or add the toleration. Where an
    /// autoscaler makes such nodes only when they are needed, exempt the workload.
    severity: High,
    category: References,
    admission: Never,
    needs: Objects,
    reads: [NODE],
    references: ["https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/"],
    check: [Check::Pods(check)],
    cases: [
        Case::fail(
            "a label that no node has",
            concat!(deployment!("nodeSelector: {disk: ssd}, containers: [{name: a, image: x}]"), "{apiVersion: v1, kind: Node, metadata: {name: n1, labels: {disk: hdd}}}"),
            &["Deployment.apps/shop/web spec.template.spec.nodeSelector: none of 1 node has the labels that the pods ask for"],
        ),
        Case::fail(
            "an affinity that no node meets",
            concat!(deployment!("affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: cores, operator: Gt, values: ['8']}, {key: old, operator: DoesNotExist}]}]}}}, containers: [{name: a, image: x}]"), "{apiVersion: v1, kind: Node, metadata: {name: n1, labels: {cores: '4'}}}\n---\n{apiVersion: v1, kind: Node, metadata: {name: n2, labels: {cores: '16', old: 'true'}}}"),
            &["Deployment.apps/shop/web spec.template.spec.affinity.nodeAffinity: none of 2 nodes has the labels that the pods ask for"],
        ),
        Case::fail(
            "every node with the label is tainted",
            concat!(deployment!("nodeSelector: {gpu: 'true'}, containers: [{name: a, image: x}]"), "{apiVersion: v1, kind: Node, metadata: {name: n1, labels: {gpu: 'true'}}, spec: {taints: [{key: gpu, value: only, effect: NoSchedule}]}}\n---\n{apiVersion: v1, kind: Node, metadata: {name: n2}}"),
            &["Deployment.apps/shop/web spec.template.spec.tolerations: the pods do not tolerate taint gpu=only:NoSchedule, and no other node suits them"],
        ),
        Case::pass(
            "tolerated; and a taint that is there only while a node is not ready",
            concat!(deployment!("nodeSelector: {gpu: 'true'}, tolerations: [{key: gpu, operator: Exists}], containers: [{name: a, image: x}]"), "{apiVersion: v1, kind: Node, metadata: {name: n1, labels: {gpu: 'true'}}, spec: {taints: [{key: gpu, value: only, effect: NoSchedule}, {key: node.kubernetes.io/not-ready, effect: NoExecute}]}}"),
        ),
        Case::unknown(
            "the nodes were not read",
            deployment!("nodeSelector: {disk: ssd}, containers: [{name: a, image: x}]"),
            &["Node"],
            &["? Deployment.apps/shop/web Node could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let spec = pods.spec;
    let asks = !spec.node_selector.is_empty() || required(spec).is_some();
    // Daemon sets run where they can, and what has no wishes fails by taints alone; without nodes nothing is known.
    if matches!(pods.workload, Workload::DaemonSet(_)) || pods.is_mirror() || pods.is_idle() {
        return Ok(());
    }
    let nodes = match cx.all::<Node>() {
        Ok(nodes) => nodes,
        Err(unknown) if asks => return Err(unknown),
        Err(_) => return Ok(()),
    };
    let (mut count, mut wanted) = (0_usize, None);
    for node in nodes {
        count += 1;
        if node.is_wanted_by(spec) {
            match node.taint_against(&spec.tolerations) {
                None => return Ok(()),
                Some(taint) => wanted = wanted.or(Some(taint)),
            }
        }
    }
    if count > 0 {
        cx.is_all(kinds::NODE)?;
    }
    if let Some(taint) = wanted {
        let value = if taint.value.is_empty() { String::new() } else { format!("={}", taint.value) };
        let taint = format!("{}{value}:{}", taint.key, taint.effect);
        let message = format!("the pods do not tolerate taint {taint}, and no other node suits them");
        out.fail(pods.path("tolerations"), message);
    } else if count > 0 {
        let field = if spec.node_selector.is_empty() { "affinity.nodeAffinity" } else { "nodeSelector" };
        let nodes = if count == 1 { "node" } else { "nodes" };
        let message = format!("none of {count} {nodes} has the labels that the pods ask for");
        out.fail(pods.path(field), message);
    }
    Ok(())
}

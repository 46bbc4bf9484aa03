use crate::audit::{
    api::PriorityClass,
    case::{Case, deployment, pod},
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// Pods name a priority class that does not exist.
    ///
    /// ## Why it matters
    ///
    /// The API server refuses every pod of the workload: `no PriorityClass with name … was found`.
    ///
    /// ## Remediation
    ///
    /// Create the priority class, or name one of this cluster (`kubectl get priorityclass`).
    severity: High,
    category: References,
    admission: Warn,
    needs: Objects,
    reads: [PRIORITY_CLASS],
    references: ["https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/"],
    check: [Check::Pods(check)],
    cases: [
        Case::fail(
            "of a workload",
            concat!(deployment!("priorityClassName: gone, containers: [{name: a, image: x}]"), "{apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, metadata: {name: high}, value: 10}"),
            &["Deployment.apps/shop/web spec.template.spec.priorityClassName: priority class \"gone\" does not exist"],
        ),
        Case::pass("one that every cluster has", pod!("priorityClassName: system-node-critical, containers: [{name: a, image: x}]")),
        Case::unknown(
            "forbidden is not missing",
            deployment!("priorityClassName: gone, containers: [{name: a, image: x}]"),
            &["PriorityClass.scheduling.k8s.io"],
            &["? Deployment.apps/shop/web PriorityClass.scheduling.k8s.io could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let name = pods.spec.priority_class_name.as_str();
    if !name.is_empty() && !cx.exists::<PriorityClass>("", name)? {
        out.fail(pods.path("priorityClassName"), format!("priority class {name:?} does not exist"));
    }
    Ok(())
}

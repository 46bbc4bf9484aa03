use crate::audit::{
    api::PriorityClass,
    case::{Case, deployment},
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// Pods have no priority class, and the cluster has no default one.
    ///
    /// ## Why it matters
    ///
    /// All such pods have priority 0: when nodes are full, the scheduler preempts and the kubelet evicts them without
    /// knowing which of them the business lives on.
    ///
    /// ## Remediation
    ///
    /// Set `priorityClassName`, or make one PriorityClass the default of the cluster with `globalDefault: true`.
    severity: Low,
    category: Reliability,
    admission: Warn,
    needs: Objects,
    reads: [PRIORITY_CLASS],
    references: [],
    check: [Check::Pods(check)],
    cases: [
        Case::fail("none", deployment!("containers: [{name: a, image: x}]"), &["Deployment.apps/shop/web spec.template.spec.priorityClassName: no priority class, and the cluster has no default one"]),
        Case::pass("one", concat!(deployment!("priorityClassName: gold, containers: [{name: a, image: x}]"), "{apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, metadata: {name: gold}, value: 1000}")),
        Case::pass("the cluster has a default", concat!(deployment!("containers: [{name: a, image: x}]"), "{apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, metadata: {name: normal}, value: 10, globalDefault: true}")),
        Case::unknown(
            "priority classes were not read",
            deployment!("containers: [{name: a, image: x}]"),
            &["PriorityClass.scheduling.k8s.io"],
            &["? Deployment.apps/shop/web PriorityClass.scheduling.k8s.io could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    if pods.spec.priority_class_name.is_empty()
        && !cx.all::<PriorityClass>()?.any(|class| class.global_default)
    {
        out.fail(pods.path("priorityClassName"), "no priority class, and the cluster has no default one");
    }
    Ok(())
}

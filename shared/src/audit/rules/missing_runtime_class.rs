use crate::audit::{
    api::RuntimeClass,
    case::{Case, deployment, pod},
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// Pods name a runtime class that does not exist.
    ///
    /// ## Why it matters
    ///
    /// The API server refuses every pod of the workload.
    ///
    /// ## Remediation
    ///
    /// Install the runtime and its RuntimeClass, or remove `runtimeClassName`.
    severity: High,
    category: References,
    admission: Warn,
    needs: Objects,
    reads: [RUNTIME_CLASS],
    references: ["https://kubernetes.io/docs/concepts/containers/runtime-class/"],
    check: [Check::Pods(check)],
    cases: [
        Case::fail(
            "of a workload",
            concat!(deployment!("runtimeClassName: gone, containers: [{name: a, image: x}]"), "{apiVersion: node.k8s.io/v1, kind: RuntimeClass, metadata: {name: kata}, handler: kata}"),
            &["Deployment.apps/shop/web spec.template.spec.runtimeClassName: runtime class \"gone\" does not exist"],
        ),
        Case::pass("none is named", pod!("containers: [{name: a, image: x}]")),
        Case::unknown(
            "forbidden is not missing",
            deployment!("runtimeClassName: gone, containers: [{name: a, image: x}]"),
            &["RuntimeClass.node.k8s.io"],
            &["? Deployment.apps/shop/web RuntimeClass.node.k8s.io could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let name = pods.spec.runtime_class_name.as_deref().unwrap_or_default();
    if !name.is_empty() && !cx.exists::<RuntimeClass>("", name)? {
        out.fail(pods.path("runtimeClassName"), format!("runtime class {name:?} does not exist"));
    }
    Ok(())
}

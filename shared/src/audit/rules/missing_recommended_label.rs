use crate::audit::{
    case::{Case, deployment},
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// A workload lacks a label that all workloads should have.
    ///
    /// ## Why it matters
    ///
    /// Dashboards, cost reports and whoever is on call find workloads by these labels: one without them has no name, no
    /// owner and no bill.
    ///
    /// ## Remediation
    ///
    /// Add the label to the workload. Which labels these are is the policy's `recommendedLabels`.
    severity: Info,
    category: Reliability,
    admission: Warn,
    needs: Object,
    reads: [],
    references: ["https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/"],
    check: [Check::Pods(check)],
    cases: [
        Case::fail("none", deployment!("containers: [{name: a, image: x}]"), &["Deployment.apps/shop/web metadata.labels: label app.kubernetes.io/name is missing"]),
        Case::pass("on the workload, whatever its pods have", "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop, labels: {app.kubernetes.io/name: web}}, spec: {selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: a, image: x}]}}}}"),
    ],
}

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    // Of a workload that was not read, only a pod's labels are known.
    let labels =
        if pods.owner == pods.workload.key() { &pods.workload.metadata().labels } else { pods.labels() };
    for label in &cx.parameters().recommended_labels {
        if !labels.contains_key(label) {
            out.fail("metadata.labels", format!("label {label} is missing"));
        }
    }
    Ok(())
}

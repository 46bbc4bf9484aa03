use crate::audit::{
    api::ServiceAccount,
    case::{Case, deployment, pod},
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// Pods are to run as a service account that does not exist.
    ///
    /// ## Why it matters
    ///
    /// The API server refuses every pod of the workload: it shows as zero pods, and the reason only in the events of the
    /// ReplicaSet or Job.
    ///
    /// ## Remediation
    ///
    /// Create the service account in the namespace of the pods, or correct the name.
    severity: High,
    category: References,
    admission: Warn,
    needs: Objects,
    reads: [SERVICE_ACCOUNT],
    references: ["https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/"],
    check: [Check::Pods(check)],
    cases: [
        Case::fail(
            "of a workload",
            concat!(deployment!("serviceAccountName: gone, containers: [{name: a, image: x}]"), "{apiVersion: v1, kind: ServiceAccount, metadata: {name: other, namespace: shop}}"),
            &["Deployment.apps/shop/web spec.template.spec.serviceAccountName: service account \"gone\" does not exist"],
        ),
        Case::pass("the one that every namespace has", pod!("containers: [{name: a, image: x}]")),
        Case::pass(
            "there",
            concat!(deployment!("serviceAccountName: builder, containers: [{name: a, image: x}]"), "{apiVersion: v1, kind: ServiceAccount, metadata: {name: builder, namespace: shop}}"),
        ),
        Case::unknown(
            "it may be outside of what was read",
            deployment!("serviceAccountName: gone, containers: [{name: a, image: x}]"),
            &["ServiceAccount"],
            &["? Deployment.apps/shop/web ServiceAccount in namespace shop could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let name = pods.service_account();
    if !pods.is_mirror() && !cx.exists::<ServiceAccount>(pods.namespace(), name)? {
        let message = format!("service account {name:?} does not exist");
        out.fail(pods.path("serviceAccountName"), message);
    }
    Ok(())
}

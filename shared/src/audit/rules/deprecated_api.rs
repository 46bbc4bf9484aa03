use crate::audit::{
    api_versions::{Standing, standing},
    case::Case,
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    world::Record,
};

rule! {
    /// An object is written in a version of an API that is deprecated.
    ///
    /// ## Why it matters
    ///
    /// It still works, and stops working with the upgrade that removes the version. Then the file can no longer be
    /// applied, in the middle of the upgrade.
    ///
    /// ## Remediation
    ///
    /// Write the object in the version that the finding names before the cluster is upgraded to the version that removes
    /// this one.
    severity: Medium,
    category: Api,
    admission: Warn,
    needs: Object,
    reads: [],
    references: ["https://kubernetes.io/docs/reference/using-api/deprecation-guide/"],
    check: [Check::Records(check)],
    cases: [
        Case::fail(
            "with an end",
            "{apiVersion: networking.k8s.io/v1beta1, kind: ServiceCIDR, metadata: {name: more}, spec: {cidrs: [10.9.0.0/24]}}",
            &["ServiceCIDR.networking.k8s.io/more apiVersion: networking.k8s.io/v1beta1 ServiceCIDR is deprecated since Kubernetes 1.34 and removed in 1.37; use networking.k8s.io/v1"],
        ).in_files_only(),
        Case::fail(
            "without an end",
            "{apiVersion: v1, kind: Endpoints, metadata: {name: web, namespace: shop}}",
            &["Endpoints/shop/web apiVersion: v1 Endpoints is deprecated since Kubernetes 1.33; use discovery.k8s.io/v1 EndpointSlice"],
        ),
        Case::pass(
            "deprecated later than the version that it is for",
            "{apiVersion: v1, kind: Endpoints, metadata: {name: web, namespace: shop}}",
        ).for_version(32),
        Case::pass(
            "removed is another rule's",
            "{apiVersion: batch/v1beta1, kind: CronJob, metadata: {name: web, namespace: shop}}",
        ).in_files_only(),
    ],
}

fn check(record: &Record, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let (version, kind) = (&*record.api_version, &*record.key.kind);
    if let Some(Standing::Deprecated { since, removed, instead }) = standing(version, kind, cx.version()) {
        let end = removed.map(|removed| format!(" and removed in {removed}")).unwrap_or_default();
        let message = format!("{version} {kind} is deprecated since Kubernetes {since}{end}; use {instead}");
        out.fail("apiVersion", message).remedy(format!("Use {instead}."));
    }
    Ok(())
}

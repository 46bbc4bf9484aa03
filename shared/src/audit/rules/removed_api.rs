use crate::audit::{
    api_versions::{Standing, standing},
    case::Case,
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    world::Record,
};

rule! {
    /// An object is written in a version of an API that Kubernetes no longer has.
    ///
    /// ## Why it matters
    ///
    /// The API server answers `no matches for kind`: the object can't be created, and an upgrade to a version without
    /// the API breaks the next deployment, and every pipeline that applies the file.
    ///
    /// ## Remediation
    ///
    /// Write the object in the version that the finding names; fields may have moved, so read the migration guide of
    /// the kind. `kubectl convert` does it for the built-in kinds.
    severity: High,
    category: Api,
    admission: Warn,
    needs: Object,
    reads: [],
    references: ["https://kubernetes.io/docs/reference/using-api/deprecation-guide/"],
    check: [Check::Records(check)],
    cases: [
        Case::fail(
            "gone since long",
            "{apiVersion: extensions/v1beta1, kind: Deployment, metadata: {name: web, namespace: shop}}",
            &["Deployment.extensions/shop/web apiVersion: extensions/v1beta1 Deployment was removed in Kubernetes 1.16; use apps/v1"],
        ).in_files_only(),
        Case::pass(
            "gone, but not from the version that it is for",
            "{apiVersion: networking.k8s.io/v1beta1, kind: Ingress, metadata: {name: web, namespace: shop}}",
        ).for_version(21),
        Case::pass(
            "a new kind in a version that an older kind has left",
            "{apiVersion: scheduling.k8s.io/v1beta1, kind: PodGroup, metadata: {name: web, namespace: shop}}",
        ).in_files_only(),
        Case::pass(
            "a version of that name in somebody else's group",
            "{apiVersion: example.com/v1beta1, kind: Ingress, metadata: {name: web, namespace: shop}}",
        ).in_files_only(),
    ],
}

fn check(record: &Record, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let (version, kind) = (&*record.api_version, &*record.key.kind);
    if let Some(Standing::Removed { since, instead }) = standing(version, kind, cx.version()) {
        let message = format!("{version} {kind} was removed in Kubernetes {since}; use {instead}");
        out.fail("apiVersion", message).remedy(format!("Use {instead}."));
    }
    Ok(())
}

use crate::audit::{
    case::{Case, deployment},
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// The service account is named in `serviceAccount`, which `serviceAccountName` has replaced.
    ///
    /// ## Why it matters
    ///
    /// The API server fills either field from the other only while one of them is empty. A chart or a patch that
    /// sets `serviceAccountName` later leaves the old name behind, and tools that read the new field alone take the
    /// pods to run as `default`.
    ///
    /// ## Remediation
    ///
    /// Rename the field to `serviceAccountName`.
    severity: Low,
    category: Security,
    admission: Warn,
    needs: Object,
    reads: [],
    references: [],
    check: [Check::Pods(check)],
    cases: [
        Case::pass("the field of today", deployment!("serviceAccountName: web, containers: [{name: a, image: x}]")),
        Case::pass(
            "both of them, as the API server stores every pod",
            deployment!("serviceAccountName: web, serviceAccount: web, containers: [{name: a, image: x}]"),
        ),
        Case::fail(
            "the old field alone",
            deployment!("serviceAccount: web, containers: [{name: a, image: x}]"),
            &["Deployment.apps/shop/web spec.template.spec.serviceAccount: service account \"web\" is named in a deprecated field"],
        ).in_files_only(),
    ],
}

fn check(pods: &PodView<'_>, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let old = pods.spec.service_account.as_str();
    if !old.is_empty() && old != pods.spec.service_account_name {
        out.fail(
            pods.path("serviceAccount"),
            format!("service account {old:?} is named in a deprecated field"),
        );
    }
    Ok(())
}

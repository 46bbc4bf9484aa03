use crate::audit::{
    case::{Case, deployment, pod},
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// Pods use the service account `default` of their namespace.
    ///
    /// ## Why it matters
    ///
    /// Everything in the namespace that names no account shares this one. What one program needs is then granted to
    /// all of them, audit logs can't tell them apart, and the grant can't be taken back without knowing who else
    /// came to depend on it.
    ///
    /// ## Remediation
    ///
    /// Create a service account for the workload and name it in `serviceAccountName`; where the API server is not
    /// needed at all, set `automountServiceAccountToken: false`.
    severity: Low,
    category: Security,
    admission: Warn,
    needs: Object,
    reads: [],
    references: ["CIS 5.1.5"],
    check: [Check::Pods(check)],
    cases: [
        Case::pass(
            "an account of its own",
            deployment!("serviceAccountName: web, containers: [{name: a, image: x}]"),
        ),
        Case::pass(
            "an account of its own, by the older name of the field",
            deployment!("serviceAccount: web, containers: [{name: a, image: x}]"),
        ),
        Case::pass(
            "the account is of no use without its token",
            deployment!("automountServiceAccountToken: false, containers: [{name: a, image: x}]"),
        ),
        Case::fail(
            "named, or left out",
            concat!(
                deployment!("serviceAccountName: default, containers: [{name: a, image: x}]"),
                pod!("containers: [{name: a, image: x}]"),
            ),
            &[
                "Pod/shop/p spec.serviceAccountName: pods run as the default service account",
                "Deployment.apps/shop/web spec.template.spec.serviceAccountName: pods run as the default service account",
            ],
        ),
    ],
}

fn check(pods: &PodView<'_>, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let without_token = pods.spec.automount_service_account_token == Some(false) || pods.is_mirror();
    if pods.service_account() == "default" && !without_token {
        out.fail(pods.path("serviceAccountName"), "pods run as the default service account");
    }
    Ok(())
}

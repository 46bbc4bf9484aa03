use crate::{
    audit::{
        case::Case,
        context::Context,
        custom,
        findings::Findings,
        rule::{Check, Outcome, rule},
        world::Custom,
    },
    model::{ObjectKey, kinds},
};

rule! {
    /// An application of Argo CD is not healthy, or can't be synchronized.
    ///
    /// ## Why it matters
    ///
    /// What is in git is not what runs, or runs and does not work.
    ///
    /// ## Remediation
    ///
    /// `argocd app get NAME` names the resources that are degraded or missing, and the error of the last
    /// synchronization.
    severity: High,
    category: Operators,
    admission: Never,
    needs: Status,
    reads: [],
    references: [],
    check: [Check::Custom(kinds::ARGO_APPLICATION, check)],
    cases: [
        Case::pass(
            "healthy; on its way; suspended on purpose; out of step, which somebody synchronizes by hand",
            "{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: a, namespace: argocd}, status: {health: {status: Healthy}, sync: {status: Synced}, operationState: {phase: Succeeded}}}\n---\n{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: b, namespace: argocd}, status: {health: {status: Progressing}}}\n---\n{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: c, namespace: argocd}, status: {health: {status: Suspended}, sync: {status: OutOfSync}}}",
        ).in_files_only(),
        Case::fail(
            "degraded, and an error of the last synchronization",
            "{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: a, namespace: argocd}, status: {health: {status: Degraded}, operationState: {phase: Failed, message: 'one or more objects failed to apply'}}}\n---\n{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: b, namespace: argocd}, status: {health: {status: Healthy}, conditions: [{type: ComparisonError, message: 'repository not found'}]}}",
            &[
                "Application.argoproj.io/argocd/a status.health.status: application is Degraded",
                "Application.argoproj.io/argocd/a status.operationState.phase: synchronization is Failed: one or more objects failed to apply",
                "Application.argoproj.io/argocd/b status.conditions[0]: ComparisonError: repository not found",
            ],
        ).in_files_only(),
    ],
}

fn check(_: &ObjectKey, application: &Custom, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let health = application.text("/status/health/status");
    if matches!(health, "Degraded" | "Missing") {
        out.fail("status.health.status", format!("application is {health}"));
    }
    let phase = application.text("/status/operationState/phase");
    if matches!(phase, "Failed" | "Error") {
        let why = custom::because("", application.text("/status/operationState/message"));
        out.fail("status.operationState.phase", format!("synchronization is {phase}: {why}"));
    }
    for (index, condition) in application.list("/status/conditions").iter().enumerate() {
        let kind = custom::text(condition, "/type");
        if kind.ends_with("Error") {
            let why = custom::because(kind, custom::text(condition, "/message"));
            out.fail(format!("status.conditions[{index}]"), why);
        }
    }
    Ok(())
}

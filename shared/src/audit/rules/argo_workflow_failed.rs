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
    /// A workflow of Argo Workflows failed.
    ///
    /// ## Why it matters
    ///
    /// What it was to do is not done, or half done.
    ///
    /// ## Remediation
    ///
    /// `argo get NAME` shows the step, `argo logs NAME` what it said; `argo retry NAME` goes on from there. Set
    /// `ttlStrategy` to have old failures go away.
    severity: Low,
    category: Operators,
    admission: Never,
    needs: Status,
    reads: [],
    references: [],
    check: [Check::Custom(kinds::ARGO_WORKFLOW, check)],
    cases: [
        Case::pass(
            "done, and running",
            "{apiVersion: argoproj.io/v1alpha1, kind: Workflow, metadata: {name: a, namespace: shop}, status: {phase: Succeeded}}\n---\n{apiVersion: argoproj.io/v1alpha1, kind: Workflow, metadata: {name: b, namespace: shop}, status: {phase: Running}}",
        ).in_files_only(),
        Case::fail(
            "failed, and in error",
            "{apiVersion: argoproj.io/v1alpha1, kind: Workflow, metadata: {name: a, namespace: shop}, status: {phase: Failed, message: 'child failed'}}\n---\n{apiVersion: argoproj.io/v1alpha1, kind: Workflow, metadata: {name: b, namespace: shop}, status: {phase: Error}}",
            &[
                "Workflow.argoproj.io/shop/a status.phase: workflow is Failed: child failed",
                "Workflow.argoproj.io/shop/b status.phase: workflow is Error: no reason is given",
            ],
        ).in_files_only(),
    ],
}

fn check(_: &ObjectKey, workflow: &Custom, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let phase = workflow.text("/status/phase");
    if matches!(phase, "Failed" | "Error") {
        let why = custom::because("", workflow.text("/status/message"));
        out.fail("status.phase", format!("workflow is {phase}: {why}"));
    }
    Ok(())
}

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
    /// A rollout of Argo Rollouts was aborted.
    ///
    /// ## Why it matters
    ///
    /// The new version did not pass its analysis or did not come up. The old one serves, as long as nothing else
    /// restarts the rollout.
    ///
    /// ## Remediation
    ///
    /// See the analysis run or the pods of the new version; then undo the change, or `kubectl argo rollouts retry`.
    severity: High,
    category: Operators,
    admission: Never,
    needs: Status,
    reads: [],
    references: [],
    check: [Check::Custom(kinds::ARGO_ROLLOUT, check)],
    cases: [
        Case::pass(
            "healthy, and paused between two steps",
            "{apiVersion: argoproj.io/v1alpha1, kind: Rollout, metadata: {name: a, namespace: shop}, status: {phase: Healthy}}\n---\n{apiVersion: argoproj.io/v1alpha1, kind: Rollout, metadata: {name: b, namespace: shop}, status: {phase: Paused, message: CanaryPauseStep}}",
        ).in_files_only(),
        Case::fail(
            "aborted",
            "{apiVersion: argoproj.io/v1alpha1, kind: Rollout, metadata: {name: a, namespace: shop}, status: {phase: Degraded, message: 'RolloutAborted: metric \"success-rate\" assessed Failed'}}",
            &["Rollout.argoproj.io/shop/a status.phase: rollout is Degraded: RolloutAborted: metric \"success-rate\" assessed Failed"],
        ).in_files_only(),
    ],
}

fn check(_: &ObjectKey, rollout: &Custom, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let phase = rollout.text("/status/phase");
    if phase == "Degraded" {
        let why = custom::because("", rollout.text("/status/message"));
        out.fail("status.phase", format!("rollout is {phase}: {why}"));
    }
    Ok(())
}

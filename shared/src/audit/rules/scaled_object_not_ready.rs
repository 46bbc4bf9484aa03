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
    /// KEDA does not scale a workload that it was told to scale.
    ///
    /// ## Why it matters
    ///
    /// The workload stays at the replicas that it has, whatever its queue holds. With a fallback it runs at a fixed
    /// number, which looks as if all were well.
    ///
    /// ## Remediation
    ///
    /// See what the condition says: a trigger whose source can't be reached or refuses the credentials, a target that
    /// is not there, or another autoscaler on the same workload.
    severity: High,
    category: Operators,
    admission: Never,
    needs: Status,
    reads: [],
    references: ["https://keda.sh/docs/latest/troubleshooting/"],
    check: [Check::Custom(kinds::SCALED_OBJECT, check), Check::Custom(kinds::SCALED_JOB, check)],
    cases: [
        Case::pass(
            "ready, with nothing to do; new; paused",
            "{apiVersion: keda.sh/v1alpha1, kind: ScaledObject, metadata: {name: a, namespace: shop}, status: {conditions: [{type: Ready, status: 'True'}, {type: Active, status: 'False', reason: ScalerNotActive}, {type: Fallback, status: 'False'}]}}\n---\n{apiVersion: keda.sh/v1alpha1, kind: ScaledObject, metadata: {name: b, namespace: shop}}\n---\n{apiVersion: keda.sh/v1alpha1, kind: ScaledObject, metadata: {name: c, namespace: shop, annotations: {autoscaling.keda.sh/paused: 'true'}}, status: {conditions: [{type: Ready, status: 'False', reason: ScaledObjectPaused}, {type: Paused, status: 'True'}]}}",
        ).in_files_only(),
        Case::fail(
            "not ready, and fallen back",
            "{apiVersion: keda.sh/v1alpha1, kind: ScaledObject, metadata: {name: a, namespace: shop}, status: {conditions: [{type: Ready, status: 'False', reason: ScaledObjectCheckFailed, message: 'ScaledObject doesn''t have correct scaleTargetRef specification'}]}}\n---\n{apiVersion: keda.sh/v1alpha1, kind: ScaledObject, metadata: {name: b, namespace: shop}, status: {conditions: [{type: Ready, status: 'True'}, {type: Fallback, status: 'True', reason: FallbackExists, message: 'At least one trigger is falling back on this scaled object'}]}}",
            &[
                "ScaledObject.keda.sh/shop/a status.conditions[Ready]: it is not ready: ScaledObjectCheckFailed: ScaledObject doesn't have correct scaleTargetRef specification",
                "ScaledObject.keda.sh/shop/b status.conditions[Fallback]: it has fallen back to a fixed number: FallbackExists: At least one trigger is falling back on this scaled object",
            ],
        ).in_files_only(),
    ],
}

fn check(_: &ObjectKey, scaled: &Custom, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    if scaled.condition("Paused").is_some_and(|state| state.status == "True") {
        return Ok(());
    }
    if let Some(state) = scaled.condition("Ready").filter(|state| state.status == "False") {
        if custom::is_stuck(cx, state.since)? {
            out.fail("status.conditions[Ready]", format!("it is not ready: {}", state.why()));
        }
    } else if let Some(state) = scaled.condition("Fallback").filter(|state| state.status == "True") {
        let message = format!("it has fallen back to a fixed number: {}", state.why());
        out.fail("status.conditions[Fallback]", message);
    }
    Ok(())
}

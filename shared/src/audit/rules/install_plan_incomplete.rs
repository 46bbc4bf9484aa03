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
    /// An operator's installation failed, or waits for somebody to approve it.
    ///
    /// ## Why it matters
    ///
    /// The plan holds the update of every operator of its namespace: none of them gets fixes until it is through.
    ///
    /// ## Remediation
    ///
    /// Approve it with `kubectl patch installplan NAME --type merge -p '{"spec":{"approved":true}}'` once its
    /// `clusterServiceVersionNames` are what is wanted. For one that failed see its conditions, and delete it to have
    /// it made anew.
    severity: Low,
    category: Operators,
    admission: Never,
    needs: Status,
    reads: [],
    references: [],
    check: [Check::Custom(kinds::INSTALL_PLAN, check)],
    cases: [
        Case::pass(
            "done, and on its way",
            "{apiVersion: operators.coreos.com/v1alpha1, kind: InstallPlan, metadata: {name: a, namespace: ops}, status: {phase: Complete}}\n---\n{apiVersion: operators.coreos.com/v1alpha1, kind: InstallPlan, metadata: {name: b, namespace: ops}, spec: {approved: true}, status: {phase: Installing, startTime: '2026-11-28T11:58:00Z'}}",
        ).in_files_only(),
        Case::fail(
            "failed, and not approved",
            "{apiVersion: operators.coreos.com/v1alpha1, kind: InstallPlan, metadata: {name: a, namespace: ops}, status: {phase: Failed, conditions: [{type: Installed, status: 'False', reason: InstallComponentFailed, message: 'webhook denied'}]}}\n---\n{apiVersion: operators.coreos.com/v1alpha1, kind: InstallPlan, metadata: {name: b, namespace: ops}, spec: {approved: false, clusterServiceVersionNames: [b.v2]}, status: {phase: RequiresApproval}}",
            &[
                "InstallPlan.operators.coreos.com/ops/a status.phase: installation failed: InstallComponentFailed: webhook denied",
                "InstallPlan.operators.coreos.com/ops/b spec.approved: installation of b.v2 waits for approval",
            ],
        ).in_files_only(),
    ],
}

fn check(_: &ObjectKey, plan: &Custom, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    match plan.text("/status/phase") {
        "Failed" => {
            let why =
                plan.condition("Installed").map_or_else(|| custom::because("", ""), |state| state.why());
            out.fail("status.phase", format!("installation failed: {why}"));
        }
        "RequiresApproval" => {
            let names = plan.list("/spec/clusterServiceVersionNames").iter();
            let names: Vec<&str> = names.map(|name| custom::text(name, "")).collect();
            out.fail("spec.approved", format!("installation of {} waits for approval", names.join(", ")));
        }
        phase @ ("Installing" | "Planning") if custom::is_stuck(cx, plan.time("/status/startTime"))? => {
            out.fail("status.phase", format!("installation is {phase} for longer than it may take"));
        }
        _ => {}
    }
    Ok(())
}

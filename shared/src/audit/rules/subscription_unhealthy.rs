use crate::{
    audit::{
        case::Case,
        context::Context,
        findings::Findings,
        rule::{Check, Outcome, rule},
        world::Custom,
    },
    model::{ObjectKey, kinds},
};

/// The conditions that are bad when they are true.
const BAD: &[&str] =
    &["BundleUnpackFailed", "CatalogSourcesUnhealthy", "InstallPlanFailed", "ResolutionFailed"];

rule! {
    /// A subscription to an operator gets no updates.
    ///
    /// ## Why it matters
    ///
    /// The operator stays at its version without a word, and after some minor versions of the cluster it can't be
    /// raised in one step any more.
    ///
    /// ## Remediation
    ///
    /// See what the condition says: a catalog that is gone, a channel that does not exist, or two subscriptions of one
    /// namespace whose operators exclude each other.
    severity: Medium,
    category: Operators,
    admission: Never,
    needs: Status,
    reads: [],
    references: [],
    check: [Check::Custom(kinds::SUBSCRIPTION, check)],
    cases: [
        Case::pass(
            "at the latest version; an update that somebody has yet to approve",
            "{apiVersion: operators.coreos.com/v1alpha1, kind: Subscription, metadata: {name: a, namespace: ops}, status: {state: AtLatestKnown, conditions: [{type: CatalogSourcesUnhealthy, status: 'False', reason: AllCatalogSourcesHealthy}]}}\n---\n{apiVersion: operators.coreos.com/v1alpha1, kind: Subscription, metadata: {name: b, namespace: ops}, spec: {installPlanApproval: Manual}, status: {state: UpgradePending, conditions: [{type: InstallPlanPending, status: 'True', reason: RequiresApproval}]}}",
        ).in_files_only(),
        Case::fail(
            "nothing satisfies it",
            "{apiVersion: operators.coreos.com/v1alpha1, kind: Subscription, metadata: {name: a, namespace: ops}, status: {conditions: [{type: ResolutionFailed, status: 'True', reason: ConstraintsNotSatisfiable, message: 'no operators found in channel beta'}]}}",
            &["Subscription.operators.coreos.com/ops/a status.conditions[ResolutionFailed]: ConstraintsNotSatisfiable: no operators found in channel beta"],
        ).in_files_only(),
    ],
}

fn check(_: &ObjectKey, subscription: &Custom, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    for kind in BAD {
        if let Some(state) = subscription.condition(kind).filter(|state| state.status == "True") {
            out.fail(format!("status.conditions[{kind}]"), state.why());
        }
    }
    Ok(())
}

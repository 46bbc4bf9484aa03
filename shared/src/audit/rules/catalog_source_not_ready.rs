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
    /// A catalog of operators can't be reached.
    ///
    /// ## Why it matters
    ///
    /// No operator of the catalog is installed or updated, and one catalog that fails holds up every subscription of
    /// the namespaces that see it.
    ///
    /// ## Remediation
    ///
    /// Look at the catalog's pod in the same namespace: most often its image can't be pulled. A catalog that is not
    /// used any more is best deleted.
    severity: Medium,
    category: Operators,
    admission: Never,
    needs: Status,
    reads: [],
    references: [],
    check: [Check::Custom(kinds::CATALOG_SOURCE, check)],
    cases: [
        Case::pass(
            "ready, just connecting, and not looked at yet",
            "{apiVersion: operators.coreos.com/v1alpha1, kind: CatalogSource, metadata: {name: a, namespace: olm}, status: {connectionState: {lastObservedState: READY}}}\n---\n{apiVersion: operators.coreos.com/v1alpha1, kind: CatalogSource, metadata: {name: b, namespace: olm}, status: {connectionState: {lastObservedState: CONNECTING, lastConnect: '2026-11-28T11:59:00Z'}}}\n---\n{apiVersion: operators.coreos.com/v1alpha1, kind: CatalogSource, metadata: {name: c, namespace: olm}}",
        ).in_files_only(),
        Case::fail(
            "it fails",
            "{apiVersion: operators.coreos.com/v1alpha1, kind: CatalogSource, metadata: {name: a, namespace: olm}, status: {connectionState: {lastObservedState: TRANSIENT_FAILURE, lastConnect: '2026-11-28T10:00:00Z'}}}",
            &["CatalogSource.operators.coreos.com/olm/a status.connectionState.lastObservedState: catalog is TRANSIENT_FAILURE, not READY"],
        ).in_files_only(),
    ],
}

fn check(_: &ObjectKey, catalog: &Custom, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let state = catalog.text("/status/connectionState/lastObservedState");
    let is_fine = matches!(state, "" | "READY");
    if !is_fine && custom::is_stuck(cx, catalog.time("/status/connectionState/lastConnect"))? {
        out.fail("status.connectionState.lastObservedState", format!("catalog is {state}, not READY"));
    }
    Ok(())
}

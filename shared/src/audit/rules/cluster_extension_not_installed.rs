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
    /// A cluster extension is not installed, or a catalog that extensions come from is not served.
    ///
    /// ## Why it matters
    ///
    /// What the extension adds to the cluster is not there, or stays at its old version.
    ///
    /// ## Remediation
    ///
    /// See what the condition says: a package or version that no catalog has, a service account without the rights to
    /// install it, or a catalog whose image can't be pulled.
    severity: Medium,
    category: Operators,
    admission: Never,
    needs: Status,
    reads: [],
    references: [],
    check: [Check::Custom(kinds::CLUSTER_EXTENSION, extension), Check::Custom(kinds::CLUSTER_CATALOG, catalog)],
    cases: [
        Case::pass(
            "installed and served; installing for a minute; a catalog that is switched off",
            "{apiVersion: olm.operatorframework.io/v1, kind: ClusterExtension, metadata: {name: a}, status: {conditions: [{type: Installed, status: 'True', reason: Succeeded}]}}\n---\n{apiVersion: olm.operatorframework.io/v1, kind: ClusterExtension, metadata: {name: b}, status: {conditions: [{type: Installed, status: 'False', reason: Absent, lastTransitionTime: '2026-11-28T11:59:00Z'}]}}\n---\n{apiVersion: olm.operatorframework.io/v1, kind: ClusterCatalog, metadata: {name: c}, spec: {availabilityMode: Unavailable}, status: {conditions: [{type: Serving, status: 'False', reason: UserSpecifiedUnavailable}]}}",
        ).in_files_only(),
        Case::fail(
            "neither",
            "{apiVersion: olm.operatorframework.io/v1, kind: ClusterExtension, metadata: {name: a}, status: {conditions: [{type: Installed, status: 'False', reason: Failed, message: 'no bundles found for package \"a\"', lastTransitionTime: '2026-11-28T08:00:00Z'}]}}\n---\n{apiVersion: olm.operatorframework.io/v1, kind: ClusterCatalog, metadata: {name: c}, status: {conditions: [{type: Serving, status: 'False', reason: Unavailable, lastTransitionTime: '2026-11-28T08:00:00Z'}]}}",
            &[
                "ClusterCatalog.olm.operatorframework.io/c status.conditions[Serving]: catalog is not served: Unavailable",
                "ClusterExtension.olm.operatorframework.io/a status.conditions[Installed]: extension is not installed: Failed: no bundles found for package \"a\"",
            ],
        ).in_files_only(),
    ],
}

fn extension(_: &ObjectKey, extension: &Custom, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    check(extension, "Installed", "extension is not installed", cx, out)
}

fn catalog(_: &ObjectKey, catalog: &Custom, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    if catalog.text("/spec/availabilityMode") == "Unavailable" {
        return Ok(());
    }
    check(catalog, "Serving", "catalog is not served", cx, out)
}

fn check(object: &Custom, kind: &str, what: &str, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let Some(state) = object.condition(kind).filter(|state| state.status == "False") else {
        return Ok(());
    };
    if custom::is_stuck(cx, state.since)? {
        out.fail(format!("status.conditions[{kind}]"), format!("{what}: {}", state.why()));
    }
    Ok(())
}

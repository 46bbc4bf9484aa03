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
    /// A version of an operator was not installed.
    ///
    /// ## Why it matters
    ///
    /// The operator does not run, or runs in its old version: what it looks after is looked after by nobody.
    ///
    /// ## Remediation
    ///
    /// `kubectl describe` the `ClusterServiceVersion`: its requirements name the definition, permission or API that is
    /// missing, its conditions the deployment that does not start.
    severity: High,
    category: Operators,
    admission: Never,
    needs: Status,
    reads: [],
    references: [],
    check: [Check::Custom(kinds::CLUSTER_SERVICE_VERSION, check)],
    cases: [
        Case::pass(
            "done; being installed; a copy of one in another namespace",
            "{apiVersion: operators.coreos.com/v1alpha1, kind: ClusterServiceVersion, metadata: {name: a.v1, namespace: ops}, status: {phase: Succeeded}}\n---\n{apiVersion: operators.coreos.com/v1alpha1, kind: ClusterServiceVersion, metadata: {name: b.v1, namespace: ops}, status: {phase: Installing, lastTransitionTime: '2026-11-28T11:58:00Z'}}\n---\n{apiVersion: operators.coreos.com/v1alpha1, kind: ClusterServiceVersion, metadata: {name: c.v1, namespace: shop, labels: {olm.copiedFrom: ops}}, status: {phase: Failed, reason: Copied}}",
        ).in_files_only(),
        Case::fail(
            "failed, and being installed for hours",
            "{apiVersion: operators.coreos.com/v1alpha1, kind: ClusterServiceVersion, metadata: {name: a.v1, namespace: ops}, status: {phase: Failed, reason: InstallCheckFailed, message: 'install timeout'}}\n---\n{apiVersion: operators.coreos.com/v1alpha1, kind: ClusterServiceVersion, metadata: {name: b.v1, namespace: ops}, status: {phase: Pending, reason: RequirementsNotMet, message: 'one or more requirements couldn''t be found', lastTransitionTime: '2026-11-28T08:00:00Z'}}",
            &[
                "ClusterServiceVersion.operators.coreos.com/ops/a.v1 status.phase: operator is Failed: InstallCheckFailed: install timeout",
                "ClusterServiceVersion.operators.coreos.com/ops/b.v1 status.phase: operator is Pending: RequirementsNotMet: one or more requirements couldn't be found",
            ],
        ).in_files_only(),
    ],
}

fn check(_: &ObjectKey, version: &Custom, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let phase = version.text("/status/phase");
    let is_copy =
        version.metadata.labels.contains_key("olm.copiedFrom") || version.text("/status/reason") == "Copied";
    if is_copy || matches!(phase, "" | "Succeeded" | "Replacing" | "Deleting") {
        return Ok(());
    }
    if phase == "Failed" || custom::is_stuck(cx, version.time("/status/lastTransitionTime"))? {
        let why = custom::because(version.text("/status/reason"), version.text("/status/message"));
        out.fail("status.phase", format!("operator is {phase}: {why}"));
    }
    Ok(())
}

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
    /// An issuer of certificates can issue none.
    ///
    /// ## Why it matters
    ///
    /// No certificate of it is issued or renewed: nothing breaks today, and everything does when they expire.
    ///
    /// ## Remediation
    ///
    /// See what the condition says: an account that was not registered, a secret with the CA's key that is missing, or
    /// a Vault that can't be reached.
    severity: High,
    category: Operators,
    admission: Never,
    needs: Status,
    reads: [],
    references: ["https://cert-manager.io/docs/troubleshooting/"],
    check: [Check::Custom(kinds::ISSUER, check), Check::Custom(kinds::CLUSTER_ISSUER, check)],
    cases: [
        Case::pass(
            "ready, and new",
            "{apiVersion: cert-manager.io/v1, kind: Issuer, metadata: {name: a, namespace: shop}, status: {conditions: [{type: Ready, status: 'True'}]}}\n---\n{apiVersion: cert-manager.io/v1, kind: ClusterIssuer, metadata: {name: b}}",
        ).in_files_only(),
        Case::fail(
            "its key is missing",
            "{apiVersion: cert-manager.io/v1, kind: ClusterIssuer, metadata: {name: ca}, status: {conditions: [{type: Ready, status: 'False', reason: ErrGetKeyPair, message: 'secret \"ca\" not found', lastTransitionTime: '2026-11-28T08:00:00Z'}]}}",
            &["ClusterIssuer.cert-manager.io/ca status.conditions[Ready]: issuer is not ready: ErrGetKeyPair: secret \"ca\" not found"],
        ).in_files_only(),
    ],
}

fn check(_: &ObjectKey, issuer: &Custom, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let state = issuer.condition("Ready").filter(|state| state.status != "True");
    if let Some(state) = state
        && custom::is_stuck(cx, state.since)?
    {
        out.fail("status.conditions[Ready]", format!("issuer is not ready: {}", state.why()));
    }
    Ok(())
}

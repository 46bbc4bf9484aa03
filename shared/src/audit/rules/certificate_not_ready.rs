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
    /// A certificate was asked for and not issued.
    ///
    /// ## Why it matters
    ///
    /// Its secret is missing or holds what was issued for other names: pods that mount it don't start, and clients
    /// refuse the connection.
    ///
    /// ## Remediation
    ///
    /// `kubectl describe certificate` and its `CertificateRequest`, `Order` and `Challenge` say what fails, often an
    /// issuer that is not ready, a DNS record or a rate limit.
    severity: High,
    category: Operators,
    admission: Never,
    needs: Status,
    reads: [],
    references: ["https://cert-manager.io/docs/troubleshooting/"],
    check: [Check::Custom(kinds::CERTIFICATE, check)],
    cases: [
        Case::pass(
            "ready; asked for a minute ago; expired, which another rule tells",
            "{apiVersion: cert-manager.io/v1, kind: Certificate, metadata: {name: a, namespace: shop}, status: {conditions: [{type: Ready, status: 'True', reason: Ready}]}}\n---\n{apiVersion: cert-manager.io/v1, kind: Certificate, metadata: {name: b, namespace: shop}, status: {conditions: [{type: Ready, status: 'False', reason: DoesNotExist, lastTransitionTime: '2026-11-28T11:59:00Z'}]}}\n---\n{apiVersion: cert-manager.io/v1, kind: Certificate, metadata: {name: c, namespace: shop}, status: {notAfter: '2026-11-01T00:00:00Z', conditions: [{type: Ready, status: 'False', reason: Expired, lastTransitionTime: '2026-11-01T00:00:00Z'}]}}",
        ).in_files_only(),
        Case::fail(
            "for hours",
            "{apiVersion: cert-manager.io/v1, kind: Certificate, metadata: {name: a, namespace: shop}, status: {conditions: [{type: Ready, status: 'False', reason: DoesNotExist, message: 'Issuing certificate as Secret does not exist', lastTransitionTime: '2026-11-28T08:00:00Z'}]}}",
            &["Certificate.cert-manager.io/shop/a status.conditions[Ready]: certificate is not ready: DoesNotExist: Issuing certificate as Secret does not exist"],
        ).in_files_only(),
    ],
}

fn check(_: &ObjectKey, certificate: &Custom, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let state =
        certificate.condition("Ready").filter(|state| state.status != "True" && state.reason != "Expired");
    if let Some(state) = state
        && custom::is_stuck(cx, state.since)?
    {
        out.fail("status.conditions[Ready]", format!("certificate is not ready: {}", state.why()));
    }
    Ok(())
}

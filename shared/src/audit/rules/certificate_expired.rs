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
    /// A certificate has expired.
    ///
    /// ## Why it matters
    ///
    /// Every client that checks certificates refuses to talk to what shows it. cert-manager had a third of the
    /// certificate's life to renew it and could not. Certificates that nobody manages are not seen: the data of secrets
    /// is never read.
    ///
    /// ## Remediation
    ///
    /// `kubectl describe certificate` and its `CertificateRequest`, `Order` and `Challenge` say what fails, often the
    /// issuer's account, a DNS record or a rate limit. Then `cmctl renew`.
    severity: High,
    category: Secrets,
    admission: Never,
    needs: Status,
    reads: [],
    references: ["https://cert-manager.io/docs/troubleshooting/"],
    check: [Check::Custom(kinds::CERTIFICATE, check)],
    cases: [
        Case::pass(
            "it has an hour left, or was never issued",
            "{apiVersion: cert-manager.io/v1, kind: Certificate, metadata: {name: short, namespace: shop}, spec: {secretName: short}, status: {notAfter: '2026-11-28T13:00:00Z', renewalTime: '2026-11-28T12:30:00Z'}}\n---\n{apiVersion: cert-manager.io/v1, kind: Certificate, metadata: {name: new, namespace: shop}, spec: {secretName: new}}",
        ).in_files_only(),
        Case::fail(
            "over",
            "{apiVersion: cert-manager.io/v1, kind: Certificate, metadata: {name: web, namespace: shop}, spec: {secretName: web-tls}, status: {notAfter: '2026-11-28T11:59:59Z', renewalTime: '2026-10-28T12:00:00Z'}}",
            &["Certificate.cert-manager.io/shop/web status.notAfter: certificate in Secret \"web-tls\" expired at 2026-11-28T11:59:59Z"],
        ).in_files_only(),
    ],
}

fn check(_: &ObjectKey, certificate: &Custom, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let now = cx.now()?;
    if let Some(end) = certificate.time("/status/notAfter").filter(|end| *end <= now) {
        let secret = certificate.text("/spec/secretName");
        let message = format!("certificate in Secret {secret:?} expired at {}", custom::stamp(end));
        out.fail("status.notAfter", message);
    }
    Ok(())
}

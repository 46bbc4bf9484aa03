use crate::{
    audit::{
        case::Case,
        context::Context,
        custom,
        findings::Findings,
        rule::{Check, Outcome, rule},
        world::Custom,
    },
    model::{ObjectKey, Time, kinds},
};

rule! {
    /// A certificate ends soon and should have been renewed by now.
    ///
    /// ## Why it matters
    ///
    /// Once it has expired, every client that checks certificates refuses to talk to what shows it. There is still time
    /// to find out why the renewal fails.
    ///
    /// ## Remediation
    ///
    /// `kubectl describe certificate` and its `CertificateRequest`, `Order` and `Challenge` say what fails, often the
    /// issuer's account, a DNS record or a rate limit. How many days count as soon is `certificateDays` of the policy.
    severity: Medium,
    category: Secrets,
    admission: Never,
    needs: Status,
    reads: [],
    references: ["https://cert-manager.io/docs/troubleshooting/"],
    check: [Check::Custom(kinds::CERTIFICATE, check)],
    cases: [
        Case::pass(
            "of a day, and not due yet",
            "{apiVersion: cert-manager.io/v1, kind: Certificate, metadata: {name: short, namespace: shop}, spec: {secretName: short, duration: 24h}, status: {notAfter: '2026-11-29T06:00:00Z', renewalTime: '2026-11-28T22:00:00Z'}}",
        ).in_files_only(),
        Case::pass(
            "due, with a month to go",
            "{apiVersion: cert-manager.io/v1, kind: Certificate, metadata: {name: web, namespace: shop}, spec: {secretName: web-tls}, status: {notAfter: '2026-12-28T12:00:00Z', renewalTime: '2026-11-28T11:00:00Z'}}",
        ).in_files_only(),
        Case::pass(
            "expired is for another rule to tell",
            "{apiVersion: cert-manager.io/v1, kind: Certificate, metadata: {name: web, namespace: shop}, spec: {secretName: web-tls}, status: {notAfter: '2026-11-27T12:00:00Z', renewalTime: '2026-10-28T11:00:00Z'}}",
        ).in_files_only(),
        Case::fail(
            "ten days before its end",
            "{apiVersion: cert-manager.io/v1, kind: Certificate, metadata: {name: web, namespace: shop}, spec: {secretName: web-tls}, status: {notAfter: '2026-12-08T12:00:00Z', renewalTime: '2026-11-08T12:00:00Z'}}",
            &["Certificate.cert-manager.io/shop/web status.notAfter: certificate in Secret \"web-tls\" ends at 2026-12-08T12:00:00Z and was to be renewed at 2026-11-08T12:00:00Z"],
        ).in_files_only(),
    ],
}

const DAY: i64 = 24 * 60 * 60;

fn check(_: &ObjectKey, certificate: &Custom, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let now = cx.now()?;
    let times = (certificate.time("/status/notAfter"), certificate.time("/status/renewalTime"));
    let (Some(end), Some(due)) = times else {
        return Ok(());
    };
    let soon = Time { seconds: now.seconds + cx.parameters().certificate_days * DAY, nanos: 0 };
    if due < now && now < end && end < soon {
        let secret = certificate.text("/spec/secretName");
        let (end, due) = (custom::stamp(end), custom::stamp(due));
        let message =
            format!("certificate in Secret {secret:?} ends at {end} and was to be renewed at {due}");
        out.fail("status.notAfter", message);
    }
    Ok(())
}

use crate::audit::{
    case::Case,
    context::Context,
    findings::Findings,
    network::{
        Hooks,
        certificates::{day, last},
    },
    rule::{Check, Outcome, rule},
};

rule! {
    /// The certificate by which the API server trusts a webhook or an aggregated API has expired, or is about to.
    ///
    /// ## Why it matters
    ///
    /// From that moment on the API server can't ask it any more: requests are refused with `x509: certificate has
    /// expired`, and whole API groups are gone.
    ///
    /// ## Remediation
    ///
    /// Renew the certificate of the authority and put it into `caBundle`; beside the old one while both are in
    /// use. cert-manager's CA injector keeps it up to date.
    severity: Medium,
    category: Network,
    admission: Warn,
    needs: Object,
    reads: [],
    references: [],
    check: [Check::MutatingWebhookConfiguration(check), Check::ValidatingWebhookConfiguration(check), Check::ApiService(|it, cx, out| judge(&it.spec.ca_bundle, "spec.caBundle", cx, out))],
    cases: [
        Case::pass("good for years", "{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, metadata: {name: h}, webhooks: [{name: a.example.com, admissionReviewVersions: [v1], sideEffects: None, clientConfig: {service: {namespace: hooks, name: s}, caBundle: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSEhNSHVnQXdJQkFnSUJBVEFGQmdNclpYQXdEakVNTUFvR0ExVUVBd3dEYm1WM01CNFhEVEkxTURFd01UQXcKTURBd01Gb1hEVE0yTURFd01UQXdNREF3TUZvd0RqRU1NQW9HQTFVRUF3d0RibVYzTUNvd0JRWURLMlZ3QXlFQQo2a3BzWStLY1VncSs5VkI3RXk3RitaVkhkcTYrdm51U1FoN3FhUlJHMGl3d0JRWURLMlZ3QTBFQVlLcUxVVmh4CnZHallwVXVmME9JVEZzcmhISStONUh1dFREdGtlSnhLeVdMNGJ0TWhZWVJZSlA4aDFsYjRtb3BURzNIeHZCalAKMmUrRlp0V1JiUXpXQmc9PQotLS0tLUVORCBDRVJUSUZJQ0FURS0tLS0tCg==}, rules: [{operations: [CREATE], apiGroups: [''], apiVersions: [v1], resources: [pods]}]}]}"),
        Case::pass("an old one beside the one that is used", "{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, metadata: {name: h}, webhooks: [{name: a.example.com, admissionReviewVersions: [v1], sideEffects: None, clientConfig: {service: {namespace: hooks, name: s}, caBundle: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSEhNSHVnQXdJQkFnSUJBVEFGQmdNclpYQXdEakVNTUFvR0ExVUVBd3dEYjJ4a01CNFhEVEkxTURFd01UQXcKTURBd01Gb1hEVEkyTURZd01UQXdNREF3TUZvd0RqRU1NQW9HQTFVRUF3d0RiMnhrTUNvd0JRWURLMlZ3QXlFQQo2a3BzWStLY1VncSs5VkI3RXk3RitaVkhkcTYrdm51U1FoN3FhUlJHMGl3d0JRWURLMlZ3QTBFQVMweVhwQTBNClY4M3B0Y2F0RVltSWJBMmxVTlVvNW1RVmpDSkNtYkZZeVRBNW1CeFFpNGdlUnE5eUloblNVM2FpNWNyL01mZlkKNXNrbzJhTnRvK2QwQVE9PQotLS0tLUVORCBDRVJUSUZJQ0FURS0tLS0tCi0tLS0tQkVHSU4gQ0VSVElGSUNBVEUtLS0tLQpNSUhITUh1Z0F3SUJBZ0lCQVRBRkJnTXJaWEF3RGpFTU1Bb0dBMVVFQXd3RGJtVjNNQjRYRFRJMU1ERXdNVEF3Ck1EQXdNRm9YRFRNMk1ERXdNVEF3TURBd01Gb3dEakVNTUFvR0ExVUVBd3dEYm1WM01Db3dCUVlESzJWd0F5RUEKNmtwc1krS2NVZ3ErOVZCN0V5N0YrWlZIZHE2K3ZudVNRaDdxYVJSRzBpd3dCUVlESzJWd0EwRUFZS3FMVVZoeAp2R2pZcFV1ZjBPSVRGc3JoSEkrTjVIdXRURHRrZUp4S3lXTDRidE1oWVlSWUpQOGgxbGI0bW9wVEczSHh2QmpQCjJlK0ZadFdSYlF6V0JnPT0KLS0tLS1FTkQgQ0VSVElGSUNBVEUtLS0tLQo=}, rules: [{operations: [CREATE], apiGroups: [''], apiVersions: [v1], resources: [pods]}]}]}"),
        Case::pass("none; or what is none, which is told elsewhere", "{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, metadata: {name: h}, webhooks: [{name: a.example.com, admissionReviewVersions: [v1], sideEffects: None, clientConfig: {service: {namespace: hooks, name: s}}, rules: [{operations: [CREATE], apiGroups: [''], apiVersions: [v1], resources: [pods]}]}]}"),
        Case::fail(
            "expired",
            "{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, metadata: {name: h}, webhooks: [{name: a.example.com, admissionReviewVersions: [v1], sideEffects: None, clientConfig: {service: {namespace: hooks, name: s}, caBundle: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSEhNSHVnQXdJQkFnSUJBVEFGQmdNclpYQXdEakVNTUFvR0ExVUVBd3dEYjJ4a01CNFhEVEkxTURFd01UQXcKTURBd01Gb1hEVEkyTURZd01UQXdNREF3TUZvd0RqRU1NQW9HQTFVRUF3d0RiMnhrTUNvd0JRWURLMlZ3QXlFQQo2a3BzWStLY1VncSs5VkI3RXk3RitaVkhkcTYrdm51U1FoN3FhUlJHMGl3d0JRWURLMlZ3QTBFQVMweVhwQTBNClY4M3B0Y2F0RVltSWJBMmxVTlVvNW1RVmpDSkNtYkZZeVRBNW1CeFFpNGdlUnE5eUloblNVM2FpNWNyL01mZlkKNXNrbzJhTnRvK2QwQVE9PQotLS0tLUVORCBDRVJUSUZJQ0FURS0tLS0tCg==}, rules: [{operations: [CREATE], apiGroups: [''], apiVersions: [v1], resources: [pods]}]}]}\n---\n{apiVersion: apiregistration.k8s.io/v1, kind: APIService, metadata: {name: v1.example.com}, spec: {group: example.com, version: v1, groupPriorityMinimum: 100, versionPriority: 10, service: {namespace: hooks, name: s}, caBundle: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSEhNSHVnQXdJQkFnSUJBVEFGQmdNclpYQXdEakVNTUFvR0ExVUVBd3dEYjJ4a01CNFhEVEkxTURFd01UQXcKTURBd01Gb1hEVEkyTURZd01UQXdNREF3TUZvd0RqRU1NQW9HQTFVRUF3d0RiMnhrTUNvd0JRWURLMlZ3QXlFQQo2a3BzWStLY1VncSs5VkI3RXk3RitaVkhkcTYrdm51U1FoN3FhUlJHMGl3d0JRWURLMlZ3QTBFQVMweVhwQTBNClY4M3B0Y2F0RVltSWJBMmxVTlVvNW1RVmpDSkNtYkZZeVRBNW1CeFFpNGdlUnE5eUloblNVM2FpNWNyL01mZlkKNXNrbzJhTnRvK2QwQVE9PQotLS0tLUVORCBDRVJUSUZJQ0FURS0tLS0tCg==}}",
            &[
                "ValidatingWebhookConfiguration.admissionregistration.k8s.io/h webhooks[0].clientConfig.caBundle: certificate \"CN=old\" expired on 2026-06-01",
                "APIService.apiregistration.k8s.io/v1.example.com spec.caBundle: certificate \"CN=old\" expired on 2026-06-01",
            ],
        ),
        Case::fail(
            "soon",
            "{apiVersion: admissionregistration.k8s.io/v1, kind: MutatingWebhookConfiguration, metadata: {name: h}, webhooks: [{name: a.example.com, admissionReviewVersions: [v1], sideEffects: None, clientConfig: {service: {namespace: hooks, name: s}, caBundle: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSEpNSDJnQXdJQkFnSUJBVEFGQmdNclpYQXdEekVOTUFzR0ExVUVBd3dFYzI5dmJqQWVGdzB5TlRBeE1ERXcKTURBd01EQmFGdzB5TmpFeU1EVXdNREF3TURCYU1BOHhEVEFMQmdOVkJBTU1CSE52YjI0d0tqQUZCZ01yWlhBRApJUURxU214ajRweFNDcjcxVUhzVExzWDVsVWQycnI2K2U1SkNIdXBwRkViU0xEQUZCZ01yWlhBRFFRRDR3Mm1yClh2YlFxSVFpdWFZMkVuRmg0YXhTTEpmdWk0ZEhXMDJhZElsdmp3aFQvUWRrR09TQTJhbys1K0dMLzNZTHYzYVcKYzVQazRnZXIrdm93cGxRQgotLS0tLUVORCBDRVJUSUZJQ0FURS0tLS0tCg==}, rules: [{operations: [CREATE], apiGroups: [''], apiVersions: [v1], resources: [pods]}]}]}",
            &["MutatingWebhookConfiguration.admissionregistration.k8s.io/h webhooks[0].clientConfig.caBundle: certificate \"CN=soon\" expires on 2026-12-05"],
        ),
    ],
}

fn check<H: Hooks>(configuration: &H, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    for hook in configuration.hooks() {
        judge(&hook.client.ca_bundle, &hook.path("clientConfig.caBundle"), cx, out)?;
    }
    Ok(())
}

fn judge(bundle: &[u8], path: &str, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let Some(certificate) = last(bundle) else { return Ok(()) };
    let (now, end) = (cx.now()?, certificate.not_after);
    let left = end.seconds.saturating_sub(now.seconds);
    if left < cx.parameters().certificate_days.saturating_mul(24 * 60 * 60) {
        let word = if left < 0 { "expired" } else { "expires" };
        out.fail(path, format!("certificate {:?} {word} on {}", certificate.subject, day(end)));
    }
    Ok(())
}

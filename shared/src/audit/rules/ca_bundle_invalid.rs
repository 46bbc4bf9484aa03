use crate::audit::{
    case::Case,
    context::Context,
    findings::Findings,
    network::{Hooks, certificates::read},
    rule::{Check, Outcome, rule},
};

rule! {
    /// The `caBundle` of a webhook or an aggregated API holds no certificate.
    ///
    /// ## Why it matters
    ///
    /// The API server trusts nobody by it, so that every call fails with an error about certificates, and what
    /// the webhook must judge is refused.
    ///
    /// ## Remediation
    ///
    /// Put the authority's certificate there in PEM, encoded in base64 once: what stands in a secret's `data` is
    /// encoded already.
    severity: Medium,
    category: Network,
    admission: Warn,
    needs: Object,
    reads: [],
    references: [],
    check: [Check::MutatingWebhookConfiguration(check), Check::ValidatingWebhookConfiguration(check), Check::ApiService(|it, _, out| {
            judge(&it.spec.ca_bundle, "spec.caBundle", out);
            Ok(())
        })],
    cases: [
        Case::pass("a certificate", "{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, metadata: {name: h}, webhooks: [{name: a.example.com, admissionReviewVersions: [v1], sideEffects: None, clientConfig: {service: {namespace: hooks, name: s}, caBundle: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSEhNSHVnQXdJQkFnSUJBVEFGQmdNclpYQXdEakVNTUFvR0ExVUVBd3dEYm1WM01CNFhEVEkxTURFd01UQXcKTURBd01Gb1hEVE0yTURFd01UQXdNREF3TUZvd0RqRU1NQW9HQTFVRUF3d0RibVYzTUNvd0JRWURLMlZ3QXlFQQo2a3BzWStLY1VncSs5VkI3RXk3RitaVkhkcTYrdm51U1FoN3FhUlJHMGl3d0JRWURLMlZ3QTBFQVlLcUxVVmh4CnZHallwVXVmME9JVEZzcmhISStONUh1dFREdGtlSnhLeVdMNGJ0TWhZWVJZSlA4aDFsYjRtb3BURzNIeHZCalAKMmUrRlp0V1JiUXpXQmc9PQotLS0tLUVORCBDRVJUSUZJQ0FURS0tLS0tCg==}, rules: [{operations: [CREATE], apiGroups: [''], apiVersions: [v1], resources: [pods]}]}]}"),
        Case::pass("none: the authorities of the system, or somebody puts it there", "{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, metadata: {name: h}, webhooks: [{name: a.example.com, admissionReviewVersions: [v1], sideEffects: None, clientConfig: {service: {namespace: hooks, name: s}}, rules: [{operations: [CREATE], apiGroups: [''], apiVersions: [v1], resources: [pods]}]}]}"),
        Case::pass("a line break alone, which some charts leave for the one who puts it there", "{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, metadata: {name: h}, webhooks: [{name: a.example.com, admissionReviewVersions: [v1], sideEffects: None, clientConfig: {service: {namespace: hooks, name: s}, caBundle: Cg==}, rules: [{operations: [CREATE], apiGroups: [''], apiVersions: [v1], resources: [pods]}]}]}").in_files_only(),
        Case::fail(
            "something else",
            "{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, metadata: {name: h}, webhooks: [{name: a.example.com, admissionReviewVersions: [v1], sideEffects: None, clientConfig: {service: {namespace: hooks, name: s}, caBundle: bm90IGEgY2VydGlmaWNhdGU=}, rules: [{operations: [CREATE], apiGroups: [''], apiVersions: [v1], resources: [pods]}]}]}",
            &["ValidatingWebhookConfiguration.admissionregistration.k8s.io/h webhooks[0].clientConfig.caBundle: holds no certificate that can be read"],
        ).in_files_only(),
        Case::fail(
            "encoded twice",
            "{apiVersion: admissionregistration.k8s.io/v1, kind: MutatingWebhookConfiguration, metadata: {name: h}, webhooks: [{name: a.example.com, admissionReviewVersions: [v1], sideEffects: None, clientConfig: {service: {namespace: hooks, name: s}, caBundle: TFMwdExTMUNSVWRKVGlCRFJWSlVTVVpKUTBGVVJTMHRMUzB0Q2sxSlNFaE5TSFZuUVhkSlFrRm5TVUpCVkVGR1FtZE5jbHBZUVhkRWFrVk5UVUZ2UjBFeFZVVkJkM2RFWW0xV00wMUNORmhFVkVreFRVUkZkMDFVUVhjS1RVUkJkMDFHYjFoRVZFMHlUVVJGZDAxVVFYZE5SRUYzVFVadmQwUnFSVTFOUVc5SFFURlZSVUYzZDBSaWJWWXpUVU52ZDBKUldVUkxNbFozUVhsRlFRbzJhM0J6V1N0TFkxVm5jU3M1VmtJM1JYazNSaXRhVmtoa2NUWXJkbTUxVTFGb04zRmhVbEpITUdsM2QwSlJXVVJMTWxaM1FUQkZRVmxMY1V4VlZtaDRDblpIYWxsd1ZYVm1NRTlKVkVaemNtaElTU3RPTlVoMWRGUkVkR3RsU25oTGVWZE1OR0owVFdoWldWSlpTbEE0YURGc1lqUnRiM0JVUnpOSWVIWkNhbEFLTW1VclJscDBWMUppVVhwWFFtYzlQUW90TFMwdExVVk9SQ0JEUlZKVVNVWkpRMEZVUlMwdExTMHRDZz09}, rules: [{operations: [CREATE], apiGroups: [''], apiVersions: [v1], resources: [pods]}]}]}",
            &["MutatingWebhookConfiguration.admissionregistration.k8s.io/h webhooks[0].clientConfig.caBundle: holds no certificate that can be read"],
        ).in_files_only(),
    ],
}

fn check<H: Hooks>(configuration: &H, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    for hook in configuration.hooks() {
        judge(&hook.client.ca_bundle, &hook.path("clientConfig.caBundle"), out);
    }
    Ok(())
}

fn judge(bundle: &[u8], path: &str, out: &mut Findings<'_>) {
    if !bundle.trim_ascii().is_empty() && read(bundle).is_empty() {
        out.fail(path, "holds no certificate that can be read");
    }
}

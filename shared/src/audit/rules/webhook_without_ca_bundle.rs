use crate::audit::{
    case::Case,
    context::Context,
    findings::Findings,
    network::Hooks,
    rule::{Check, Outcome, rule},
};

rule! {
    /// A webhook in the cluster has no `caBundle`.
    ///
    /// ## Why it matters
    ///
    /// The API server then trusts the authorities of its own machine alone, none of which signs names of
    /// services: every call fails with an error about certificates.
    ///
    /// ## Remediation
    ///
    /// Whoever should have put it there has not: look at cert-manager's CA injector, or at the job that patches
    /// webhooks when a chart is installed.
    severity: Medium,
    category: Network,
    admission: Never,
    needs: Status,
    reads: [],
    references: [],
    check: [Check::MutatingWebhookConfiguration(check), Check::ValidatingWebhookConfiguration(check)],
    cases: [
        Case::pass("it has one", "{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, metadata: {name: h}, webhooks: [{name: a.example.com, admissionReviewVersions: [v1], sideEffects: None, clientConfig: {service: {namespace: hooks, name: s}, caBundle: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSEhNSHVnQXdJQkFnSUJBVEFGQmdNclpYQXdEakVNTUFvR0ExVUVBd3dEYm1WM01CNFhEVEkxTURFd01UQXcKTURBd01Gb1hEVE0yTURFd01UQXdNREF3TUZvd0RqRU1NQW9HQTFVRUF3d0RibVYzTUNvd0JRWURLMlZ3QXlFQQo2a3BzWStLY1VncSs5VkI3RXk3RitaVkhkcTYrdm51U1FoN3FhUlJHMGl3d0JRWURLMlZ3QTBFQVlLcUxVVmh4CnZHallwVXVmME9JVEZzcmhISStONUh1dFREdGtlSnhLeVdMNGJ0TWhZWVJZSlA4aDFsYjRtb3BURzNIeHZCalAKMmUrRlp0V1JiUXpXQmc9PQotLS0tLUVORCBDRVJUSUZJQ0FURS0tLS0tCg==}, rules: [{operations: [CREATE], apiGroups: [''], apiVersions: [v1], resources: [pods]}]}]}"),
        Case::pass("a URL may be signed by an authority that all know", "{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, metadata: {name: h}, webhooks: [{name: a.example.com, admissionReviewVersions: [v1], sideEffects: None, clientConfig: {url: 'https://hooks.example.com/'}, rules: [{operations: [CREATE], apiGroups: [''], apiVersions: [v1], resources: [pods]}]}]}"),
        Case::fail("a service", "{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, metadata: {name: h}, webhooks: [{name: a.example.com, admissionReviewVersions: [v1], sideEffects: None, clientConfig: {service: {namespace: hooks, name: s}}, rules: [{operations: [CREATE], apiGroups: [''], apiVersions: [v1], resources: [pods]}]}]}", &["ValidatingWebhookConfiguration.admissionregistration.k8s.io/h webhooks[0].clientConfig.caBundle: \"a.example.com\" is asked by its service, and nothing says whom to trust there"]),
    ],
}

fn check<H: Hooks>(configuration: &H, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    for hook in configuration.hooks() {
        if hook.service().is_some() && hook.client.ca_bundle.trim_ascii().is_empty() {
            let told =
                format!("{:?} is asked by its service, and nothing says whom to trust there", hook.name);
            out.fail(hook.path("clientConfig.caBundle"), told);
        }
    }
    Ok(())
}

use crate::audit::{
    case::Case,
    context::Context,
    findings::Findings,
    network::Hooks,
    rule::{Check, Outcome, rule},
};

rule! {
    /// The API server waits more than ten seconds for a webhook.
    ///
    /// ## Why it matters
    ///
    /// Every request that it judges waits as long when it hangs, several webhooks one after the other; clients
    /// and controllers give up first, and leader election is lost.
    ///
    /// ## Remediation
    ///
    /// Set `timeoutSeconds` to what the webhook needs, five or less. Left out, it is ten.
    severity: Medium,
    category: Network,
    admission: Warn,
    needs: Object,
    reads: [],
    references: [],
    check: [Check::MutatingWebhookConfiguration(check), Check::ValidatingWebhookConfiguration(check)],
    cases: [
        Case::pass("left out it is ten, which is just right", "{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, metadata: {name: h}, webhooks: [{name: a.example.com, admissionReviewVersions: [v1], sideEffects: None, clientConfig: {service: {namespace: hooks, name: s}}, rules: [{operations: [CREATE], apiGroups: [''], apiVersions: [v1], resources: [pods]}]}]}\n---\n{apiVersion: admissionregistration.k8s.io/v1, kind: MutatingWebhookConfiguration, metadata: {name: h}, webhooks: [{name: a.example.com, admissionReviewVersions: [v1], sideEffects: None, clientConfig: {service: {namespace: hooks, name: s}}, rules: [{operations: [CREATE], apiGroups: [''], apiVersions: [v1], resources: [pods]}], timeoutSeconds: 10}]}"),
        Case::fail("thirty", "{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, metadata: {name: h}, webhooks: [{name: a.example.com, admissionReviewVersions: [v1], sideEffects: None, clientConfig: {service: {namespace: hooks, name: s}}, rules: [{operations: [CREATE], apiGroups: [''], apiVersions: [v1], resources: [pods]}], timeoutSeconds: 30}]}", &["ValidatingWebhookConfiguration.admissionregistration.k8s.io/h webhooks[0].timeoutSeconds: the API server waits 30 seconds for \"a.example.com\""]),
    ],
}

fn check<H: Hooks>(configuration: &H, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    for hook in configuration.hooks().filter(|hook| hook.effective_timeout() > 10) {
        let told = format!("the API server waits {} seconds for {:?}", hook.effective_timeout(), hook.name);
        out.fail(hook.path("timeoutSeconds"), told);
    }
    Ok(())
}

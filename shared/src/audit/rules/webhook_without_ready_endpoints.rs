use crate::audit::{
    api::Service,
    case::Case,
    context::Context,
    findings::Findings,
    network::{Hook, Hooks},
    rule::{Check, Outcome, rule},
};

rule! {
    /// A webhook that must answer has no pod that is ready.
    ///
    /// ## Why it matters
    ///
    /// With `failurePolicy: Fail` the API server refuses every request that the webhook should have judged. Where
    /// those are pods, nothing starts any more, the webhook's own included.
    ///
    /// ## Remediation
    ///
    /// See why its pods are not ready: `kubectl get endpointslices` of its service names them. Run two replicas,
    /// exempt the webhook's own namespace in `namespaceSelector`, and set `failurePolicy: Ignore` to get the
    /// cluster going again.
    severity: Critical,
    category: Network,
    admission: Never,
    needs: Status,
    reads: [ENDPOINT_SLICE, SERVICE],
    references: [],
    check: [Check::MutatingWebhookConfiguration(check), Check::ValidatingWebhookConfiguration(check)],
    cases: [
        Case::pass("one is ready", "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: hooks}, spec: {selector: {app: hook}, ports: [{port: 443}]}}\n---\n{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: s-1, namespace: hooks, labels: {kubernetes.io/service-name: s}}, addressType: IPv4, endpoints: [{addresses: ['10.0.0.1'], conditions: {ready: true}}]}\n---\n{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, metadata: {name: h}, webhooks: [{name: a.example.com, admissionReviewVersions: [v1], sideEffects: None, clientConfig: {service: {namespace: hooks, name: s}}, rules: [{operations: [CREATE], apiGroups: [''], apiVersions: [v1], resources: [pods]}]}]}"),
        Case::pass("what can't be asked is let through", "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: hooks}, spec: {selector: {app: hook}, ports: [{port: 443}]}}\n---\n{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: s-1, namespace: hooks, labels: {kubernetes.io/service-name: s}}, addressType: IPv4, endpoints: [{addresses: ['10.0.0.1'], conditions: {ready: false}}]}\n---\n{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, metadata: {name: h}, webhooks: [{name: a.example.com, admissionReviewVersions: [v1], sideEffects: None, clientConfig: {service: {namespace: hooks, name: s}}, rules: [{operations: [CREATE], apiGroups: [''], apiVersions: [v1], resources: [pods]}], failurePolicy: Ignore}]}"),
        Case::pass("no service is told elsewhere", "{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, metadata: {name: h}, webhooks: [{name: a.example.com, admissionReviewVersions: [v1], sideEffects: None, clientConfig: {service: {namespace: hooks, name: s}}, rules: [{operations: [CREATE], apiGroups: [''], apiVersions: [v1], resources: [pods]}]}]}"),
        Case::fail(
            "none is ready",
            "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: hooks}, spec: {selector: {app: hook}, ports: [{port: 443}]}}\n---\n{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: s-1, namespace: hooks, labels: {kubernetes.io/service-name: s}}, addressType: IPv4, endpoints: [{addresses: ['10.0.0.1'], conditions: {ready: false}}]}\n---\n{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, metadata: {name: h}, webhooks: [{name: a.example.com, admissionReviewVersions: [v1], sideEffects: None, clientConfig: {service: {namespace: hooks, name: s}}, rules: [{operations: [CREATE], apiGroups: [''], apiVersions: [v1], resources: [pods]}]}]}",
            &["ValidatingWebhookConfiguration.admissionregistration.k8s.io/h webhooks[0].clientConfig.service: Service hooks/s has no ready endpoint, so that all that \"a.example.com\" is to judge is refused"],
        ),
        Case::unknown(
            "endpoint slices were not read",
            "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: hooks}, spec: {selector: {app: hook}, ports: [{port: 443}]}}\n---\n{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, metadata: {name: h}, webhooks: [{name: a.example.com, admissionReviewVersions: [v1], sideEffects: None, clientConfig: {service: {namespace: hooks, name: s}}, rules: [{operations: [CREATE], apiGroups: [''], apiVersions: [v1], resources: [pods]}]}]}",
            &["EndpointSlice.discovery.k8s.io"],
            &["? ValidatingWebhookConfiguration.admissionregistration.k8s.io/h EndpointSlice.discovery.k8s.io in namespace hooks could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check<H: Hooks>(configuration: &H, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    for hook in configuration.hooks().filter(Hook::fails_closed) {
        let Some((to, _)) = hook.service() else { continue };
        let (namespace, name) = (to.namespace.as_str(), to.name.as_str());
        let found = cx.get::<Service>(namespace, name)?;
        if found.is_some_and(|service| !service.is_external_name())
            && cx.slices(namespace)?.endpoints(namespace, name).ready == 0
        {
            let told = format!(
                "Service {namespace}/{name} has no ready endpoint, so that all that {:?} is to judge is refused",
                hook.name
            );
            out.fail(hook.path("clientConfig.service"), told);
        }
    }
    Ok(())
}

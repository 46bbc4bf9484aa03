use crate::audit::{
    api::Service,
    case::Case,
    context::Context,
    findings::Findings,
    network::{Hook, Hooks},
    rule::{Check, Outcome, rule},
    subject::PodView,
    world::Unknown,
};

rule! {
    /// A webhook that must answer has nobody to do so: its service, the service's port or its pods do not exist.
    ///
    /// ## Why it matters
    ///
    /// With `failurePolicy: Fail` the API server refuses every request that the webhook should have judged. Where
    /// those are pods, nothing starts any more, not even what would repair it.
    ///
    /// ## Remediation
    ///
    /// Bring the service and its pods back, or delete the configuration if what it belonged to is gone. Until
    /// then, `failurePolicy: Ignore` lets the cluster work.
    severity: Critical,
    category: Network,
    admission: Never,
    needs: Objects,
    reads: [SERVICE, CRON_JOB, DAEMON_SET, DEPLOYMENT, JOB, POD, REPLICATION_CONTROLLER, REPLICA_SET, STATEFUL_SET],
    references: [],
    check: [Check::MutatingWebhookConfiguration(check), Check::ValidatingWebhookConfiguration(check)],
    cases: [
        Case::pass("all is there; the port is 443 where none is said", "{apiVersion: v1, kind: Pod, metadata: {name: hook, namespace: hooks, labels: {app: hook}}, spec: {containers: [{name: a, image: x}]}}\n---\n{apiVersion: v1, kind: Service, metadata: {name: s, namespace: hooks}, spec: {selector: {app: hook}, ports: [{port: 443}]}}\n---\n{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, metadata: {name: h}, webhooks: [{name: a.example.com, admissionReviewVersions: [v1], sideEffects: None, clientConfig: {service: {namespace: hooks, name: s}}, rules: [{operations: [CREATE], apiGroups: [''], apiVersions: [v1], resources: [pods]}]}]}"),
        Case::pass("what can't be asked is let through", "{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, metadata: {name: h}, webhooks: [{name: a.example.com, admissionReviewVersions: [v1], sideEffects: None, clientConfig: {service: {namespace: hooks, name: s}}, rules: [{operations: [CREATE], apiGroups: [''], apiVersions: [v1], resources: [pods]}], failurePolicy: Ignore}]}"),
        Case::pass("a URL is nobody's service", "{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, metadata: {name: h}, webhooks: [{name: a.example.com, admissionReviewVersions: [v1], sideEffects: None, clientConfig: {url: 'https://hooks.example.com/'}, rules: [{operations: [CREATE], apiGroups: [''], apiVersions: [v1], resources: [pods]}]}]}"),
        Case::pass("a service without a selector leads where somebody else says", "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: hooks}, spec: {ports: [{port: 443}]}}\n---\n{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, metadata: {name: h}, webhooks: [{name: a.example.com, admissionReviewVersions: [v1], sideEffects: None, clientConfig: {service: {namespace: hooks, name: s}}, rules: [{operations: [CREATE], apiGroups: [''], apiVersions: [v1], resources: [pods]}]}]}"),
        Case::fail(
            "no service, of a webhook that says nothing of failing",
            "{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, metadata: {name: h}, webhooks: [{name: a.example.com, admissionReviewVersions: [v1], sideEffects: None, clientConfig: {service: {namespace: hooks, name: s}}, rules: [{operations: [CREATE], apiGroups: [''], apiVersions: [v1], resources: [pods]}]}]}\n---\n{apiVersion: admissionregistration.k8s.io/v1, kind: MutatingWebhookConfiguration, metadata: {name: h}, webhooks: [{name: a.example.com, admissionReviewVersions: [v1], sideEffects: None, clientConfig: {service: {namespace: hooks, name: s}}, rules: [{operations: [CREATE], apiGroups: [''], apiVersions: [v1], resources: [pods]}], failurePolicy: Fail}]}",
            &[
                "MutatingWebhookConfiguration.admissionregistration.k8s.io/h webhooks[0].clientConfig.service: Service hooks/s does not exist, so that all that \"a.example.com\" is to judge is refused",
                "ValidatingWebhookConfiguration.admissionregistration.k8s.io/h webhooks[0].clientConfig.service: Service hooks/s does not exist, so that all that \"a.example.com\" is to judge is refused",
            ],
        ),
        Case::fail(
            "another port",
            "{apiVersion: v1, kind: Pod, metadata: {name: hook, namespace: hooks, labels: {app: hook}}, spec: {containers: [{name: a, image: x}]}}\n---\n{apiVersion: v1, kind: Service, metadata: {name: s, namespace: hooks}, spec: {selector: {app: hook}, ports: [{port: 443}]}}\n---\n{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, metadata: {name: h}, webhooks: [{name: a.example.com, admissionReviewVersions: [v1], sideEffects: None, clientConfig: {service: {namespace: hooks, name: s, port: 8443}}, rules: [{operations: [CREATE], apiGroups: [''], apiVersions: [v1], resources: [pods]}]}]}",
            &["ValidatingWebhookConfiguration.admissionregistration.k8s.io/h webhooks[0].clientConfig.service: Service hooks/s has no port 8443, so that all that \"a.example.com\" is to judge is refused"],
        ),
        Case::fail(
            "no pods",
            "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: hooks}, spec: {selector: {app: hook}, ports: [{port: 443}]}}\n---\n{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, metadata: {name: h}, webhooks: [{name: a.example.com, admissionReviewVersions: [v1], sideEffects: None, clientConfig: {service: {namespace: hooks, name: s}}, rules: [{operations: [CREATE], apiGroups: [''], apiVersions: [v1], resources: [pods]}]}]}",
            &["ValidatingWebhookConfiguration.admissionregistration.k8s.io/h webhooks[0].clientConfig.service: Service hooks/s selects no pods, so that all that \"a.example.com\" is to judge is refused"],
        ),
        Case::fail(
            "scaled to nothing",
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: hook, namespace: hooks}, spec: {replicas: 0, selector: {matchLabels: {app: hook}}, template: {metadata: {labels: {app: hook}}, spec: {containers: [{name: a, image: x}]}}}}\n---\n{apiVersion: v1, kind: Service, metadata: {name: s, namespace: hooks}, spec: {selector: {app: hook}, ports: [{port: 443}]}}\n---\n{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, metadata: {name: h}, webhooks: [{name: a.example.com, admissionReviewVersions: [v1], sideEffects: None, clientConfig: {service: {namespace: hooks, name: s}}, rules: [{operations: [CREATE], apiGroups: [''], apiVersions: [v1], resources: [pods]}]}]}",
            &["ValidatingWebhookConfiguration.admissionregistration.k8s.io/h webhooks[0].clientConfig.service: Service hooks/s selects only workloads without pods, so that all that \"a.example.com\" is to judge is refused"],
        ),
        Case::unknown(
            "services were not read",
            "{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, metadata: {name: h}, webhooks: [{name: a.example.com, admissionReviewVersions: [v1], sideEffects: None, clientConfig: {service: {namespace: hooks, name: s}}, rules: [{operations: [CREATE], apiGroups: [''], apiVersions: [v1], resources: [pods]}]}]}",
            &["Service"],
            &["? ValidatingWebhookConfiguration.admissionregistration.k8s.io/h Service in namespace hooks could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check<H: Hooks>(configuration: &H, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    for hook in configuration.hooks().filter(Hook::fails_closed) {
        match missing(&hook, cx) {
            Ok(None) => {}
            Ok(Some(what)) => {
                let told = format!("{what}, so that all that {:?} is to judge is refused", hook.name);
                out.fail(hook.path("clientConfig.service"), told);
            }
            Err(unknown) => out.unknown(&unknown),
        }
    }
    Ok(())
}

fn missing(hook: &Hook<'_>, cx: &Context<'_>) -> Result<Option<String>, Unknown> {
    let Some((to, port)) = hook.service() else { return Ok(None) };
    let named = format!("Service {}/{}", to.namespace, to.name);
    let Some(service) = cx.get::<Service>(&to.namespace, &to.name)? else {
        return Ok(Some(format!("{named} does not exist")));
    };
    if !service.is_external_name() && !service.has_port(port) {
        return Ok(Some(format!("{named} has no port {port}")));
    }
    let Some(selector) = service.pod_selector() else { return Ok(None) };
    let pods = cx.selected(&to.namespace, &selector)?;
    if pods.is_empty() {
        return Ok(Some(format!("{named} selects no pods")));
    }
    let idle = pods.iter().all(|pods| PodView::is_idle(pods));
    Ok(idle.then(|| format!("{named} selects only workloads without pods")))
}

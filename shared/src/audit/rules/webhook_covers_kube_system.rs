use crate::{
    audit::{
        api::{Namespace, WebhookRule},
        case::Case,
        context::Context,
        findings::Findings,
        network::{Hook, Hooks},
        rule::{Check, Outcome, rule},
    },
    model::{Labels, Selector},
};

rule! {
    /// A webhook that must answer also judges the pods and objects of `kube-system`.
    ///
    /// ## Why it matters
    ///
    /// When it does not answer, the cluster's own DNS, proxies and controllers can't be started again either:
    /// what would bring the webhook back waits for the webhook.
    ///
    /// ## Remediation
    ///
    /// Leave the namespace out: a `namespaceSelector` with `kubernetes.io/metadata.name` not in `kube-system` and
    /// the webhook's own namespace. Or let it fail open.
    severity: Medium,
    category: Network,
    admission: Warn,
    needs: Objects,
    reads: [NAMESPACE],
    references: [],
    check: [Check::MutatingWebhookConfiguration(check), Check::ValidatingWebhookConfiguration(check)],
    cases: [
        Case::pass("left out by its name", "{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, metadata: {name: h}, webhooks: [{name: a.example.com, admissionReviewVersions: [v1], sideEffects: None, clientConfig: {service: {namespace: hooks, name: s}}, rules: [{operations: [CREATE], apiGroups: [''], apiVersions: [v1], resources: [pods]}], namespaceSelector: {matchExpressions: [{key: kubernetes.io/metadata.name, operator: NotIn, values: [kube-system]}]}}]}"),
        Case::pass("only where it is asked for, by namespace or by object", "{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, metadata: {name: h}, webhooks: [{name: a.example.com, admissionReviewVersions: [v1], sideEffects: None, clientConfig: {service: {namespace: hooks, name: s}}, rules: [{operations: [CREATE], apiGroups: [''], apiVersions: [v1], resources: [pods]}], namespaceSelector: {matchLabels: {inject: enabled}}}]}\n---\n{apiVersion: admissionregistration.k8s.io/v1, kind: MutatingWebhookConfiguration, metadata: {name: h}, webhooks: [{name: a.example.com, admissionReviewVersions: [v1], sideEffects: None, clientConfig: {service: {namespace: hooks, name: s}}, rules: [{operations: [CREATE], apiGroups: [''], apiVersions: [v1], resources: [pods]}], objectSelector: {matchLabels: {inject: 'true'}}}]}"),
        Case::pass("it fails open", "{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, metadata: {name: h}, webhooks: [{name: a.example.com, admissionReviewVersions: [v1], sideEffects: None, clientConfig: {service: {namespace: hooks, name: s}}, rules: [{operations: [CREATE], apiGroups: [''], apiVersions: [v1], resources: [pods]}], failurePolicy: Ignore}]}"),
        Case::pass("only its own kinds", "{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, metadata: {name: h}, webhooks: [{name: a.example.com, admissionReviewVersions: [v1], sideEffects: None, clientConfig: {service: {namespace: hooks, name: s}}, rules: [{operations: ['*'], apiGroups: [example.com], apiVersions: ['*'], resources: ['*']}]}]}"),
        Case::pass("objects of the whole cluster alone", "{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, metadata: {name: h}, webhooks: [{name: a.example.com, admissionReviewVersions: [v1], sideEffects: None, clientConfig: {service: {namespace: hooks, name: s}}, rules: [{operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources: ['*'], scope: Cluster}]}]}"),
        Case::pass("a condition leaves it out", "{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, metadata: {name: h}, webhooks: [{name: a.example.com, admissionReviewVersions: [v1], sideEffects: None, clientConfig: {service: {namespace: hooks, name: s}}, rules: [{operations: [CREATE], apiGroups: [''], apiVersions: [v1], resources: [pods]}], matchConditions: [{name: not-system, expression: 'request.namespace != ''kube-system'''}]}]}"),
        Case::pass("the namespace is labelled to be left out", "{apiVersion: v1, kind: Namespace, metadata: {name: kube-system, labels: {control-plane: 'true'}}}\n---\n{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, metadata: {name: h}, webhooks: [{name: a.example.com, admissionReviewVersions: [v1], sideEffects: None, clientConfig: {service: {namespace: hooks, name: s}}, rules: [{operations: [CREATE], apiGroups: [''], apiVersions: [v1], resources: [pods]}], namespaceSelector: {matchExpressions: [{key: control-plane, operator: DoesNotExist}]}}]}").in_files_only(),
        Case::fail(
            "everything, and a selector that leaves out others",
            "{apiVersion: admissionregistration.k8s.io/v1, kind: MutatingWebhookConfiguration, metadata: {name: h}, webhooks: [{name: a.example.com, admissionReviewVersions: [v1], sideEffects: None, clientConfig: {service: {namespace: hooks, name: s}}, rules: [{operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources: ['*/*']}]}]}\n---\n{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, metadata: {name: h}, webhooks: [{name: a.example.com, admissionReviewVersions: [v1], sideEffects: None, clientConfig: {service: {namespace: hooks, name: s}}, rules: [{operations: [CREATE], apiGroups: [''], apiVersions: [v1], resources: [pods]}], namespaceSelector: {matchExpressions: [{key: kubernetes.io/metadata.name, operator: NotIn, values: [hooks]}]}}]}",
            &[
                "MutatingWebhookConfiguration.admissionregistration.k8s.io/h webhooks[0].namespaceSelector: \"a.example.com\" must answer for objects of kube-system too",
                "ValidatingWebhookConfiguration.admissionregistration.k8s.io/h webhooks[0].namespaceSelector: \"a.example.com\" must answer for objects of kube-system too",
            ],
        ),
    ],
}

/// Groups of the objects that the cluster itself is made of.
const GROUPS: [&str; 6] = ["*", "", "apps", "batch", "coordination.k8s.io", "discovery.k8s.io"];

fn check<H: Hooks>(configuration: &H, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    for hook in configuration.hooks().filter(Hook::fails_closed) {
        let everywhere = hook.objects.is_none_or(|it| Selector::from(it).is_everything());
        // A condition that speaks of the namespace is taken to leave it out.
        let left_out = hook.conditions.iter().any(|it| it.expression.contains("kube-system"));
        let judges = hook.rules.iter().any(|rule| is_about_workings(&rule.rule));
        if everywhere && !left_out && judges && selects_system(&hook, cx) {
            let told = format!("{:?} must answer for objects of kube-system too", hook.name);
            out.fail(hook.path("namespaceSelector"), told);
        }
    }
    Ok(())
}

fn is_about_workings(rule: &WebhookRule) -> bool {
    rule.scope.as_deref() != Some("Cluster") && rule.api_groups.iter().any(|it| GROUPS.contains(&it.as_str()))
}

/// Whether the namespace has the labels. Where it was not read, those that every API server gives it.
fn selects_system(hook: &Hook<'_>, cx: &Context<'_>) -> bool {
    let read = cx.world().store::<Namespace>().get("", "kube-system");
    let mut labels = read.map(|it| it.metadata.labels.clone()).unwrap_or_default();
    labels.insert("kubernetes.io/metadata.name".to_owned(), "kube-system".to_owned());
    hook.namespaces.is_none_or(|it| Selector::from(it).matches(&Labels::from(&labels)))
}

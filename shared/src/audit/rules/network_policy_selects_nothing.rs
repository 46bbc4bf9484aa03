use crate::{
    audit::{
        api::NetworkPolicy,
        case::{Case, pod},
        context::Context,
        findings::Findings,
        rule::{Check, Outcome, rule},
    },
    model::Selector,
};

rule! {
    /// A network policy selects no pods.
    ///
    /// ## Why it matters
    ///
    /// It protects nothing. Most often a label was renamed, and the pods that it was for are open since.
    ///
    /// ## Remediation
    ///
    /// Make `podSelector` match the labels in the workload's pod template, or delete the policy with the
    /// workload.
    severity: Low,
    category: Network,
    admission: Never,
    needs: Objects,
    reads: [CRON_JOB, DAEMON_SET, DEPLOYMENT, JOB, POD, REPLICATION_CONTROLLER, REPLICA_SET, STATEFUL_SET],
    references: [],
    check: [Check::NetworkPolicy(check)],
    cases: [
        Case::pass("an empty selector is every pod, also of those to come", "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: shop}, spec: {podSelector: {}}}"),
        Case::pass("a workload that is scaled to nothing", "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, spec: {replicas: 0, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: a, image: x}]}}}}\n---\n{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: shop}, spec: {podSelector: {matchLabels: {app: web}}}}"),
        Case::pass("an expression", concat!(pod!("containers: [{name: a, image: x}]"), "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: shop}, spec: {podSelector: {matchExpressions: [{key: app, operator: NotIn, values: [db]}]}}}")),
        Case::fail(
            "pods of another namespace do not count",
            concat!(pod!("containers: [{name: a, image: x}]"), "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: shop}, spec: {podSelector: {matchLabels: {app: web, tier: front}}}}\n---\n{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: other}, spec: {podSelector: {matchLabels: {app: web}}}}"),
            &[
                "NetworkPolicy.networking.k8s.io/other/p spec.podSelector: selects no pods: app=web",
                "NetworkPolicy.networking.k8s.io/shop/p spec.podSelector: selects no pods: app=web,tier=front",
            ],
        ),
        Case::unknown(
            "in files, the pods of the cluster's DNS",
            "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: kube-system}, spec: {podSelector: {matchLabels: {k8s-app: kube-dns}}}}",
            &[],
            &["? NetworkPolicy.networking.k8s.io/kube-system/p the files are not all there is of namespace kube-system; there may be such a Pod"],
        ).in_files_only(),
        Case::unknown(
            "daemon sets were not read",
            "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: shop}, spec: {podSelector: {matchLabels: {app: web}}}}",
            &["DaemonSet.apps"],
            &["? NetworkPolicy.networking.k8s.io/shop/p DaemonSet.apps in namespace shop could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check(policy: &NetworkPolicy, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let selector = Selector::from(&policy.spec.pod_selector);
    if !selector.is_everything() && cx.selected(&policy.metadata.namespace, &selector)?.is_empty() {
        out.fail("spec.podSelector", format!("selects no pods: {selector}"));
    }
    Ok(())
}

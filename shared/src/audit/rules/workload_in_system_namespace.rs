use crate::audit::{
    case::{Case, deployment},
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    subject::PodView,
};

/// Labels that the parts of clusters carry, whoever made the cluster.
const SYSTEM_LABELS: &[&str] = &[
    "addon.kops.k8s.io/name",
    "addonmanager.kubernetes.io/mode",
    "eks.amazonaws.com/component",
    "k8s-app",
    "k8s-addon",
    "kubernetes.azure.com/managedby",
    "kubernetes.io/cluster-service",
    "objectset.rio.cattle.io/hash",
];

rule! {
    /// A workload that is no part of the cluster is in one of the cluster's own namespaces.
    ///
    /// ## Why it matters
    ///
    /// Policies leave `kube-system` out, so that a broken rule can't stop the cluster; its accounts and secrets are
    /// those of the control plane. What runs there runs unwatched, next to all of them.
    ///
    /// ## Remediation
    ///
    /// Move it to a namespace of its own. What does belong to the cluster (a network plug-in, a storage driver) has
    /// the priority class `system-node-critical` or `system-cluster-critical`, which says so.
    severity: Medium,
    category: Security,
    admission: Warn,
    needs: Object,
    reads: [],
    references: ["NSA namespaces"],
    check: [Check::Pods(check)],
    cases: [
        Case::pass("a namespace of its own", deployment!("containers: [{name: a, image: x}]")),
        Case::pass(
            "parts of the cluster, by label and by priority",
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: coredns, namespace: kube-system}, spec: {selector: {matchLabels: {k8s-app: kube-dns}}, template: {metadata: {labels: {k8s-app: kube-dns}}, spec: {containers: [{name: a, image: x}]}}}}\n---\n{apiVersion: apps/v1, kind: DaemonSet, metadata: {name: cni, namespace: kube-system}, spec: {selector: {matchLabels: {app: cni}}, template: {metadata: {labels: {app: cni}}, spec: {priorityClassName: system-node-critical, containers: [{name: a, image: x}]}}}}",
        ),
        Case::pass(
            "a part of the control plane",
            "{apiVersion: v1, kind: Pod, metadata: {name: kube-apiserver-n1, namespace: kube-system, labels: {component: kube-apiserver, tier: control-plane}}, spec: {containers: [{name: a, image: x}]}}",
        ),
        Case::fail(
            "anything else",
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: kube-system}, spec: {selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: a, image: x}]}}}}\n---\n{apiVersion: v1, kind: Pod, metadata: {name: miner, namespace: kube-public}, spec: {automountServiceAccountToken: false, containers: [{name: a, image: x}]}}",
            &[
                "Pod/kube-public/miner metadata.namespace: workload is in namespace kube-public and no part of the cluster by its labels or priority",
                "Deployment.apps/kube-system/web metadata.namespace: workload is in namespace kube-system and no part of the cluster by its labels or priority",
            ],
        ),
    ],
}

fn check(pods: &PodView<'_>, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let namespace = pods.namespace();
    if matches!(namespace, "kube-system" | "kube-public" | "kube-node-lease") && !is_system(pods) {
        let message = format!(
            "workload is in namespace {namespace} and no part of the cluster by its labels or priority"
        );
        out.fail("metadata.namespace", message);
    }
    Ok(())
}

fn is_system(pods: &PodView<'_>) -> bool {
    let own = &pods.workload.metadata().labels;
    let labelled =
        SYSTEM_LABELS.iter().any(|label| pods.labels().contains_key(*label) || own.contains_key(*label));
    let critical =
        matches!(pods.spec.priority_class_name.as_str(), "system-node-critical" | "system-cluster-critical");
    let control_plane = pods.labels().get("tier").is_some_and(|tier| tier == "control-plane");
    labelled || critical || control_plane || pods.is_mirror()
}

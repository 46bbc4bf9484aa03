//! Small signs by which kinds are told apart at a glance.

use crate::model::ObjectKey;

/// The letters of a kind's badge: kubectl's short name, or the capitals of the kind.
pub(super) fn letters(key: &ObjectKey) -> String {
    let known = match (&*key.group, &*key.kind) {
        ("", "Pod") => "po",
        ("", "Service") => "svc",
        ("", "ConfigMap") => "cm",
        ("", "Secret") => "sec",
        ("", "ServiceAccount") => "sa",
        ("", "PersistentVolumeClaim") => "pvc",
        ("", "PersistentVolume") => "pv",
        ("", "Node") => "no",
        ("", "Namespace") => "ns",
        ("", "ResourceQuota") => "quota",
        ("", "LimitRange") => "limits",
        ("", "Endpoints") => "ep",
        ("", "Event") => "ev",
        ("apps", "Deployment") => "deploy",
        ("apps", "ReplicaSet") => "rs",
        ("apps", "StatefulSet") => "sts",
        ("apps", "DaemonSet") => "ds",
        ("batch", "Job") => "job",
        ("batch", "CronJob") => "cj",
        ("networking.k8s.io", "Ingress") => "ing",
        ("networking.k8s.io", "NetworkPolicy") => "netpol",
        ("discovery.k8s.io", "EndpointSlice") => "eps",
        ("rbac.authorization.k8s.io", "Role") => "role",
        _ => "",
    };
    if !known.is_empty() {
        return known.to_owned();
    }
    let capitals: String = key.kind.chars().filter(char::is_ascii_uppercase).take(4).collect();
    match capitals.len() {
        0 | 1 => key.kind.chars().filter(char::is_ascii_alphanumeric).take(3).collect(),
        _ => capitals,
    }
}

/// The family of a kind, which gives its badge the colour.
pub(super) fn family(key: &ObjectKey) -> &'static str {
    match &*key.group {
        "apps" | "batch" | "autoscaling" | "autoscaling.k8s.io" | "policy" | "keda.sh" => "workload",
        "networking.k8s.io" | "discovery.k8s.io" | "gateway.networking.k8s.io" => "network",
        "storage.k8s.io" | "snapshot.storage.k8s.io" => "storage",
        "rbac.authorization.k8s.io" | "certificates.k8s.io" => "access",
        "" => match &*key.kind {
            "Pod" | "ReplicationController" | "PodTemplate" => "workload",
            "Service" | "Endpoints" => "network",
            "ConfigMap" | "Secret" => "config",
            "PersistentVolume" | "PersistentVolumeClaim" => "storage",
            "ServiceAccount" => "access",
            _ => "cluster",
        },
        group if group.ends_with(".k8s.io") => "cluster",
        _ => "custom",
    }
}

/// The families, and what the legend calls them.
pub(crate) const FAMILIES: &[(&str, &str)] = &[
    ("workload", "workloads"),
    ("network", "network"),
    ("config", "configuration"),
    ("storage", "storage"),
    ("access", "accounts and roles"),
    ("cluster", "cluster"),
    ("custom", "custom resources"),
];

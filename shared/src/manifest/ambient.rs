//! Objects that need not be in anybody's files.

use crate::model::ObjectKey;

/// Labels of the service `kubernetes` of namespace `default`, which the API server makes for itself.
pub(crate) const API_SERVER: &[(&str, &str)] = &[("component", "apiserver"), ("provider", "kubernetes")];

/// Service accounts that kube-controller-manager makes for its own parts, in every version that is in use.
const CONTROLLERS: &[&str] = &[
    "attachdetach-controller",
    "bootstrap-signer",
    "certificate-controller",
    "clusterrole-aggregation-controller",
    "cronjob-controller",
    "daemon-set-controller",
    "deployment-controller",
    "disruption-controller",
    "endpoint-controller",
    "endpointslice-controller",
    "endpointslicemirroring-controller",
    "ephemeral-volume-controller",
    "expand-controller",
    "generic-garbage-collector",
    "horizontal-pod-autoscaler",
    "job-controller",
    "namespace-controller",
    "node-controller",
    "persistent-volume-binder",
    "pod-garbage-collector",
    "pv-protection-controller",
    "pvc-protection-controller",
    "replicaset-controller",
    "replication-controller",
    "resourcequota-controller",
    "root-ca-cert-publisher",
    "service-account-controller",
    "statefulset-controller",
    "token-cleaner",
    "ttl-after-finished-controller",
    "ttl-controller",
];

/// Whether a namespace holds parts of the cluster itself: whatever files say of it, a distribution puts more there.
pub(crate) fn is_of_the_cluster(namespace: &str) -> bool {
    matches!(namespace, "kube-node-lease" | "kube-public" | "kube-system")
}

/// Whether the object exists in every cluster, or is made by the cluster itself, so that files which refer to it and
/// don't have it miss nothing.
pub fn exists_in_every_cluster(key: &ObjectKey) -> bool {
    let name = &*key.name;
    match (&*key.group, &*key.kind) {
        ("", "Namespace") => matches!(name, "default" | "kube-system" | "kube-public" | "kube-node-lease"),
        ("", "ServiceAccount") => {
            name == "default" || (&*key.namespace == "kube-system" && CONTROLLERS.contains(&name))
        }
        ("", "ConfigMap") => {
            is_put_everywhere(name)
                || (&*key.namespace == "kube-system" && name == "extension-apiserver-authentication")
        }
        ("", "Service") => &*key.namespace == "default" && name == "kubernetes",
        ("scheduling.k8s.io", "PriorityClass") => name.starts_with("system-"),
        ("rbac.authorization.k8s.io", "ClusterRole") => {
            matches!(name, "admin" | "edit" | "view" | "cluster-admin") || name.starts_with("system:")
        }
        ("rbac.authorization.k8s.io", "ClusterRoleBinding") => {
            name == "cluster-admin" || name.starts_with("system:")
        }
        ("rbac.authorization.k8s.io", "Role" | "RoleBinding") => {
            // What extension API servers read: the API server makes the role, and their manifests bind it.
            name.starts_with("system:") || name == "extension-apiserver-authentication-reader"
        }
        // Machines are no manifest's, and people are not kept by the API server at all.
        ("", "Node") | ("rbac.authorization.k8s.io", "User" | "Group") => true,
        ("flowcontrol.apiserver.k8s.io", "FlowSchema" | "PriorityLevelConfiguration") => {
            matches!(
                name,
                "exempt"
                    | "catch-all"
                    | "global-default"
                    | "leader-election"
                    | "workload-high"
                    | "workload-low"
            ) || name.starts_with("system")
        }
        _ => false,
    }
}

/// Whether a config map of this name is put into every namespace, by the cluster or by a mesh.
pub fn is_put_everywhere(config_map: &str) -> bool {
    matches!(
        config_map,
        "istio-ca-root-cert"
            | "kube-root-ca.crt"
            | "linkerd-identity-trust-roots"
            | "openshift-service-ca.crt"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_clusters_make_themselves() {
        for id in [
            "Namespace/default",
            "ServiceAccount/shop/default",
            "ServiceAccount/kube-system/horizontal-pod-autoscaler",
            "ConfigMap/shop/kube-root-ca.crt",
            "ConfigMap/shop/istio-ca-root-cert",
            "Node/n1",
            "PriorityClass.scheduling.k8s.io/system-node-critical",
            "ClusterRole.rbac.authorization.k8s.io/view",
            "ClusterRole.rbac.authorization.k8s.io/system:node",
            "Role.rbac.authorization.k8s.io/kube-system/extension-apiserver-authentication-reader",
            "Group.rbac.authorization.k8s.io/system:masters",
        ] {
            assert!(exists_in_every_cluster(&id.parse().unwrap()), "{id}");
        }
        for id in [
            "Namespace/shop",
            "ServiceAccount/shop/web",
            "ServiceAccount/shop/horizontal-pod-autoscaler",
            "ServiceAccount/kube-system/web",
            "ConfigMap/shop/web",
            "Service/shop/kubernetes",
            "PriorityClass.scheduling.k8s.io/high",
            "ClusterRole.rbac.authorization.k8s.io/web",
            "ClusterRole.example.com/view",
        ] {
            assert!(!exists_in_every_cluster(&id.parse().unwrap()), "{id}");
        }
    }
}

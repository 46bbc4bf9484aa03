//! Objects that need not be in anybody's files.

use crate::model::ObjectKey;

/// Whether the object exists in every cluster, or is made by the cluster itself, so that files which refer to it and
/// don't have it miss nothing.
pub fn exists_in_every_cluster(key: &ObjectKey) -> bool {
    let name = &*key.name;
    match (&*key.group, &*key.kind) {
        ("", "Namespace") => matches!(name, "default" | "kube-system" | "kube-public" | "kube-node-lease"),
        ("", "ServiceAccount") => name == "default",
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

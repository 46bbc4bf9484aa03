//! The kinds that every Kubernetes server has, for files and snapshots: there no server can be asked what a short name means.
//!
//! Kubernetes 1.36, in the server's order of preference; what can't be listed (reviews, bindings) is left out.

use std::sync::LazyLock;

use super::{discovery::Discovery, resource::Resource};

/// Group, version, kind, plural, short names, scope, categories. The singular is the kind in lower case.
type Row = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static [&'static str],
    bool,
    &'static [&'static str],
);

const NAMESPACED: bool = true;
const CLUSTER: bool = false;

#[rustfmt::skip]
const ROWS: &[Row] = &[
    ("", "v1", "ComponentStatus", "componentstatuses", &["cs"], CLUSTER, &[]),
    ("", "v1", "ConfigMap", "configmaps", &["cm"], NAMESPACED, &[]),
    ("", "v1", "Endpoints", "endpoints", &["ep"], NAMESPACED, &[]),
    ("", "v1", "Event", "events", &["ev"], NAMESPACED, &[]),
    ("", "v1", "LimitRange", "limitranges", &["limits"], NAMESPACED, &[]),
    ("", "v1", "Namespace", "namespaces", &["ns"], CLUSTER, &[]),
    ("", "v1", "Node", "nodes", &["no"], CLUSTER, &[]),
    ("", "v1", "PersistentVolumeClaim", "persistentvolumeclaims", &["pvc"], NAMESPACED, &[]),
    ("", "v1", "PersistentVolume", "persistentvolumes", &["pv"], CLUSTER, &[]),
    ("", "v1", "Pod", "pods", &["po"], NAMESPACED, &["all"]),
    ("", "v1", "PodTemplate", "podtemplates", &[], NAMESPACED, &[]),
    ("", "v1", "ReplicationController", "replicationcontrollers", &["rc"], NAMESPACED, &["all"]),
    ("", "v1", "ResourceQuota", "resourcequotas", &["quota"], NAMESPACED, &[]),
    ("", "v1", "Secret", "secrets", &[], NAMESPACED, &[]),
    ("", "v1", "ServiceAccount", "serviceaccounts", &["sa"], NAMESPACED, &[]),
    ("", "v1", "Service", "services", &["svc"], NAMESPACED, &["all"]),
    ("apiregistration.k8s.io", "v1", "APIService", "apiservices", &[], CLUSTER, &["api-extensions"]),
    ("apps", "v1", "ControllerRevision", "controllerrevisions", &[], NAMESPACED, &[]),
    ("apps", "v1", "DaemonSet", "daemonsets", &["ds"], NAMESPACED, &["all"]),
    ("apps", "v1", "Deployment", "deployments", &["deploy"], NAMESPACED, &["all"]),
    ("apps", "v1", "ReplicaSet", "replicasets", &["rs"], NAMESPACED, &["all"]),
    ("apps", "v1", "StatefulSet", "statefulsets", &["sts"], NAMESPACED, &["all"]),
    ("events.k8s.io", "v1", "Event", "events", &["ev"], NAMESPACED, &[]),
    ("autoscaling", "v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers", &["hpa"], NAMESPACED, &["all"]),
    ("autoscaling", "v1", "HorizontalPodAutoscaler", "horizontalpodautoscalers", &["hpa"], NAMESPACED, &["all"]),
    ("batch", "v1", "CronJob", "cronjobs", &["cj"], NAMESPACED, &["all"]),
    ("batch", "v1", "Job", "jobs", &[], NAMESPACED, &["all"]),
    ("certificates.k8s.io", "v1", "CertificateSigningRequest", "certificatesigningrequests", &["csr"], CLUSTER, &[]),
    ("networking.k8s.io", "v1", "IngressClass", "ingressclasses", &[], CLUSTER, &[]),
    ("networking.k8s.io", "v1", "Ingress", "ingresses", &["ing"], NAMESPACED, &[]),
    ("networking.k8s.io", "v1", "IPAddress", "ipaddresses", &["ip"], CLUSTER, &[]),
    ("networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies", &["netpol"], NAMESPACED, &[]),
    ("networking.k8s.io", "v1", "ServiceCIDR", "servicecidrs", &[], CLUSTER, &[]),
    ("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets", &["pdb"], NAMESPACED, &[]),
    ("rbac.authorization.k8s.io", "v1", "ClusterRoleBinding", "clusterrolebindings", &[], CLUSTER, &[]),
    ("rbac.authorization.k8s.io", "v1", "ClusterRole", "clusterroles", &[], CLUSTER, &[]),
    ("rbac.authorization.k8s.io", "v1", "RoleBinding", "rolebindings", &[], NAMESPACED, &[]),
    ("rbac.authorization.k8s.io", "v1", "Role", "roles", &[], NAMESPACED, &[]),
    ("storage.k8s.io", "v1", "CSIDriver", "csidrivers", &[], CLUSTER, &[]),
    ("storage.k8s.io", "v1", "CSINode", "csinodes", &[], CLUSTER, &[]),
    ("storage.k8s.io", "v1", "CSIStorageCapacity", "csistoragecapacities", &[], NAMESPACED, &[]),
    ("storage.k8s.io", "v1", "StorageClass", "storageclasses", &["sc"], CLUSTER, &[]),
    ("storage.k8s.io", "v1", "VolumeAttachment", "volumeattachments", &[], CLUSTER, &[]),
    ("storage.k8s.io", "v1", "VolumeAttributesClass", "volumeattributesclasses", &["vac"], CLUSTER, &[]),
    ("admissionregistration.k8s.io", "v1", "MutatingAdmissionPolicy", "mutatingadmissionpolicies", &[], CLUSTER, &["api-extensions"]),
    ("admissionregistration.k8s.io", "v1", "MutatingAdmissionPolicyBinding", "mutatingadmissionpolicybindings", &[], CLUSTER, &["api-extensions"]),
    ("admissionregistration.k8s.io", "v1", "MutatingWebhookConfiguration", "mutatingwebhookconfigurations", &[], CLUSTER, &["api-extensions"]),
    ("admissionregistration.k8s.io", "v1", "ValidatingAdmissionPolicy", "validatingadmissionpolicies", &[], CLUSTER, &["api-extensions"]),
    ("admissionregistration.k8s.io", "v1", "ValidatingAdmissionPolicyBinding", "validatingadmissionpolicybindings", &[], CLUSTER, &["api-extensions"]),
    ("admissionregistration.k8s.io", "v1", "ValidatingWebhookConfiguration", "validatingwebhookconfigurations", &[], CLUSTER, &["api-extensions"]),
    ("apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", &["crd", "crds"], CLUSTER, &["api-extensions"]),
    ("scheduling.k8s.io", "v1", "PriorityClass", "priorityclasses", &["pc"], CLUSTER, &[]),
    ("coordination.k8s.io", "v1", "Lease", "leases", &[], NAMESPACED, &[]),
    ("node.k8s.io", "v1", "RuntimeClass", "runtimeclasses", &[], CLUSTER, &[]),
    ("discovery.k8s.io", "v1", "EndpointSlice", "endpointslices", &[], NAMESPACED, &[]),
    ("resource.k8s.io", "v1", "DeviceClass", "deviceclasses", &[], CLUSTER, &[]),
    ("resource.k8s.io", "v1", "ResourceClaim", "resourceclaims", &[], NAMESPACED, &[]),
    ("resource.k8s.io", "v1", "ResourceClaimTemplate", "resourceclaimtemplates", &[], NAMESPACED, &[]),
    ("resource.k8s.io", "v1", "ResourceSlice", "resourceslices", &[], CLUSTER, &[]),
    ("flowcontrol.apiserver.k8s.io", "v1", "FlowSchema", "flowschemas", &[], CLUSTER, &[]),
    ("flowcontrol.apiserver.k8s.io", "v1", "PriorityLevelConfiguration", "prioritylevelconfigurations", &[], CLUSTER, &[]),
];

static BUILTIN: LazyLock<Discovery> =
    LazyLock::new(|| Discovery { resources: ROWS.iter().map(resource).collect(), stale: Vec::new() });

/// The types that every server has.
pub fn builtin() -> &'static Discovery {
    &BUILTIN
}

fn resource(&(group, version, kind, plural, short_names, namespaced, categories): &Row) -> Resource {
    let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
    Resource {
        group: group.into(),
        version: version.into(),
        kind: kind.into(),
        plural: plural.into(),
        singular: kind.to_lowercase(),
        short_names: owned(short_names),
        categories: owned(categories),
        namespaced,
        verbs: owned(&["get", "list", "watch"]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolve(argument: &str) -> String {
        builtin()
            .resolve(argument)
            .map_or_else(|error| error.to_string(), |found| format!("{}/{found}", found.version))
    }

    #[test]
    fn every_type_is_found_by_each_of_its_names() {
        for resource in builtin().preferred() {
            for name in [&resource.plural, &resource.singular, &resource.kind] {
                let argument = format!("{name}.{}.{}", resource.version, resource.group);
                assert_eq!(builtin().resolve(&argument).unwrap(), resource, "{argument}");
                let argument = format!("{name}.{}", resource.group);
                assert_eq!(
                    builtin().resolve(argument.trim_end_matches('.')).unwrap(),
                    resource,
                    "{argument}"
                );
            }
        }
    }

    #[test]
    fn names_as_kubectl_reads_them() {
        // Each answer was checked with `kubectl get ARGUMENT -v 6` on a 1.36 server.
        for (argument, expected) in [
            ("deploy", "v1/deployments.apps"),
            ("DEPLOYMENT", "v1/deployments.apps"),
            ("deploy.apps", "v1/deployments.apps"),
            ("deploy.app", "v1/deployments.apps"),
            ("deploy.v9.apps", "v1/deployments.apps"),
            ("deployments.v9.apps", r#"the server doesn't have a resource type "deployments""#),
            ("Deployment.v1.apps", "v1/deployments.apps"),
            ("ev", "v1/events"),
            ("ev.events.k8s.io", "v1/events.events.k8s.io"),
            ("events.events", "v1/events.events.k8s.io"),
            ("pods.v1.", "v1/pods"),
            ("hpa", "v2/horizontalpodautoscalers.autoscaling"),
            ("hpa.v1.autoscaling", "v2/horizontalpodautoscalers.autoscaling"),
            ("horizontalpodautoscalers.v1.autoscaling", "v1/horizontalpodautoscalers.autoscaling"),
            ("PO", r#"the server doesn't have a resource type "PO""#),
            ("foo.bar", r#"the server doesn't have a resource type "foo""#),
            ("", r#"the server doesn't have a resource type """#),
        ] {
            assert_eq!(resolve(argument), expected, "{argument}");
        }
    }

    #[test]
    fn categories_name_each_member_once() {
        let names = |argument| {
            builtin().lookup(argument).unwrap().iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        let all = names("all");
        assert_eq!(all.first().map(String::as_str), Some("pods"));
        assert_eq!(all.iter().filter(|name| name.starts_with("horizontal")).count(), 1);
        assert_eq!(names("cm"), ["configmaps"]);
    }

    #[test]
    fn an_ambiguous_short_name_is_told() {
        assert_eq!(
            builtin().warnings("ev"),
            [r#"short name "ev" could also match lower priority resource events.events.k8s.io"#]
        );
        assert!(builtin().warnings("deploy").is_empty() && builtin().warnings("events").is_empty());
    }
}

//! The built-in kinds that edges come from or point at, by name.

use super::Kind;

macro_rules! kinds {
    ($($scope:ident $group:literal { $($name:ident $kind:literal),* $(,)? })*) => {
        $($(#[doc = concat!("`", $kind, "` of group `", $group, "`.")]
        pub const $name: Kind = Kind::$scope($group, $kind);)*)*

        /// All of them.
        pub const ALL: &[Kind] = &[$($($name),*),*];
    };
}

kinds! {
    namespaced "" {
        CONFIG_MAP "ConfigMap", ENDPOINTS "Endpoints", EVENT "Event", LIMIT_RANGE "LimitRange",
        PERSISTENT_VOLUME_CLAIM "PersistentVolumeClaim", POD "Pod", POD_TEMPLATE "PodTemplate",
        REPLICATION_CONTROLLER "ReplicationController", RESOURCE_QUOTA "ResourceQuota", SECRET "Secret",
        SERVICE "Service", SERVICE_ACCOUNT "ServiceAccount",
    }
    cluster "" { NAMESPACE "Namespace", NODE "Node", PERSISTENT_VOLUME "PersistentVolume" }
    namespaced "apps" {
        CONTROLLER_REVISION "ControllerRevision", DAEMON_SET "DaemonSet", DEPLOYMENT "Deployment",
        REPLICA_SET "ReplicaSet", STATEFUL_SET "StatefulSet",
    }
    namespaced "batch" { CRON_JOB "CronJob", JOB "Job" }
    namespaced "autoscaling" { HORIZONTAL_POD_AUTOSCALER "HorizontalPodAutoscaler" }
    namespaced "autoscaling.k8s.io" { VERTICAL_POD_AUTOSCALER "VerticalPodAutoscaler" }
    namespaced "policy" { POD_DISRUPTION_BUDGET "PodDisruptionBudget" }
    namespaced "networking.k8s.io" { INGRESS "Ingress", NETWORK_POLICY "NetworkPolicy" }
    cluster "networking.k8s.io" { INGRESS_CLASS "IngressClass" }
    namespaced "discovery.k8s.io" { ENDPOINT_SLICE "EndpointSlice" }
    namespaced "events.k8s.io" { EVENTS_EVENT "Event" }
    namespaced "coordination.k8s.io" { LEASE "Lease" }
    namespaced "rbac.authorization.k8s.io" { ROLE "Role", ROLE_BINDING "RoleBinding" }
    cluster "rbac.authorization.k8s.io" {
        CLUSTER_ROLE "ClusterRole", CLUSTER_ROLE_BINDING "ClusterRoleBinding", USER "User", GROUP "Group",
    }
    cluster "storage.k8s.io" {
        CSI_DRIVER "CSIDriver", CSI_NODE "CSINode", STORAGE_CLASS "StorageClass",
        VOLUME_ATTACHMENT "VolumeAttachment", VOLUME_ATTRIBUTES_CLASS "VolumeAttributesClass",
    }
    namespaced "storage.k8s.io" { CSI_STORAGE_CAPACITY "CSIStorageCapacity" }
    namespaced "snapshot.storage.k8s.io" { VOLUME_SNAPSHOT "VolumeSnapshot" }
    cluster "snapshot.storage.k8s.io" {
        VOLUME_SNAPSHOT_CLASS "VolumeSnapshotClass", VOLUME_SNAPSHOT_CONTENT "VolumeSnapshotContent",
    }
    cluster "scheduling.k8s.io" { PRIORITY_CLASS "PriorityClass" }
    cluster "node.k8s.io" { RUNTIME_CLASS "RuntimeClass" }
    namespaced "resource.k8s.io" {
        RESOURCE_CLAIM "ResourceClaim", RESOURCE_CLAIM_TEMPLATE "ResourceClaimTemplate",
    }
    cluster "resource.k8s.io" { DEVICE_CLASS "DeviceClass", RESOURCE_SLICE "ResourceSlice" }
    cluster "admissionregistration.k8s.io" {
        MUTATING_WEBHOOK_CONFIGURATION "MutatingWebhookConfiguration",
        VALIDATING_WEBHOOK_CONFIGURATION "ValidatingWebhookConfiguration",
        VALIDATING_ADMISSION_POLICY "ValidatingAdmissionPolicy",
        VALIDATING_ADMISSION_POLICY_BINDING "ValidatingAdmissionPolicyBinding",
        MUTATING_ADMISSION_POLICY "MutatingAdmissionPolicy",
        MUTATING_ADMISSION_POLICY_BINDING "MutatingAdmissionPolicyBinding",
    }
    cluster "apiregistration.k8s.io" { API_SERVICE "APIService" }
    namespaced "metrics.k8s.io" { POD_METRICS "PodMetrics" }
    namespaced "velero.io" { VELERO_SCHEDULE "Schedule" }
    namespaced "monitoring.coreos.com" { POD_MONITOR "PodMonitor", SERVICE_MONITOR "ServiceMonitor" }
    cluster "apiextensions.k8s.io" { CUSTOM_RESOURCE_DEFINITION "CustomResourceDefinition" }
    cluster "certificates.k8s.io" { CLUSTER_TRUST_BUNDLE "ClusterTrustBundle" }
    cluster "gateway.networking.k8s.io" { GATEWAY_CLASS "GatewayClass" }
    namespaced "gateway.networking.k8s.io" {
        BACKEND_TLS_POLICY "BackendTLSPolicy", GATEWAY "Gateway", GRPC_ROUTE "GRPCRoute", HTTP_ROUTE "HTTPRoute",
        LISTENER_SET "ListenerSet", REFERENCE_GRANT "ReferenceGrant", TCP_ROUTE "TCPRoute", TLS_ROUTE "TLSRoute", UDP_ROUTE "UDPRoute",
    }
    namespaced "argoproj.io" { ARGO_APPLICATION "Application", ARGO_ROLLOUT "Rollout", ARGO_WORKFLOW "Workflow" }
    namespaced "cert-manager.io" { CERTIFICATE "Certificate", ISSUER "Issuer" }
    cluster "cert-manager.io" { CLUSTER_ISSUER "ClusterIssuer" }
    namespaced "helm.toolkit.fluxcd.io" { HELM_RELEASE "HelmRelease" }
    namespaced "kustomize.toolkit.fluxcd.io" { FLUX_KUSTOMIZATION "Kustomization" }
    namespaced "keda.sh" { SCALED_JOB "ScaledJob", SCALED_OBJECT "ScaledObject" }
    namespaced "monitoring.coreos.com" { ALERTMANAGER "Alertmanager", PROMETHEUS "Prometheus" }
    cluster "olm.operatorframework.io" { CLUSTER_CATALOG "ClusterCatalog", CLUSTER_EXTENSION "ClusterExtension" }
    namespaced "openreports.io" { OPEN_REPORT "Report" }
    cluster "openreports.io" { OPEN_CLUSTER_REPORT "ClusterReport" }
    namespaced "operators.coreos.com" {
        CATALOG_SOURCE "CatalogSource", CLUSTER_SERVICE_VERSION "ClusterServiceVersion", INSTALL_PLAN "InstallPlan",
        OPERATOR_GROUP "OperatorGroup", SUBSCRIPTION "Subscription",
    }
    namespaced "traefik.io" { INGRESS_ROUTE "IngressRoute" }
    namespaced "wgpolicyk8s.io" { POLICY_REPORT "PolicyReport" }
    cluster "wgpolicyk8s.io" { CLUSTER_POLICY_REPORT "ClusterPolicyReport" }
}

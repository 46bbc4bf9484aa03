//! The versions and how they end.
//!
//! After the life cycles in k8s.io/api (`zz_generated.prerelease-lifecycle.go`, as of 0.37.2) and, for what was deleted
//! from there, Kubernetes' deprecated API migration guide. Versions that no server ever served by default are in it as
//! well: who turned them on has to move.

/// Kinds of one version of a group, with a life that ends.
#[derive(Debug)]
pub(super) struct Life {
    pub(super) group: &'static str,
    pub(super) version: &'static str,
    pub(super) kinds: &'static [&'static str],
    /// Minor version of Kubernetes that deprecated it.
    pub(super) deprecated: u32,
    /// Minor version that no longer has it; none where it stays.
    pub(super) removed: Option<u32>,
    /// What to use instead.
    pub(super) instead: &'static str,
}

const fn life(
    (group, version): (&'static str, &'static str),
    kinds: &'static [&'static str],
    (deprecated, removed): (u32, Option<u32>),
    instead: &'static str,
) -> Life {
    Life { group, version, kinds, deprecated, removed, instead }
}

const ADMISSION: &str = "admissionregistration.k8s.io";
const RBAC: &str = "rbac.authorization.k8s.io";
const FLOW: &str = "flowcontrol.apiserver.k8s.io";
const RESOURCE: &str = "resource.k8s.io";
const STORAGE: &str = "storage.k8s.io";
const POLICIES: &[&str] = &["ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"];
const MUTATING: &[&str] = &["MutatingAdmissionPolicy", "MutatingAdmissionPolicyBinding"];
const ROLES: &[&str] = &["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"];
const FLOWS: &[&str] = &["FlowSchema", "PriorityLevelConfiguration"];
const REVIEWS: &[&str] =
    &["LocalSubjectAccessReview", "SelfSubjectAccessReview", "SelfSubjectRulesReview", "SubjectAccessReview"];
const CLAIMS: &[&str] = &["DeviceClass", "ResourceClaim", "ResourceClaimTemplate", "ResourceSlice"];
const WEBHOOKS: &[&str] = &["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];

/// By group and version. No kinds: every kind of the version. That is for what nobody stores and for versions that can't
/// come back: new kinds are put into versions that older kinds have left, as `scheduling.k8s.io/v1beta1` was.
pub(super) const LIVES: &[Life] = &[
    life(("", "v1"), &["ComponentStatus"], (19, None), "the health endpoints of each component"),
    life(("", "v1"), &["Endpoints"], (33, None), "discovery.k8s.io/v1 EndpointSlice"),
    life(("admission.k8s.io", "v1beta1"), &[], (19, Some(22)), "admission.k8s.io/v1"),
    life((ADMISSION, "v1alpha1"), POLICIES, (29, Some(32)), "admissionregistration.k8s.io/v1"),
    life((ADMISSION, "v1alpha1"), MUTATING, (35, Some(38)), "admissionregistration.k8s.io/v1"),
    life((ADMISSION, "v1beta1"), WEBHOOKS, (16, Some(22)), "admissionregistration.k8s.io/v1"),
    life((ADMISSION, "v1beta1"), POLICIES, (31, Some(34)), "admissionregistration.k8s.io/v1"),
    life((ADMISSION, "v1beta1"), MUTATING, (37, Some(40)), "admissionregistration.k8s.io/v1"),
    life(("apidiscovery.k8s.io", "v2beta1"), &[], (32, Some(35)), "apidiscovery.k8s.io/v2"),
    life(
        ("apiextensions.k8s.io", "v1beta1"),
        &["CustomResourceDefinition"],
        (16, Some(22)),
        "apiextensions.k8s.io/v1",
    ),
    life(("apiregistration.k8s.io", "v1beta1"), &["APIService"], (19, Some(22)), "apiregistration.k8s.io/v1"),
    life(
        ("apps", "v1beta1"),
        &["ControllerRevision", "Deployment", "DeploymentRollback", "Scale", "StatefulSet"],
        (8, Some(16)),
        "apps/v1",
    ),
    life(
        ("apps", "v1beta2"),
        &["ControllerRevision", "DaemonSet", "Deployment", "ReplicaSet", "Scale", "StatefulSet"],
        (9, Some(16)),
        "apps/v1",
    ),
    life(
        ("auditregistration.k8s.io", "v1alpha1"),
        &[],
        (18, Some(19)),
        "an audit policy file of the API server",
    ),
    life(
        ("authentication.k8s.io", "v1alpha1"),
        &["SelfSubjectReview"],
        (29, Some(32)),
        "authentication.k8s.io/v1",
    ),
    life(
        ("authentication.k8s.io", "v1beta1"),
        &["SelfSubjectReview"],
        (30, Some(33)),
        "authentication.k8s.io/v1",
    ),
    life(("authentication.k8s.io", "v1beta1"), &["TokenReview"], (19, Some(22)), "authentication.k8s.io/v1"),
    life(("authorization.k8s.io", "v1beta1"), REVIEWS, (19, Some(22)), "authorization.k8s.io/v1"),
    life(("autoscaling", "v2beta1"), &["HorizontalPodAutoscaler"], (22, Some(25)), "autoscaling/v2"),
    life(("autoscaling", "v2beta2"), &["HorizontalPodAutoscaler"], (23, Some(26)), "autoscaling/v2"),
    life(("batch", "v1beta1"), &["CronJob", "JobTemplate"], (21, Some(25)), "batch/v1"),
    life(("batch", "v2alpha1"), &["CronJob", "JobTemplate"], (8, Some(21)), "batch/v1"),
    life(
        ("certificates.k8s.io", "v1alpha1"),
        &["ClusterTrustBundle"],
        (34, Some(37)),
        "certificates.k8s.io/v1beta1",
    ),
    life(
        ("certificates.k8s.io", "v1alpha1"),
        &["PodCertificateRequest"],
        (35, Some(35)),
        "certificates.k8s.io/v1beta1",
    ),
    life(
        ("certificates.k8s.io", "v1beta1"),
        &["CertificateSigningRequest"],
        (19, Some(22)),
        "certificates.k8s.io/v1",
    ),
    life(
        ("certificates.k8s.io", "v1beta1"),
        &["ClusterTrustBundle", "PodCertificateRequest"],
        (37, Some(40)),
        "certificates.k8s.io/v1",
    ),
    life(
        ("coordination.k8s.io", "v1alpha1"),
        &["LeaseCandidate"],
        (32, Some(32)),
        "coordination.k8s.io/v1beta1",
    ),
    life(
        ("coordination.k8s.io", "v1alpha2"),
        &["LeaseCandidate"],
        (35, Some(38)),
        "coordination.k8s.io/v1beta1",
    ),
    life(("coordination.k8s.io", "v1beta1"), &["Lease"], (19, Some(22)), "coordination.k8s.io/v1"),
    life(("coordination.k8s.io", "v1beta1"), &["LeaseCandidate"], (36, Some(39)), "coordination.k8s.io/v1"),
    life(("discovery.k8s.io", "v1alpha1"), &["EndpointSlice"], (17, Some(21)), "discovery.k8s.io/v1"),
    life(("discovery.k8s.io", "v1beta1"), &["EndpointSlice"], (21, Some(25)), "discovery.k8s.io/v1"),
    life(("events.k8s.io", "v1beta1"), &["Event"], (22, Some(25)), "events.k8s.io/v1"),
    life(("extensions", "v1beta1"), &["DaemonSet", "Deployment", "ReplicaSet"], (8, Some(16)), "apps/v1"),
    life(("extensions", "v1beta1"), &["DeploymentRollback", "Scale"], (8, Some(16)), "apps/v1"),
    life(("extensions", "v1beta1"), &["Ingress"], (14, Some(22)), "networking.k8s.io/v1"),
    life(("extensions", "v1beta1"), &["NetworkPolicy"], (9, Some(16)), "networking.k8s.io/v1"),
    life(("extensions", "v1beta1"), &["PodSecurityPolicy"], (10, Some(16)), "Pod Security admission"),
    life((FLOW, "v1alpha1"), FLOWS, (20, Some(24)), "flowcontrol.apiserver.k8s.io/v1"),
    life((FLOW, "v1beta1"), FLOWS, (23, Some(26)), "flowcontrol.apiserver.k8s.io/v1"),
    life((FLOW, "v1beta2"), FLOWS, (26, Some(29)), "flowcontrol.apiserver.k8s.io/v1"),
    life((FLOW, "v1beta3"), FLOWS, (29, Some(32)), "flowcontrol.apiserver.k8s.io/v1"),
    life(
        ("internal.apiserver.k8s.io", "v1alpha1"),
        &["ClusterCIDR"],
        (29, Some(29)),
        "networking.k8s.io/v1 ServiceCIDR",
    ),
    life(
        ("lifecycle.k8s.io", "v1alpha1"),
        &["Eviction", "EvictionRequest"],
        (40, Some(43)),
        "a later version of lifecycle.k8s.io",
    ),
    life(
        ("networking.k8s.io", "v1alpha1"),
        &["ClusterCIDR"],
        (29, Some(29)),
        "the configuration of the network plugin",
    ),
    life(
        ("networking.k8s.io", "v1alpha1"),
        &["IPAddress", "ServiceCIDR"],
        (31, Some(34)),
        "networking.k8s.io/v1",
    ),
    life(
        ("networking.k8s.io", "v1beta1"),
        &["Ingress", "IngressClass"],
        (19, Some(22)),
        "networking.k8s.io/v1",
    ),
    life(
        ("networking.k8s.io", "v1beta1"),
        &["IPAddress", "ServiceCIDR"],
        (34, Some(37)),
        "networking.k8s.io/v1",
    ),
    life(("node.k8s.io", "v1alpha1"), &["RuntimeClass"], (20, Some(25)), "node.k8s.io/v1"),
    life(("node.k8s.io", "v1beta1"), &["RuntimeClass"], (22, Some(25)), "node.k8s.io/v1"),
    life(("policy", "v1beta1"), &["PodSecurityPolicy"], (21, Some(25)), "Pod Security admission"),
    life(("policy", "v1beta1"), &["Eviction"], (22, Some(25)), "policy/v1"),
    life(("policy", "v1beta1"), &["PodDisruptionBudget"], (21, Some(25)), "policy/v1"),
    life((RBAC, "v1alpha1"), ROLES, (17, Some(22)), "rbac.authorization.k8s.io/v1"),
    life((RBAC, "v1beta1"), ROLES, (17, Some(22)), "rbac.authorization.k8s.io/v1"),
    life((RESOURCE, "v1alpha1"), &[], (27, Some(27)), "resource.k8s.io/v1"),
    life((RESOURCE, "v1alpha2"), &[], (31, Some(31)), "resource.k8s.io/v1"),
    life((RESOURCE, "v1alpha3"), CLAIMS, (34, Some(34)), "resource.k8s.io/v1"),
    life((RESOURCE, "v1alpha3"), &["DeviceTaintRule"], (36, Some(39)), "resource.k8s.io/v1beta2"),
    life(
        (RESOURCE, "v1alpha3"),
        &["ResourcePoolStatusRequest"],
        (39, Some(42)),
        "a later version of resource.k8s.io",
    ),
    life((RESOURCE, "v1beta1"), CLAIMS, (35, Some(38)), "resource.k8s.io/v1"),
    life((RESOURCE, "v1beta2"), &["DeviceTaintRule"], (39, Some(42)), "resource.k8s.io/v1"),
    life((RESOURCE, "v1beta2"), CLAIMS, (36, Some(39)), "resource.k8s.io/v1"),
    life(("scheduling.k8s.io", "v1alpha1"), &["PriorityClass"], (14, Some(22)), "scheduling.k8s.io/v1"),
    life(("scheduling.k8s.io", "v1beta1"), &["PriorityClass"], (14, Some(22)), "scheduling.k8s.io/v1"),
    life(
        ("scheduling.k8s.io", "v1beta1"),
        &["PodGroup", "Workload"],
        (40, Some(43)),
        "a later version of scheduling.k8s.io",
    ),
    life(
        ("settings.k8s.io", "v1alpha1"),
        &["PodPreset"],
        (20, Some(20)),
        "a mutating webhook or admission policy",
    ),
    life((STORAGE, "v1alpha1"), &["CSIStorageCapacity"], (21, Some(24)), "storage.k8s.io/v1"),
    life((STORAGE, "v1alpha1"), &["VolumeAttachment"], (21, Some(24)), "storage.k8s.io/v1"),
    life((STORAGE, "v1alpha1"), &["VolumeAttributesClass"], (32, Some(35)), "storage.k8s.io/v1"),
    life(
        (STORAGE, "v1beta1"),
        &["CSIDriver", "StorageClass", "VolumeAttachment"],
        (19, Some(22)),
        "storage.k8s.io/v1",
    ),
    life((STORAGE, "v1beta1"), &["CSINode"], (17, Some(22)), "storage.k8s.io/v1"),
    life((STORAGE, "v1beta1"), &["CSIStorageCapacity"], (24, Some(27)), "storage.k8s.io/v1"),
    life((STORAGE, "v1beta1"), &["VolumeAttributesClass"], (34, Some(37)), "storage.k8s.io/v1"),
    life(
        ("storagemigration.k8s.io", "v1alpha1"),
        &["StorageVersionMigration"],
        (35, Some(35)),
        "storagemigration.k8s.io/v1beta1",
    ),
    life(
        ("storagemigration.k8s.io", "v1beta1"),
        &["StorageVersionMigration"],
        (37, Some(40)),
        "storagemigration.k8s.io/v1",
    ),
];

//! Every version of a built-in API that Kubernetes deprecated or removed since 1.16, and what to write instead.
//!
//! After the life cycles in k8s.io/api (`zz_generated.prerelease-lifecycle.go`) and, for what was deleted from there,
//! Kubernetes' deprecated API migration guide. Versions that no server ever served by default are in it as well: who
//! turned them on has to move.

use super::kubernetes_version::KubernetesVersion;

/// Kinds of one version of a group, with a life that ends.
#[derive(Debug)]
struct Life {
    group: &'static str,
    version: &'static str,
    kinds: &'static [&'static str],
    /// Minor version of Kubernetes that deprecated it.
    deprecated: u32,
    /// Minor version that no longer has it; none where it stays.
    removed: Option<u32>,
    /// What to use instead.
    instead: &'static str,
}

/// How it stands with a version of an API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// This version of Kubernetes has it no more.
    Removed { since: KubernetesVersion, instead: &'static str },
    /// It is there still.
    Deprecated { since: KubernetesVersion, removed: Option<KubernetesVersion>, instead: &'static str },
}

/// How it stands with an API in a version of Kubernetes; `None`: nothing is wrong with it, as far as is known.
pub(crate) fn standing(api_version: &str, kind: &str, at: KubernetesVersion) -> Option<Standing> {
    let (group, version) = api_version.rsplit_once('/').unwrap_or(("", api_version));
    let single = kind.strip_suffix("List").unwrap_or(kind);
    let is = |life: &&Life| {
        life.group == group
            && life.version == version
            && (life.kinds.is_empty() || life.kinds.contains(&kind) || life.kinds.contains(&single))
    };
    let life = LIVES.iter().find(is)?;
    let removed = life.removed.map(KubernetesVersion::of);
    let (since, instead) = (KubernetesVersion::of(life.deprecated), life.instead);
    match removed {
        Some(removed) if at >= removed => Some(Standing::Removed { since: removed, instead }),
        _ => (at >= since).then_some(Standing::Deprecated { since, removed, instead }),
    }
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
const WEBHOOKS: &[&str] = &["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];

/// By group and version. No kinds: every kind of the version.
const LIVES: &[Life] = &[
    life(("", "v1"), &["ComponentStatus"], (19, None), "the health endpoints of each component"),
    life(("", "v1"), &["Endpoints"], (33, None), "discovery.k8s.io/v1 EndpointSlice"),
    life(("admission.k8s.io", "v1beta1"), &[], (19, Some(22)), "admission.k8s.io/v1"),
    life((ADMISSION, "v1alpha1"), POLICIES, (29, Some(32)), "admissionregistration.k8s.io/v1"),
    life((ADMISSION, "v1alpha1"), MUTATING, (35, Some(38)), "admissionregistration.k8s.io/v1"),
    life((ADMISSION, "v1beta1"), WEBHOOKS, (16, Some(22)), "admissionregistration.k8s.io/v1"),
    life((ADMISSION, "v1beta1"), POLICIES, (31, Some(34)), "admissionregistration.k8s.io/v1"),
    life((ADMISSION, "v1beta1"), MUTATING, (37, Some(40)), "admissionregistration.k8s.io/v1"),
    life(("apidiscovery.k8s.io", "v2beta1"), &[], (32, Some(35)), "apidiscovery.k8s.io/v2"),
    life(("apiextensions.k8s.io", "v1beta1"), &[], (16, Some(22)), "apiextensions.k8s.io/v1"),
    life(("apiregistration.k8s.io", "v1beta1"), &[], (19, Some(22)), "apiregistration.k8s.io/v1"),
    life(("apps", "v1beta1"), &[], (8, Some(16)), "apps/v1"),
    life(("apps", "v1beta2"), &[], (9, Some(16)), "apps/v1"),
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
    life(("authorization.k8s.io", "v1beta1"), &[], (19, Some(22)), "authorization.k8s.io/v1"),
    life(("autoscaling", "v2beta1"), &[], (22, Some(25)), "autoscaling/v2"),
    life(("autoscaling", "v2beta2"), &[], (23, Some(26)), "autoscaling/v2"),
    life(("batch", "v1beta1"), &[], (21, Some(25)), "batch/v1"),
    life(("batch", "v2alpha1"), &[], (8, Some(21)), "batch/v1"),
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
        &["ClusterTrustBundle"],
        (37, Some(40)),
        "certificates.k8s.io/v1",
    ),
    life(
        ("certificates.k8s.io", "v1beta1"),
        &["PodCertificateRequest"],
        (38, Some(41)),
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
    life(("discovery.k8s.io", "v1alpha1"), &[], (17, Some(21)), "discovery.k8s.io/v1"),
    life(("discovery.k8s.io", "v1beta1"), &[], (21, Some(25)), "discovery.k8s.io/v1"),
    life(("events.k8s.io", "v1beta1"), &[], (22, Some(25)), "events.k8s.io/v1"),
    life(("extensions", "v1beta1"), &["DaemonSet", "Deployment", "ReplicaSet"], (8, Some(16)), "apps/v1"),
    life(("extensions", "v1beta1"), &["DeploymentRollback", "Scale"], (8, Some(16)), "apps/v1"),
    life(("extensions", "v1beta1"), &["Ingress"], (14, Some(22)), "networking.k8s.io/v1"),
    life(("extensions", "v1beta1"), &["NetworkPolicy"], (9, Some(16)), "networking.k8s.io/v1"),
    life(("extensions", "v1beta1"), &["PodSecurityPolicy"], (10, Some(16)), "Pod Security admission"),
    life((FLOW, "v1alpha1"), &[], (20, Some(24)), "flowcontrol.apiserver.k8s.io/v1"),
    life((FLOW, "v1beta1"), &[], (23, Some(26)), "flowcontrol.apiserver.k8s.io/v1"),
    life((FLOW, "v1beta2"), &[], (26, Some(29)), "flowcontrol.apiserver.k8s.io/v1"),
    life((FLOW, "v1beta3"), &[], (29, Some(32)), "flowcontrol.apiserver.k8s.io/v1"),
    life(
        ("internal.apiserver.k8s.io", "v1alpha1"),
        &["ClusterCIDR"],
        (29, Some(29)),
        "networking.k8s.io/v1 ServiceCIDR",
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
    life(("node.k8s.io", "v1alpha1"), &[], (20, Some(25)), "node.k8s.io/v1"),
    life(("node.k8s.io", "v1beta1"), &[], (22, Some(25)), "node.k8s.io/v1"),
    life(("policy", "v1beta1"), &["PodSecurityPolicy"], (21, Some(25)), "Pod Security admission"),
    life(("policy", "v1beta1"), &["Eviction"], (22, Some(25)), "policy/v1"),
    life(("policy", "v1beta1"), &["PodDisruptionBudget"], (21, Some(25)), "policy/v1"),
    life((RBAC, "v1alpha1"), &[], (17, Some(22)), "rbac.authorization.k8s.io/v1"),
    life((RBAC, "v1beta1"), &[], (17, Some(22)), "rbac.authorization.k8s.io/v1"),
    life((RESOURCE, "v1alpha1"), &[], (27, Some(27)), "resource.k8s.io/v1"),
    life((RESOURCE, "v1alpha2"), &[], (31, Some(31)), "resource.k8s.io/v1"),
    life(
        (RESOURCE, "v1alpha3"),
        &["DeviceClass", "ResourceClaim", "ResourceClaimTemplate", "ResourceSlice"],
        (34, Some(34)),
        "resource.k8s.io/v1",
    ),
    life((RESOURCE, "v1alpha3"), &["DeviceTaintRule"], (36, Some(39)), "resource.k8s.io/v1beta2"),
    life(
        (RESOURCE, "v1alpha3"),
        &["ResourcePoolStatusRequest"],
        (39, Some(42)),
        "a later version of resource.k8s.io",
    ),
    life((RESOURCE, "v1beta1"), &[], (35, Some(38)), "resource.k8s.io/v1"),
    life((RESOURCE, "v1beta2"), &["DeviceTaintRule"], (39, Some(42)), "resource.k8s.io/v1"),
    life((RESOURCE, "v1beta2"), &[], (36, Some(39)), "resource.k8s.io/v1"),
    life(("scheduling.k8s.io", "v1alpha1"), &["PriorityClass"], (14, Some(22)), "scheduling.k8s.io/v1"),
    life(("scheduling.k8s.io", "v1beta1"), &[], (14, Some(22)), "scheduling.k8s.io/v1"),
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
    life(("storagemigration.k8s.io", "v1alpha1"), &[], (35, Some(35)), "storagemigration.k8s.io/v1beta1"),
    life(("storagemigration.k8s.io", "v1beta1"), &[], (38, Some(41)), "storagemigration.k8s.io/v1"),
];

/// What a Deployment, an Ingress… of any version may once have been written as: whether an apiVersion in its history is
/// one that is gone or going.
pub(crate) fn ends(api_version: &str, kind: &str, at: KubernetesVersion) -> Option<KubernetesVersion> {
    match standing(api_version, kind, at)? {
        Standing::Removed { since, .. } => Some(since),
        Standing::Deprecated { removed, .. } => removed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_life_ends_after_it_was_deprecated_and_is_told_once() {
        for (at, life) in LIVES.iter().enumerate() {
            assert!(life.removed.is_none_or(|removed| removed >= life.deprecated), "{life:?}");
            assert!(!life.instead.is_empty(), "{life:?}");
            for other in LIVES.iter().skip(at + 1) {
                let same = life.group == other.group && life.version == other.version;
                let both = life.kinds.iter().any(|kind| other.kinds.contains(kind));
                assert!(!same || (!life.kinds.is_empty() && !both), "{life:?} {other:?}");
            }
        }
    }

    #[test]
    fn the_same_manifest_in_four_versions() {
        let ingress = |minor| standing("networking.k8s.io/v1beta1", "Ingress", KubernetesVersion::of(minor));
        let instead = "networking.k8s.io/v1";
        let (since, removed) = (KubernetesVersion::of(19), KubernetesVersion::of(22));
        assert_eq!(ingress(18), None);
        assert_eq!(ingress(19), Some(Standing::Deprecated { since, removed: Some(removed), instead }));
        assert_eq!(ingress(22), Some(Standing::Removed { since: removed, instead }));
        assert_eq!(standing(instead, "Ingress", KubernetesVersion::NEWEST), None);
    }

    #[test]
    fn of_one_version_only_some_kinds() {
        let at = KubernetesVersion::of(35);
        assert!(standing("admissionregistration.k8s.io/v1beta1", "ValidatingAdmissionPolicy", at).is_some());
        assert_eq!(standing("admissionregistration.k8s.io/v1beta1", "MutatingAdmissionPolicy", at), None);
        assert_eq!(standing("v1", "Pod", at), None);
        assert_eq!(standing("example.com/v1beta1", "Ingress", at), None, "of another group");
    }
}

//! What an object is charged: the API server's own arithmetic, the same for the command line and for admission.
//!
//! ```text
//!  Pod, Service, PersistentVolumeClaim, ResourceClaim, anything else
//!        │ Charged            only the fields that are read; decoded, asked, dropped
//!      usage ──► Amounts      requests.cpu: 250m, pods: 1, count/pods: 1 …
//!        │
//!        ├─ recount           what a quota's status.used should be
//!        └─ charge, admit     what a new or changed object adds to a quota, and whether that is still allowed
//! ```
//!
//! Which keys a quota counts of which object says [`Charged::is_counted_by`]; of which objects at all,
//! [`QuotaSpec::matches`](super::QuotaSpec::matches). After Kubernetes 1.36, `pkg/quota/v1/evaluator/core` and
//! `k8s.io/component-helpers/resource`, with the feature gates that are on there.

mod admission;
mod arithmetic;
mod claim;
mod devices;
mod keys;
mod pod;
mod pod_usage;
mod qos;
mod recount;
mod resource_claim;
mod service;
mod sums;
#[cfg(test)]
mod tests;
mod wire;

pub use admission::{Denied, Operation, admit, charge, check_constraints, concerns, request};
pub use arithmetic::{Arithmetic, Decided, Origin, Part, Role, Side, explain, pod_limits, pod_requests};
pub use claim::{
    ModifyVolumeStatus, PersistentVolumeClaim, PersistentVolumeClaimSpec, PersistentVolumeClaimStatus,
    VolumeResourceRequirements,
};
pub use devices::{DeviceClass, DeviceClassSpec, Devices};
pub use keys::is_countable;
pub use pod::{
    Affinity, Container, ContainerStatus, Pod, PodAffinity, PodAffinityTerm, PodCondition,
    PodExtendedResourceClaimStatus, PodSchedulingGate, PodSpec, PodStatus, ResourceRequirements,
    WeightedPodAffinityTerm,
};
pub(crate) use qos::is_best_effort;
pub use recount::{Recount, recount};
pub use resource_claim::{
    DeviceClaim, DeviceRequest, DeviceSubRequest, ExactDeviceRequest, ResourceClaim, ResourceClaimSpec,
};
pub use service::{Service, ServicePort, ServiceSpec};

use super::Amounts;
use crate::{
    model::{DecodeError, ObjectMeta, Time, decode, resource::Resource},
    quantity::Quantity,
};

/// An object that quotas may count.
#[derive(Debug, Clone, PartialEq)]
pub enum Charged {
    /// A pod.
    Pod(Box<Pod>),
    /// A service.
    Service(Box<Service>),
    /// A persistent volume claim.
    Claim(Box<PersistentVolumeClaim>),
    /// A claim of devices.
    ResourceClaim(Box<ResourceClaim>),
    /// Anything else, of which quotas count how many there are.
    Other(Box<Other>),
}

/// An object that is only counted.
#[derive(Debug, Clone, PartialEq)]
pub struct Other {
    /// Its type, as in `deployments.apps`, or `secrets` in the core group.
    pub group_resource: String,
    /// Metadata.
    pub metadata: Option<ObjectMeta>,
}

impl Charged {
    /// An object of a type that quotas only count.
    pub fn other(resource: &Resource, metadata: Option<ObjectMeta>) -> Self {
        Self::Other(Box::new(Other { group_resource: resource.group_resource(), metadata }))
    }

    /// Reads an object of a type from JSON; also from YAML, once parsed.
    pub fn from_json(resource: &Resource, value: serde_json::Value) -> Result<Self, DecodeError> {
        match resource.group_resource().as_str() {
            "pods" => decode::from_json::<Pod>(value).map(Self::from),
            "services" => decode::from_json::<Service>(value).map(Self::from),
            "persistentvolumeclaims" => decode::from_json::<PersistentVolumeClaim>(value).map(Self::from),
            "resourceclaims.resource.k8s.io" => decode::from_json::<ResourceClaim>(value).map(Self::from),
            _ => decode::from_json::<Named>(value).map(|object| Self::other(resource, object.metadata)),
        }
    }

    /// Its metadata.
    pub fn metadata(&self) -> Option<&ObjectMeta> {
        match self {
            Self::Pod(pod) => pod.metadata.as_ref(),
            Self::Service(service) => service.metadata.as_ref(),
            Self::Claim(claim) => claim.metadata.as_ref(),
            Self::ResourceClaim(claim) => claim.metadata.as_ref(),
            Self::Other(other) => other.metadata.as_ref(),
        }
    }

    /// Its type, as in `deployments.apps`, or `pods` in the core group.
    pub fn group_resource(&self) -> &str {
        match self {
            Self::Pod(_) => "pods",
            Self::Service(_) => "services",
            Self::Claim(_) => "persistentvolumeclaims",
            Self::ResourceClaim(_) => "resourceclaims.resource.k8s.io",
            Self::Other(other) => &other.group_resource,
        }
    }

    /// Whether objects of this type are counted by a key of a quota.
    pub fn is_counted_by(&self, key: &str, devices: &Devices) -> bool {
        match self {
            Self::Pod(_) => keys::of_pods(key),
            Self::Service(_) => keys::of_services(key),
            Self::Claim(_) => keys::of_claims(key),
            Self::ResourceClaim(_) => keys::of_resource_claims(key, devices),
            Self::Other(other) => keys::of_others(key, &other.group_resource),
        }
    }
}

/// Whatever has a name.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
struct Named {
    metadata: Option<ObjectMeta>,
}

impl From<Pod> for Charged {
    fn from(pod: Pod) -> Self {
        Self::Pod(Box::new(pod))
    }
}

impl From<Service> for Charged {
    fn from(service: Service) -> Self {
        Self::Service(Box::new(service))
    }
}

impl From<PersistentVolumeClaim> for Charged {
    fn from(claim: PersistentVolumeClaim) -> Self {
        Self::Claim(Box::new(claim))
    }
}

impl From<ResourceClaim> for Charged {
    fn from(claim: ResourceClaim) -> Self {
        Self::ResourceClaim(Box::new(claim))
    }
}

/// What an object is charged, by the keys that quotas know. Of claims of devices, that is without what only the cluster
/// knows: [`usage_with`] takes it.
pub fn usage(object: &Charged, now: Time) -> Amounts {
    usage_with(object, &Devices::default(), now)
}

/// What an object is charged, in a cluster with these device classes.
pub fn usage_with(object: &Charged, devices: &Devices, now: Time) -> Amounts {
    match object {
        Charged::Pod(pod) => pod_usage::usage(pod, now),
        Charged::Service(service) => service::usage(service),
        Charged::Claim(claim) => claim::usage(claim),
        Charged::ResourceClaim(claim) => resource_claim::usage(claim, devices),
        Charged::Other(other) => {
            keys::names_of_others(&other.group_resource).map(|key| (key, Quantity::from(1))).collect()
        }
    }
}

//! What the charge of a claim of devices depends on beside the claim: the device classes that stand for extended
//! resources, and the pods that have paid for such a resource already.

use std::collections::{BTreeMap, BTreeSet};

use prost::Message;
use serde::Deserialize;

use super::{Pod, ResourceClaim, keys, pod_usage};
use crate::{
    model::{ObjectMeta, Time},
    quota::Amounts,
};

/// Says that a claim was made for a pod's extended resources.
const FOR_EXTENDED_RESOURCES: &str = "resource.kubernetes.io/extended-resource-claim";

/// `DeviceClass` (tags: resource/v1's generated.proto).
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DeviceClass {
    /// Metadata.
    #[prost(message, optional, tag = "1")]
    pub metadata: Option<ObjectMeta>,
    /// What it is.
    #[prost(message, optional, tag = "2")]
    pub spec: Option<DeviceClassSpec>,
}

/// `DeviceClassSpec`.
#[derive(Clone, PartialEq, Eq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DeviceClassSpec {
    /// The extended resource that devices of the class satisfy.
    #[prost(string, tag = "4")]
    pub extended_resource_name: String,
}

/// Device classes, and what pods have paid for. Tell it classes in any order; claims before the pods.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Devices {
    /// Extended resource by class; empty for a class that names none.
    classes: BTreeMap<String, String>,
    /// Claims made for extended resources, by the uid of the pod they were made for. The oldest is first.
    owned: BTreeMap<String, BTreeSet<Owned>>,
    /// What the pods paid, by the uids of the claims.
    paid: BTreeMap<String, Amounts>,
}

/// A claim: when it was made, its name and uid.
type Owned = (Option<Time>, String, String);

impl Devices {
    /// Takes note of a device class.
    pub fn add_class(&mut self, class: &DeviceClass) {
        let resource = class.spec.as_ref().map(|spec| spec.extended_resource_name.clone());
        if let Some(metadata) = &class.metadata {
            self.classes.insert(metadata.name.clone(), resource.unwrap_or_default());
        }
    }

    /// Takes note of a claim, for which a pod may turn out to have paid.
    pub fn add_claim(&mut self, claim: &ResourceClaim) {
        if let (Some(pod), Some(metadata)) = (pod_paying_for(claim), &claim.metadata) {
            let owned = (metadata.creation_timestamp, metadata.name.clone(), metadata.uid.clone());
            self.owned.entry(pod.to_owned()).or_default().insert(owned);
        }
    }

    /// Takes note of a pod: for one of its claims it has paid.
    pub fn add_pod(&mut self, pod: &Pod, now: Time) {
        let Some(owned) = pod.metadata.as_ref().and_then(|metadata| self.owned.get(&metadata.uid)) else {
            return;
        };
        let status = pod.status.as_ref().and_then(|status| status.extended_resource_claim_status.as_ref());
        let paid_for = match status {
            Some(status) => owned.iter().find(|(_, name, _)| *name == status.resource_claim_name),
            None => owned.first(),
        };
        if let Some((_, _, uid)) = paid_for {
            self.paid.insert(uid.clone(), pod_usage::usage(pod, now));
        }
    }

    /// The extended resource that devices of a class satisfy, by its own name.
    pub(super) fn extended_resource(&self, class: &str) -> Option<&str> {
        self.classes.get(class).map(String::as_str).filter(|name| !name.is_empty())
    }

    /// Whether an extended resource comes from a device class.
    pub(super) fn provide(&self, resource: &str) -> bool {
        keys::implicit_class(resource).is_some_and(|class| self.classes.contains_key(class))
            || (!resource.is_empty() && self.classes.values().any(|provided| provided == resource))
    }

    /// What a pod has paid that a claim was made for.
    pub(super) fn paid(&self, claim: &ResourceClaim) -> Option<&Amounts> {
        self.paid.get(&claim.metadata.as_ref()?.uid)
    }
}

/// The uid of the pod that a claim for extended resources was made for.
fn pod_paying_for(claim: &ResourceClaim) -> Option<&str> {
    let metadata = claim.metadata.as_ref()?;
    let marked = metadata.annotations.get(FOR_EXTENDED_RESOURCES).is_some_and(|value| value == "true");
    let owner = metadata.controller().filter(|owner| owner.api_version == "v1" && owner.kind == "Pod")?;
    marked.then_some(owner.uid.as_str())
}

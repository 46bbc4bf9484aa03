//! What persistent volume claims take, in all and by storage class (tags: core/v1's generated.proto).

use std::collections::{BTreeMap, BTreeSet};

use prost::Message;
use serde::Deserialize;

use super::keys;
use crate::{
    model::ObjectMeta,
    quantity::{Quantity, Wire},
    quota::Amounts,
};

/// The annotation that named a claim's storage class before there was a field for it. It goes before the field.
const CLASS_ANNOTATION: &str = "volume.beta.kubernetes.io/storage-class";

/// `PersistentVolumeClaim`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PersistentVolumeClaim {
    /// Metadata.
    #[prost(message, optional, tag = "1")]
    pub metadata: Option<ObjectMeta>,
    /// What is asked for.
    #[prost(message, optional, tag = "2")]
    pub spec: Option<PersistentVolumeClaimSpec>,
    /// What is there.
    #[prost(message, optional, tag = "3")]
    pub status: Option<PersistentVolumeClaimStatus>,
}

/// `PersistentVolumeClaimSpec`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PersistentVolumeClaimSpec {
    /// How much.
    #[prost(message, optional, tag = "2")]
    pub resources: Option<VolumeResourceRequirements>,
    /// Storage class.
    #[prost(string, optional, tag = "5")]
    pub storage_class_name: Option<String>,
    /// Volume attributes class.
    #[prost(string, tag = "9")]
    pub volume_attributes_class_name: String,
}

/// `VolumeResourceRequirements`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct VolumeResourceRequirements {
    /// The least that the volume must have.
    #[prost(btree_map = "string, message", tag = "2")]
    pub requests: BTreeMap<String, Wire>,
}

/// `PersistentVolumeClaimStatus`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PersistentVolumeClaimStatus {
    /// What the volume is being expanded to; more than asked for after an expansion was taken back.
    #[prost(btree_map = "string, message", tag = "5")]
    pub allocated_resources: BTreeMap<String, Wire>,
    /// The volume attributes class that the volume has.
    #[prost(string, tag = "8")]
    pub current_volume_attributes_class_name: String,
    /// How the change to another one goes.
    #[prost(message, optional, tag = "9")]
    pub modify_volume_status: Option<ModifyVolumeStatus>,
}

/// `ModifyVolumeStatus`.
#[derive(Clone, PartialEq, Eq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ModifyVolumeStatus {
    /// The volume attributes class that is being changed to.
    #[prost(string, tag = "1")]
    pub target_volume_attributes_class_name: String,
}

impl PersistentVolumeClaim {
    /// Its storage class; empty for none.
    pub fn storage_class(&self) -> &str {
        let annotated =
            self.metadata.as_ref().and_then(|metadata| metadata.annotations.get(CLASS_ANNOTATION));
        let named = || self.spec.as_ref().and_then(|spec| spec.storage_class_name.as_ref());
        annotated.or_else(named).map_or("", String::as_str)
    }

    /// What is charged for its storage, in whole bytes: what it asks for, or what is being allocated if that is more.
    /// `None` when it does not say.
    pub fn storage(&self) -> Option<Quantity> {
        let asked = self.spec.as_ref()?.resources.as_ref()?.requests.get("storage").map(Wire::quantity)?;
        let allocated = self.status.as_ref().and_then(|status| status.allocated_resources.get("storage"));
        let most = allocated.map(Wire::quantity).map_or(asked, |allocated| allocated.max(asked));
        Some(whole(most))
    }

    /// Every volume attributes class that it names: wanted, present, or on the way.
    pub(crate) fn volume_attributes_classes(&self) -> BTreeSet<&str> {
        let wanted = self.spec.as_ref().map(|spec| &spec.volume_attributes_class_name);
        let status = self.status.as_ref();
        let current = status.map(|status| &status.current_volume_attributes_class_name);
        let target = status
            .and_then(|status| status.modify_volume_status.as_ref())
            .map(|modify| &modify.target_volume_attributes_class_name);
        let named = [wanted, current, target].into_iter().flatten();
        named.map(String::as_str).filter(|name| !name.is_empty()).collect()
    }
}

/// Rounded up to whole units, written as it was.
fn whole(amount: Quantity) -> Quantity {
    let units = i64::try_from(amount.ceil()).unwrap_or(i64::MAX);
    Quantity::from(units).with_format(amount.format())
}

/// What a claim is charged.
pub(super) fn usage(claim: &PersistentVolumeClaim) -> Amounts {
    let mut usage = Amounts::new();
    let class = claim.storage_class();
    let mut charge = |key: &str, amount: Quantity| {
        usage.set(key, amount);
        if !class.is_empty() {
            usage.set(format!("{class}{}{key}", keys::STORAGE_CLASS), amount);
        }
    };
    charge(keys::CLAIMS, Quantity::from(1));
    if let Some(storage) = claim.storage() {
        charge(keys::STORAGE, storage);
    }
    usage.set(keys::COUNT_CLAIMS, Quantity::from(1));
    usage
}

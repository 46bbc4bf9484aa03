//! Volumes, claims and storage classes (tags: core/v1, storage.k8s.io/v1).

use std::collections::BTreeMap;

use prost::Message;
use serde::Deserialize;

use super::{HostPathVolumeSource, NodeSelector, ObjectReference, Present};
use crate::{
    model::{LabelSelector, ObjectMeta, Time, decode::flattened},
    quantity::Wire as Quantity,
};

/// `PersistentVolume`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct PersistentVolume {
    #[prost(message, required, tag = "1")]
    pub(crate) metadata: ObjectMeta,
    #[prost(message, required, tag = "2")]
    pub(crate) spec: PersistentVolumeSpec,
    #[prost(message, required, tag = "3")]
    pub(crate) status: PersistentVolumeStatus,
}

/// `PersistentVolumeClaim`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct PersistentVolumeClaim {
    #[prost(message, required, tag = "1")]
    pub(crate) metadata: ObjectMeta,
    #[prost(message, required, tag = "2")]
    pub(crate) spec: PersistentVolumeClaimSpec,
    #[prost(message, required, tag = "3")]
    pub(crate) status: PersistentVolumeClaimStatus,
}

/// `StorageClass`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct StorageClass {
    #[prost(message, required, tag = "1")]
    pub(crate) metadata: ObjectMeta,
    #[prost(string, tag = "2")]
    pub(crate) provisioner: String,
    #[prost(btree_map = "string, string", tag = "3")]
    pub(crate) parameters: BTreeMap<String, String>,
    #[prost(string, optional, tag = "4")]
    pub(crate) reclaim_policy: Option<String>,
    #[prost(string, repeated, tag = "5")]
    pub(crate) mount_options: Vec<String>,
    #[prost(bool, optional, tag = "6")]
    pub(crate) allow_volume_expansion: Option<bool>,
    #[prost(string, optional, tag = "7")]
    pub(crate) volume_binding_mode: Option<String>,
}

/// `PersistentVolumeSpec`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct PersistentVolumeSpec {
    #[prost(btree_map = "string, message", tag = "1")]
    pub(crate) capacity: BTreeMap<String, Quantity>,
    #[prost(message, required, tag = "2")]
    #[serde(flatten, deserialize_with = "flattened")]
    pub(crate) source: PersistentVolumeSource,
    #[prost(string, repeated, tag = "3")]
    pub(crate) access_modes: Vec<String>,
    #[prost(message, optional, tag = "4")]
    pub(crate) claim_ref: Option<ObjectReference>,
    #[prost(string, tag = "5")]
    pub(crate) persistent_volume_reclaim_policy: String,
    #[prost(string, tag = "6")]
    pub(crate) storage_class_name: String,
    #[prost(string, optional, tag = "8")]
    pub(crate) volume_mode: Option<String>,
    #[prost(message, optional, tag = "9")]
    pub(crate) node_affinity: Option<VolumeNodeAffinity>,
}

/// `PersistentVolumeStatus`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct PersistentVolumeStatus {
    #[prost(string, tag = "1")]
    pub(crate) phase: String,
    #[prost(string, tag = "2")]
    pub(crate) message: String,
    #[prost(string, tag = "3")]
    pub(crate) reason: String,
    #[prost(message, optional, tag = "4")]
    pub(crate) last_phase_transition_time: Option<Time>,
}

/// `PersistentVolumeClaimSpec`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct PersistentVolumeClaimSpec {
    #[prost(string, repeated, tag = "1")]
    pub(crate) access_modes: Vec<String>,
    #[prost(message, optional, tag = "4")]
    pub(crate) selector: Option<LabelSelector>,
    #[prost(message, required, tag = "2")]
    pub(crate) resources: VolumeResourceRequirements,
    #[prost(string, tag = "3")]
    pub(crate) volume_name: String,
    #[prost(string, optional, tag = "5")]
    pub(crate) storage_class_name: Option<String>,
    #[prost(string, optional, tag = "6")]
    pub(crate) volume_mode: Option<String>,
    #[prost(message, optional, tag = "7")]
    pub(crate) data_source: Option<TypedLocalObjectReference>,
    #[prost(message, optional, tag = "8")]
    pub(crate) data_source_ref: Option<TypedObjectReference>,
    #[prost(string, optional, tag = "9")]
    pub(crate) volume_attributes_class_name: Option<String>,
}

/// `PersistentVolumeClaimStatus`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct PersistentVolumeClaimStatus {
    #[prost(string, tag = "1")]
    pub(crate) phase: String,
    #[prost(string, repeated, tag = "2")]
    pub(crate) access_modes: Vec<String>,
    #[prost(btree_map = "string, message", tag = "3")]
    pub(crate) capacity: BTreeMap<String, Quantity>,
    #[prost(message, repeated, tag = "4")]
    pub(crate) conditions: Vec<PersistentVolumeClaimCondition>,
}

/// `PersistentVolumeSource`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct PersistentVolumeSource {
    #[prost(message, optional, tag = "1")]
    pub(crate) gce_persistent_disk: Option<Present>,
    #[prost(message, optional, tag = "2")]
    pub(crate) aws_elastic_block_store: Option<Present>,
    #[prost(message, optional, tag = "3")]
    pub(crate) host_path: Option<HostPathVolumeSource>,
    #[prost(message, optional, tag = "4")]
    pub(crate) glusterfs: Option<Present>,
    #[prost(message, optional, tag = "5")]
    pub(crate) nfs: Option<Present>,
    #[prost(message, optional, tag = "6")]
    pub(crate) rbd: Option<Present>,
    #[prost(message, optional, tag = "7")]
    pub(crate) iscsi: Option<Present>,
    #[prost(message, optional, tag = "8")]
    pub(crate) cinder: Option<Present>,
    #[prost(message, optional, tag = "9")]
    pub(crate) cephfs: Option<Present>,
    #[prost(message, optional, tag = "10")]
    pub(crate) fc: Option<Present>,
    #[prost(message, optional, tag = "11")]
    pub(crate) flocker: Option<Present>,
    #[prost(message, optional, tag = "12")]
    pub(crate) flex_volume: Option<Present>,
    #[prost(message, optional, tag = "13")]
    pub(crate) azure_file: Option<Present>,
    #[prost(message, optional, tag = "14")]
    pub(crate) vsphere_volume: Option<Present>,
    #[prost(message, optional, tag = "15")]
    pub(crate) quobyte: Option<Present>,
    #[prost(message, optional, tag = "16")]
    pub(crate) azure_disk: Option<Present>,
    #[prost(message, optional, tag = "17")]
    pub(crate) photon_persistent_disk: Option<Present>,
    #[prost(message, optional, tag = "18")]
    pub(crate) portworx_volume: Option<Present>,
    #[prost(message, optional, tag = "19")]
    #[serde(rename = "scaleIO")]
    pub(crate) scale_io: Option<Present>,
    #[prost(message, optional, tag = "20")]
    pub(crate) local: Option<Present>,
    #[prost(message, optional, tag = "21")]
    pub(crate) storageos: Option<Present>,
    #[prost(message, optional, tag = "22")]
    pub(crate) csi: Option<CSIPersistentVolumeSource>,
}

/// `VolumeNodeAffinity`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct VolumeNodeAffinity {
    #[prost(message, optional, tag = "1")]
    pub(crate) required: Option<NodeSelector>,
}

/// `VolumeResourceRequirements`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct VolumeResourceRequirements {
    #[prost(btree_map = "string, message", tag = "1")]
    pub(crate) limits: BTreeMap<String, Quantity>,
    #[prost(btree_map = "string, message", tag = "2")]
    pub(crate) requests: BTreeMap<String, Quantity>,
}

/// `TypedLocalObjectReference`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct TypedLocalObjectReference {
    #[prost(string, optional, tag = "1")]
    pub(crate) api_group: Option<String>,
    #[prost(string, tag = "2")]
    pub(crate) kind: String,
    #[prost(string, tag = "3")]
    pub(crate) name: String,
}

/// `TypedObjectReference`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct TypedObjectReference {
    #[prost(string, optional, tag = "1")]
    pub(crate) api_group: Option<String>,
    #[prost(string, tag = "2")]
    pub(crate) kind: String,
    #[prost(string, tag = "3")]
    pub(crate) name: String,
    #[prost(string, optional, tag = "4")]
    pub(crate) namespace: Option<String>,
}

/// `PersistentVolumeClaimCondition`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct PersistentVolumeClaimCondition {
    #[prost(string, tag = "1")]
    pub(crate) r#type: String,
    #[prost(string, tag = "2")]
    pub(crate) status: String,
    #[prost(string, tag = "5")]
    pub(crate) reason: String,
    #[prost(string, tag = "6")]
    pub(crate) message: String,
}

/// `CSIPersistentVolumeSource`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct CSIPersistentVolumeSource {
    #[prost(string, tag = "1")]
    pub(crate) driver: String,
    #[prost(bool, tag = "3")]
    pub(crate) read_only: bool,
    #[prost(btree_map = "string, string", tag = "5")]
    pub(crate) volume_attributes: BTreeMap<String, String>,
    #[prost(message, optional, tag = "6")]
    pub(crate) controller_publish_secret_ref: Option<SecretReference>,
    #[prost(message, optional, tag = "7")]
    pub(crate) node_stage_secret_ref: Option<SecretReference>,
    #[prost(message, optional, tag = "8")]
    pub(crate) node_publish_secret_ref: Option<SecretReference>,
    #[prost(message, optional, tag = "9")]
    pub(crate) controller_expand_secret_ref: Option<SecretReference>,
    #[prost(message, optional, tag = "10")]
    pub(crate) node_expand_secret_ref: Option<SecretReference>,
}

/// `SecretReference`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct SecretReference {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    #[prost(string, tag = "2")]
    pub(crate) namespace: String,
}

//! Volumes of pods (tags: core/v1).

use std::collections::BTreeMap;

use prost::Message;
use serde::Deserialize;

use super::{
    LocalObjectReference, ObjectFieldSelector, PersistentVolumeClaimSpec, Present, ResourceFieldSelector,
};
use crate::{
    model::{ObjectMeta, decode::spread},
    quantity::Wire as Quantity,
};

/// `Volume`.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Volume {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    #[prost(message, required, tag = "2")]
    pub(crate) source: VolumeSource,
}

spread! { Volume { "name": name } source }

/// `VolumeSource`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct VolumeSource {
    #[prost(message, optional, tag = "1")]
    pub(crate) host_path: Option<HostPathVolumeSource>,
    #[prost(message, optional, tag = "2")]
    pub(crate) empty_dir: Option<EmptyDirVolumeSource>,
    #[prost(message, optional, tag = "3")]
    pub(crate) gce_persistent_disk: Option<Present>,
    #[prost(message, optional, tag = "4")]
    pub(crate) aws_elastic_block_store: Option<Present>,
    #[prost(message, optional, tag = "5")]
    pub(crate) git_repo: Option<Present>,
    #[prost(message, optional, tag = "6")]
    pub(crate) secret: Option<SecretVolumeSource>,
    #[prost(message, optional, tag = "7")]
    pub(crate) nfs: Option<Present>,
    #[prost(message, optional, tag = "8")]
    pub(crate) iscsi: Option<IscsiVolumeSource>,
    #[prost(message, optional, tag = "9")]
    pub(crate) glusterfs: Option<Present>,
    #[prost(message, optional, tag = "10")]
    pub(crate) persistent_volume_claim: Option<PersistentVolumeClaimVolumeSource>,
    #[prost(message, optional, tag = "11")]
    pub(crate) rbd: Option<RbdVolumeSource>,
    #[prost(message, optional, tag = "12")]
    pub(crate) flex_volume: Option<FlexVolumeSource>,
    #[prost(message, optional, tag = "13")]
    pub(crate) cinder: Option<CinderVolumeSource>,
    #[prost(message, optional, tag = "14")]
    pub(crate) cephfs: Option<CephFsVolumeSource>,
    #[prost(message, optional, tag = "15")]
    pub(crate) flocker: Option<Present>,
    #[prost(message, optional, tag = "16")]
    #[serde(rename = "downwardAPI")]
    pub(crate) downward_api: Option<DownwardAPIVolumeSource>,
    #[prost(message, optional, tag = "17")]
    pub(crate) fc: Option<Present>,
    #[prost(message, optional, tag = "18")]
    pub(crate) azure_file: Option<AzureFileVolumeSource>,
    #[prost(message, optional, tag = "19")]
    pub(crate) config_map: Option<ConfigMapVolumeSource>,
    #[prost(message, optional, tag = "20")]
    pub(crate) vsphere_volume: Option<Present>,
    #[prost(message, optional, tag = "21")]
    pub(crate) quobyte: Option<Present>,
    #[prost(message, optional, tag = "22")]
    pub(crate) azure_disk: Option<Present>,
    #[prost(message, optional, tag = "23")]
    pub(crate) photon_persistent_disk: Option<Present>,
    #[prost(message, optional, tag = "26")]
    pub(crate) projected: Option<ProjectedVolumeSource>,
    #[prost(message, optional, tag = "24")]
    pub(crate) portworx_volume: Option<Present>,
    #[prost(message, optional, tag = "25")]
    #[serde(rename = "scaleIO")]
    pub(crate) scale_io: Option<ScaleIoVolumeSource>,
    #[prost(message, optional, tag = "27")]
    pub(crate) storageos: Option<StorageOsVolumeSource>,
    #[prost(message, optional, tag = "28")]
    pub(crate) csi: Option<CSIVolumeSource>,
    #[prost(message, optional, tag = "29")]
    pub(crate) ephemeral: Option<EphemeralVolumeSource>,
    #[prost(message, optional, tag = "30")]
    pub(crate) image: Option<ImageVolumeSource>,
}

/// `HostPathVolumeSource`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct HostPathVolumeSource {
    #[prost(string, tag = "1")]
    pub(crate) path: String,
    #[prost(string, optional, tag = "2")]
    pub(crate) r#type: Option<String>,
}

/// `EmptyDirVolumeSource`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct EmptyDirVolumeSource {
    #[prost(string, tag = "1")]
    pub(crate) medium: String,
    #[prost(message, optional, tag = "2")]
    pub(crate) size_limit: Option<Quantity>,
}

/// `SecretVolumeSource`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct SecretVolumeSource {
    #[prost(string, tag = "1")]
    pub(crate) secret_name: String,
    #[prost(message, repeated, tag = "2")]
    pub(crate) items: Vec<KeyToPath>,
    #[prost(int32, optional, tag = "3")]
    pub(crate) default_mode: Option<i32>,
    #[prost(bool, optional, tag = "4")]
    pub(crate) optional: Option<bool>,
}

/// `PersistentVolumeClaimVolumeSource`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct PersistentVolumeClaimVolumeSource {
    #[prost(string, tag = "1")]
    pub(crate) claim_name: String,
    #[prost(bool, tag = "2")]
    pub(crate) read_only: bool,
}

/// `DownwardAPIVolumeSource`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct DownwardAPIVolumeSource {
    #[prost(message, repeated, tag = "1")]
    pub(crate) items: Vec<DownwardAPIVolumeFile>,
    #[prost(int32, optional, tag = "2")]
    pub(crate) default_mode: Option<i32>,
}

/// `ConfigMapVolumeSource`.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct ConfigMapVolumeSource {
    #[prost(message, required, tag = "1")]
    pub(crate) reference: LocalObjectReference,
    #[prost(message, repeated, tag = "2")]
    pub(crate) items: Vec<KeyToPath>,
    #[prost(int32, optional, tag = "3")]
    pub(crate) default_mode: Option<i32>,
    #[prost(bool, optional, tag = "4")]
    pub(crate) optional: Option<bool>,
}

spread! { ConfigMapVolumeSource { "items": items, "defaultMode": default_mode, "optional": optional } reference }

/// `ProjectedVolumeSource`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ProjectedVolumeSource {
    #[prost(message, repeated, tag = "1")]
    pub(crate) sources: Vec<VolumeProjection>,
    #[prost(int32, optional, tag = "2")]
    pub(crate) default_mode: Option<i32>,
}

/// `CSIVolumeSource`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct CSIVolumeSource {
    #[prost(string, tag = "1")]
    pub(crate) driver: String,
    #[prost(bool, optional, tag = "2")]
    pub(crate) read_only: Option<bool>,
    #[prost(btree_map = "string, string", tag = "4")]
    pub(crate) volume_attributes: BTreeMap<String, String>,
    #[prost(message, optional, tag = "5")]
    pub(crate) node_publish_secret_ref: Option<LocalObjectReference>,
}

/// Declares volumes of which only is read which secret they need.
macro_rules! volumes_with_secret {
    ($($name:ident $kind:tt $tag:tt;)*) => {
        $(
            #[doc = concat!("`", $kind, "`.")]
            #[derive(Clone, PartialEq, Message, Deserialize)]
            #[serde(rename_all = "camelCase", default)]
            pub(crate) struct $name {
                #[prost(message, optional, tag = $tag)]
                pub(crate) secret_ref: Option<LocalObjectReference>,
            }
        )*
    };
}

volumes_with_secret! {
    CephFsVolumeSource "CephFSVolumeSource" "5";
    CinderVolumeSource "CinderVolumeSource" "4";
    FlexVolumeSource "FlexVolumeSource" "3";
    IscsiVolumeSource "ISCSIVolumeSource" "10";
    RbdVolumeSource "RBDVolumeSource" "7";
    ScaleIoVolumeSource "ScaleIOVolumeSource" "3";
    StorageOsVolumeSource "StorageOSVolumeSource" "5";
}

/// `AzureFileVolumeSource`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct AzureFileVolumeSource {
    #[prost(string, tag = "1")]
    pub(crate) secret_name: String,
}

/// `EphemeralVolumeSource`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct EphemeralVolumeSource {
    #[prost(message, optional, tag = "1")]
    pub(crate) volume_claim_template: Option<PersistentVolumeClaimTemplate>,
}

/// `ImageVolumeSource`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ImageVolumeSource {
    #[prost(string, tag = "1")]
    pub(crate) reference: String,
    #[prost(string, tag = "2")]
    pub(crate) pull_policy: String,
}

/// `KeyToPath`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct KeyToPath {
    #[prost(string, tag = "1")]
    pub(crate) key: String,
    #[prost(string, tag = "2")]
    pub(crate) path: String,
    #[prost(int32, optional, tag = "3")]
    pub(crate) mode: Option<i32>,
}

/// `DownwardAPIVolumeFile`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct DownwardAPIVolumeFile {
    #[prost(string, tag = "1")]
    pub(crate) path: String,
    #[prost(message, optional, tag = "2")]
    pub(crate) field_ref: Option<ObjectFieldSelector>,
    #[prost(message, optional, tag = "3")]
    pub(crate) resource_field_ref: Option<ResourceFieldSelector>,
    #[prost(int32, optional, tag = "4")]
    pub(crate) mode: Option<i32>,
}

/// `VolumeProjection`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct VolumeProjection {
    #[prost(message, optional, tag = "1")]
    pub(crate) secret: Option<SecretProjection>,
    #[prost(message, optional, tag = "2")]
    #[serde(rename = "downwardAPI")]
    pub(crate) downward_api: Option<DownwardAPIProjection>,
    #[prost(message, optional, tag = "3")]
    pub(crate) config_map: Option<ConfigMapProjection>,
    #[prost(message, optional, tag = "4")]
    pub(crate) service_account_token: Option<ServiceAccountTokenProjection>,
    #[prost(message, optional, tag = "5")]
    pub(crate) cluster_trust_bundle: Option<Present>,
    #[prost(message, optional, tag = "6")]
    pub(crate) pod_certificate: Option<Present>,
}

/// `PersistentVolumeClaimTemplate`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct PersistentVolumeClaimTemplate {
    #[prost(message, required, tag = "1")]
    pub(crate) metadata: ObjectMeta,
    #[prost(message, required, tag = "2")]
    pub(crate) spec: PersistentVolumeClaimSpec,
}

/// `SecretProjection`.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct SecretProjection {
    #[prost(message, required, tag = "1")]
    pub(crate) reference: LocalObjectReference,
    #[prost(message, repeated, tag = "2")]
    pub(crate) items: Vec<KeyToPath>,
    #[prost(bool, optional, tag = "4")]
    pub(crate) optional: Option<bool>,
}

spread! { SecretProjection { "items": items, "optional": optional } reference }

/// `DownwardAPIProjection`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct DownwardAPIProjection {
    #[prost(message, repeated, tag = "1")]
    pub(crate) items: Vec<DownwardAPIVolumeFile>,
}

/// `ConfigMapProjection`.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct ConfigMapProjection {
    #[prost(message, required, tag = "1")]
    pub(crate) reference: LocalObjectReference,
    #[prost(message, repeated, tag = "2")]
    pub(crate) items: Vec<KeyToPath>,
    #[prost(bool, optional, tag = "4")]
    pub(crate) optional: Option<bool>,
}

spread! { ConfigMapProjection { "items": items, "optional": optional } reference }

/// `ServiceAccountTokenProjection`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ServiceAccountTokenProjection {
    #[prost(string, tag = "1")]
    pub(crate) audience: String,
    #[prost(int64, optional, tag = "2")]
    pub(crate) expiration_seconds: Option<i64>,
    #[prost(string, tag = "3")]
    pub(crate) path: String,
}

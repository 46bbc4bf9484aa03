//! Persistent volumes, and the volumes that an attachment describes (tags: core/v1's generated.proto).

use prost::Message;
use serde::Deserialize;

use super::{inline::inline, object_reference::ObjectReference};
use crate::model::LabelSelectorRequirement;

/// `PersistentVolumeSpec`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PersistentVolumeSpec {
    /// What it is; JSON has this beside the rest.
    #[prost(message, optional, tag = "2")]
    #[serde(flatten, deserialize_with = "inline")]
    pub source: Option<PersistentVolumeSource>,
    /// The claim that has it or had it.
    #[prost(message, optional, tag = "4")]
    pub claim_ref: Option<ObjectReference>,
    /// Storage class.
    #[prost(string, tag = "6")]
    pub storage_class_name: String,
    /// The nodes that can reach it.
    #[prost(message, optional, tag = "9")]
    pub node_affinity: Option<VolumeNodeAffinity>,
    /// Class of attributes that can be changed.
    #[prost(string, tag = "10")]
    pub volume_attributes_class_name: String,
}

/// `VolumeNodeAffinity`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct VolumeNodeAffinity {
    /// What a node must be like.
    #[prost(message, optional, tag = "1")]
    pub required: Option<NodeSelector>,
}

/// `NodeSelector`: one of the terms must hold.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct NodeSelector {
    /// The terms.
    #[prost(message, repeated, tag = "1")]
    pub node_selector_terms: Vec<NodeSelectorTerm>,
}

/// `NodeSelectorTerm`: every requirement must hold. A term without any matches nothing.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct NodeSelectorTerm {
    /// What the node's labels must be. Its operators are those of label selectors, and `Gt` and `Lt`.
    #[prost(message, repeated, tag = "1")]
    pub match_expressions: Vec<LabelSelectorRequirement>,
}

/// `PersistentVolumeSource`: the sources that name another object, one of these.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PersistentVolumeSource {
    /// Rados block device.
    #[prost(message, optional, tag = "6")]
    pub rbd: Option<RbdVolume>,
    /// iSCSI disk.
    #[prost(message, optional, tag = "7")]
    pub iscsi: Option<IscsiVolume>,
    /// OpenStack disk.
    #[prost(message, optional, tag = "8")]
    pub cinder: Option<CinderVolume>,
    /// Ceph file system.
    #[prost(message, optional, tag = "9")]
    pub cephfs: Option<CephFsVolume>,
    /// A volume of a FlexVolume plugin.
    #[prost(message, optional, tag = "12")]
    pub flex_volume: Option<FlexVolume>,
    /// Azure file share.
    #[prost(message, optional, tag = "13")]
    pub azure_file: Option<AzureFileVolume>,
    /// ScaleIO volume.
    #[prost(message, optional, tag = "19")]
    #[serde(rename = "scaleIO")]
    pub scale_io: Option<ScaleIoVolume>,
    /// StorageOS volume.
    #[prost(message, optional, tag = "21")]
    pub storageos: Option<StorageOsVolume>,
    /// A volume of a CSI driver.
    #[prost(message, optional, tag = "22")]
    pub csi: Option<CsiVolume>,
}

/// `SecretReference`.
#[derive(Clone, PartialEq, Eq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SecretReference {
    /// Name.
    #[prost(string, tag = "1")]
    pub name: String,
    /// Namespace; empty means the claim's.
    #[prost(string, tag = "2")]
    pub namespace: String,
}

/// `CSIPersistentVolumeSource`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CsiVolume {
    /// The driver.
    #[prost(string, tag = "1")]
    pub driver: String,
    /// Secret for attaching it.
    #[prost(message, optional, tag = "6")]
    pub controller_publish_secret_ref: Option<SecretReference>,
    /// Secret for mounting it once on a node.
    #[prost(message, optional, tag = "7")]
    pub node_stage_secret_ref: Option<SecretReference>,
    /// Secret for mounting it in a pod.
    #[prost(message, optional, tag = "8")]
    pub node_publish_secret_ref: Option<SecretReference>,
    /// Secret for making it larger.
    #[prost(message, optional, tag = "9")]
    pub controller_expand_secret_ref: Option<SecretReference>,
    /// Secret for making its file system larger.
    #[prost(message, optional, tag = "10")]
    pub node_expand_secret_ref: Option<SecretReference>,
}

/// `AzureFilePersistentVolumeSource`.
#[derive(Clone, PartialEq, Eq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AzureFileVolume {
    /// Secret with the account's key.
    #[prost(string, tag = "1")]
    pub secret_name: String,
    /// Its namespace; empty means the claim's.
    #[prost(string, tag = "4")]
    pub secret_namespace: String,
}

/// `StorageOSPersistentVolumeSource`.
#[derive(Clone, PartialEq, Eq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct StorageOsVolume {
    /// Secret with the credentials.
    #[prost(message, optional, tag = "5")]
    pub secret_ref: Option<ObjectReference>,
}

/// Sources of which only the secret is read. They differ in the tag of that field.
macro_rules! secret_volumes {
    ($($(#[$doc:meta])* $name:ident $tag:tt;)*) => { $(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Message, Deserialize)]
        #[serde(rename_all = "camelCase", default)]
        pub struct $name {
            /// Secret with the credentials.
            #[prost(message, optional, tag = $tag)]
            pub secret_ref: Option<SecretReference>,
        }
    )* };
}

secret_volumes! {
    /// `CephFSPersistentVolumeSource`.
    CephFsVolume "5";
    /// `CinderPersistentVolumeSource`.
    CinderVolume "4";
    /// `FlexPersistentVolumeSource`.
    FlexVolume "3";
    /// `ISCSIPersistentVolumeSource`.
    IscsiVolume "10";
    /// `RBDPersistentVolumeSource`.
    RbdVolume "7";
    /// `ScaleIOPersistentVolumeSource`.
    ScaleIoVolume "3";
}

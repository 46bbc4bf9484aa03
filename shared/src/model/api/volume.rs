//! Volumes of pods: the sources that name another object (tags: core/v1's generated.proto).

use prost::Message;
use serde::Deserialize;

use super::{
    inline::inline,
    local_reference::{FilesReference, LocalObjectReference},
};

/// `Volume`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Volume {
    /// Name, unique in the pod.
    #[prost(string, tag = "1")]
    pub name: String,
    /// What it is; JSON has this beside the name.
    #[prost(message, optional, tag = "2")]
    #[serde(flatten, deserialize_with = "inline")]
    pub source: Option<VolumeSource>,
}

/// `VolumeSource`: one of these.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct VolumeSource {
    /// Files of a secret.
    #[prost(message, optional, tag = "6")]
    pub secret: Option<SecretVolumeSource>,
    /// iSCSI disk.
    #[prost(message, optional, tag = "8")]
    pub iscsi: Option<IscsiSource>,
    /// A claim.
    #[prost(message, optional, tag = "10")]
    pub persistent_volume_claim: Option<PersistentVolumeClaimSource>,
    /// Rados block device.
    #[prost(message, optional, tag = "11")]
    pub rbd: Option<RbdSource>,
    /// A volume of a FlexVolume plugin.
    #[prost(message, optional, tag = "12")]
    pub flex_volume: Option<FlexSource>,
    /// OpenStack disk.
    #[prost(message, optional, tag = "13")]
    pub cinder: Option<CinderSource>,
    /// Ceph file system.
    #[prost(message, optional, tag = "14")]
    pub cephfs: Option<CephFsSource>,
    /// Azure file share.
    #[prost(message, optional, tag = "18")]
    pub azure_file: Option<AzureFileSource>,
    /// Files of a config map.
    #[prost(message, optional, tag = "19")]
    pub config_map: Option<FilesReference>,
    /// ScaleIO volume.
    #[prost(message, optional, tag = "25")]
    #[serde(rename = "scaleIO")]
    pub scale_io: Option<ScaleIoSource>,
    /// Files of several sources.
    #[prost(message, optional, tag = "26")]
    pub projected: Option<ProjectedVolumeSource>,
    /// StorageOS volume.
    #[prost(message, optional, tag = "27")]
    pub storageos: Option<StorageOsSource>,
    /// A volume that a CSI driver makes for the pod.
    #[prost(message, optional, tag = "28")]
    pub csi: Option<CsiSource>,
    /// A claim that is made for the pod and goes with it.
    #[prost(message, optional, tag = "29")]
    pub ephemeral: Option<EphemeralSource>,
}

/// `SecretVolumeSource`.
#[derive(Clone, PartialEq, Eq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SecretVolumeSource {
    /// Name.
    #[prost(string, tag = "1")]
    pub secret_name: String,
    /// Whether the secret may be missing.
    #[prost(bool, optional, tag = "4")]
    pub optional: Option<bool>,
}

/// `PersistentVolumeClaimVolumeSource`.
#[derive(Clone, PartialEq, Eq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PersistentVolumeClaimSource {
    /// Name.
    #[prost(string, tag = "1")]
    pub claim_name: String,
}

/// `AzureFileVolumeSource`.
#[derive(Clone, PartialEq, Eq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AzureFileSource {
    /// Secret with the account's key.
    #[prost(string, tag = "1")]
    pub secret_name: String,
}

/// `CSIVolumeSource`.
#[derive(Clone, PartialEq, Eq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CsiSource {
    /// The driver.
    #[prost(string, tag = "1")]
    pub driver: String,
    /// Secret for mounting it.
    #[prost(message, optional, tag = "5")]
    pub node_publish_secret_ref: Option<LocalObjectReference>,
}

/// `EphemeralVolumeSource`. That it is there is all that is read: the claim's name follows from pod and volume.
#[derive(Clone, Copy, PartialEq, Eq, Message, Deserialize)]
#[serde(default)]
pub struct EphemeralSource {}

/// `ProjectedVolumeSource`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ProjectedVolumeSource {
    /// The sources.
    #[prost(message, repeated, tag = "1")]
    pub sources: Vec<VolumeProjection>,
}

/// `VolumeProjection`: one of these.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct VolumeProjection {
    /// Files of a secret.
    #[prost(message, optional, tag = "1")]
    pub secret: Option<FilesReference>,
    /// Files of a config map.
    #[prost(message, optional, tag = "3")]
    pub config_map: Option<FilesReference>,
    /// A token of the pod's service account.
    #[prost(message, optional, tag = "4")]
    pub service_account_token: Option<ServiceAccountTokenProjection>,
    /// Certificates to trust.
    #[prost(message, optional, tag = "5")]
    pub cluster_trust_bundle: Option<ClusterTrustBundleProjection>,
}

/// `ServiceAccountTokenProjection`. That it is there is all that is read.
#[derive(Clone, Copy, PartialEq, Eq, Message, Deserialize)]
#[serde(default)]
pub struct ServiceAccountTokenProjection {}

/// `ClusterTrustBundleProjection`.
#[derive(Clone, PartialEq, Eq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ClusterTrustBundleProjection {
    /// Name, unless bundles are chosen by signer and labels.
    #[prost(string, tag = "1")]
    pub name: String,
    /// Whether the bundle may be missing.
    #[prost(bool, optional, tag = "5")]
    pub optional: Option<bool>,
}

/// Sources of which only the secret is read. They differ in the tag of that field.
macro_rules! secret_sources {
    ($($(#[$doc:meta])* $name:ident $tag:tt;)*) => { $(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Message, Deserialize)]
        #[serde(rename_all = "camelCase", default)]
        pub struct $name {
            /// Secret with the credentials.
            #[prost(message, optional, tag = $tag)]
            pub secret_ref: Option<LocalObjectReference>,
        }
    )* };
}

secret_sources! {
    /// `CephFSVolumeSource`.
    CephFsSource "5";
    /// `CinderVolumeSource`.
    CinderSource "4";
    /// `FlexVolumeSource`.
    FlexSource "3";
    /// `ISCSIVolumeSource`.
    IscsiSource "10";
    /// `RBDVolumeSource`.
    RbdSource "7";
    /// `ScaleIOVolumeSource`.
    ScaleIoSource "3";
    /// `StorageOSVolumeSource`.
    StorageOsSource "5";
}

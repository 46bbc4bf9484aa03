//! The parts of Kubernetes' types that more than one reader needs. Tags: each API group's generated.proto.

mod condition;
mod gateway_reference;
mod gateway_route;
mod inline;
mod local_reference;
mod object_reference;
mod persistent_volume;
mod pod;
mod pod_status;
mod volume;
mod webhook_client;

pub use condition::{Condition, condition_status, is_condition_true};
pub use gateway_reference::GatewayReference;
pub use gateway_route::{FilterBackend, RouteBackend, RouteFilter, RouteRule, RouteSpec};
pub use local_reference::{EnvFromReference, FilesReference, KeyReference, LocalObjectReference};
pub use object_reference::{CrossVersionObjectReference, ObjectReference, TypedLocalObjectReference};
pub use persistent_volume::{
    AzureFileVolume, CephFsVolume, CinderVolume, CsiVolume, FlexVolume, IscsiVolume, NodeSelector,
    NodeSelectorTerm, PersistentVolumeSource, PersistentVolumeSpec, RbdVolume, ScaleIoVolume,
    SecretReference, StorageOsVolume, VolumeNodeAffinity,
};
pub use pod::{
    Container, EnvFromSource, EnvVar, EnvVarSource, EphemeralContainer, Pod, PodResourceClaim, PodSpec,
    PodTemplateSpec,
};
pub use pod_status::{
    ContainerState, ContainerStateRunning, ContainerStateTerminated, ContainerStateWaiting, ContainerStatus,
    PodCondition, PodExtendedResourceClaimStatus, PodResourceClaimStatus, PodStatus,
};
pub use volume::{
    AzureFileSource, CephFsSource, CinderSource, ClusterTrustBundleProjection, CsiSource, EphemeralSource,
    FlexSource, IscsiSource, PersistentVolumeClaimSource, ProjectedVolumeSource, RbdSource, ScaleIoSource,
    SecretVolumeSource, ServiceAccountTokenProjection, StorageOsSource, Volume, VolumeProjection,
    VolumeSource,
};
pub use webhook_client::{ServiceReference, WebhookClientConfig};

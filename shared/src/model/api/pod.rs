//! Pods, and the pod templates of everything that makes pods (tags: core/v1's generated.proto).

use prost::Message;
use serde::Deserialize;

use super::{
    inline::inline,
    local_reference::{EnvFromReference, KeyReference, LocalObjectReference},
    pod_status::PodStatus,
    volume::Volume,
};
use crate::model::ObjectMeta;

/// `Pod`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Pod {
    /// Metadata.
    #[prost(message, optional, tag = "1")]
    pub metadata: Option<ObjectMeta>,
    /// What is to run.
    #[prost(message, optional, tag = "2")]
    pub spec: Option<PodSpec>,
    /// What runs.
    #[prost(message, optional, tag = "3")]
    pub status: Option<PodStatus>,
}

/// `PodTemplateSpec`: what the pods will be like.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PodTemplateSpec {
    /// What is to run.
    #[prost(message, optional, tag = "2")]
    pub spec: Option<PodSpec>,
}

/// `PodSpec`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PodSpec {
    /// Volumes that containers mount.
    #[prost(message, repeated, tag = "1")]
    pub volumes: Vec<Volume>,
    /// Containers that run to the end one by one before the others start, and sidecars.
    #[prost(message, repeated, tag = "20")]
    pub init_containers: Vec<Container>,
    /// Containers.
    #[prost(message, repeated, tag = "2")]
    pub containers: Vec<Container>,
    /// Containers that were added to debug; never in templates.
    #[prost(message, repeated, tag = "34")]
    pub ephemeral_containers: Vec<EphemeralContainer>,
    /// Service account. Empty in a template means `default`.
    #[prost(string, tag = "8")]
    pub service_account_name: String,
    /// The same by its old name, which the server copies to the new one.
    #[prost(string, tag = "9")]
    pub service_account: String,
    /// Node that it was scheduled to.
    #[prost(string, tag = "10")]
    pub node_name: String,
    /// Secrets for pulling images.
    #[prost(message, repeated, tag = "15")]
    pub image_pull_secrets: Vec<LocalObjectReference>,
    /// Priority class.
    #[prost(string, tag = "24")]
    pub priority_class_name: String,
    /// Runtime class.
    #[prost(string, tag = "29")]
    pub runtime_class_name: String,
    /// Devices that it claims.
    #[prost(message, repeated, tag = "39")]
    pub resource_claims: Vec<PodResourceClaim>,
}

/// `Container`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Container {
    /// Name, unique in the pod.
    #[prost(string, tag = "1")]
    pub name: String,
    /// Single variables of the environment.
    #[prost(message, repeated, tag = "7")]
    pub env: Vec<EnvVar>,
    /// Sources of many variables.
    #[prost(message, repeated, tag = "19")]
    pub env_from: Vec<EnvFromSource>,
    /// `Always` makes an init container a sidecar.
    #[prost(string, tag = "24")]
    pub restart_policy: String,
}

/// `EphemeralContainer`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct EphemeralContainer {
    /// What it has in common with other containers.
    #[prost(message, optional, tag = "1")]
    #[serde(flatten, deserialize_with = "inline")]
    pub common: Option<Container>,
}

/// `EnvFromSource`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct EnvFromSource {
    /// All keys of a config map.
    #[prost(message, optional, tag = "2")]
    pub config_map_ref: Option<EnvFromReference>,
    /// All keys of a secret.
    #[prost(message, optional, tag = "3")]
    pub secret_ref: Option<EnvFromReference>,
}

/// `EnvVar`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct EnvVar {
    /// Where the value comes from, if it is not given.
    #[prost(message, optional, tag = "3")]
    pub value_from: Option<EnvVarSource>,
}

/// `EnvVarSource`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct EnvVarSource {
    /// A key of a config map.
    #[prost(message, optional, tag = "3")]
    pub config_map_key_ref: Option<KeyReference>,
    /// A key of a secret.
    #[prost(message, optional, tag = "4")]
    pub secret_key_ref: Option<KeyReference>,
}

/// `PodResourceClaim`.
#[derive(Clone, PartialEq, Eq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PodResourceClaim {
    /// A claim that exists, shared by all who name it.
    #[prost(string, tag = "3")]
    pub resource_claim_name: String,
    /// A template, of which each pod gets a claim of its own.
    #[prost(string, tag = "4")]
    pub resource_claim_template_name: String,
}

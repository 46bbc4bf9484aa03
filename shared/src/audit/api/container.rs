//! Containers of pods (tags: core/v1).

use std::collections::BTreeMap;

use prost::Message;
use serde::Deserialize;

use super::{Lifecycle, Probe, SecurityContext};
use crate::{model::decode::spread, quantity::Wire as Quantity};

/// `LocalObjectReference`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct LocalObjectReference {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
}

/// `Container`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Container {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    #[prost(string, tag = "2")]
    pub(crate) image: String,
    #[prost(string, repeated, tag = "3")]
    pub(crate) command: Vec<String>,
    #[prost(string, repeated, tag = "4")]
    pub(crate) args: Vec<String>,
    #[prost(string, tag = "5")]
    pub(crate) working_dir: String,
    #[prost(message, repeated, tag = "6")]
    pub(crate) ports: Vec<ContainerPort>,
    #[prost(message, repeated, tag = "19")]
    pub(crate) env_from: Vec<EnvFromSource>,
    #[prost(message, repeated, tag = "7")]
    pub(crate) env: Vec<EnvVar>,
    #[prost(message, required, tag = "8")]
    pub(crate) resources: ResourceRequirements,
    #[prost(message, repeated, tag = "23")]
    pub(crate) resize_policy: Vec<ContainerResizePolicy>,
    #[prost(string, optional, tag = "24")]
    pub(crate) restart_policy: Option<String>,
    #[prost(message, repeated, tag = "25")]
    pub(crate) restart_policy_rules: Vec<ContainerRestartRule>,
    #[prost(message, repeated, tag = "9")]
    pub(crate) volume_mounts: Vec<VolumeMount>,
    #[prost(message, repeated, tag = "21")]
    pub(crate) volume_devices: Vec<VolumeDevice>,
    #[prost(message, optional, tag = "10")]
    pub(crate) liveness_probe: Option<Probe>,
    #[prost(message, optional, tag = "11")]
    pub(crate) readiness_probe: Option<Probe>,
    #[prost(message, optional, tag = "22")]
    pub(crate) startup_probe: Option<Probe>,
    #[prost(message, optional, tag = "12")]
    pub(crate) lifecycle: Option<Lifecycle>,
    #[prost(string, tag = "13")]
    pub(crate) termination_message_path: String,
    #[prost(string, tag = "20")]
    pub(crate) termination_message_policy: String,
    #[prost(string, tag = "14")]
    pub(crate) image_pull_policy: String,
    #[prost(message, optional, tag = "15")]
    pub(crate) security_context: Option<SecurityContext>,
    #[prost(bool, tag = "16")]
    pub(crate) stdin: bool,
    #[prost(bool, tag = "17")]
    pub(crate) stdin_once: bool,
    #[prost(bool, tag = "18")]
    pub(crate) tty: bool,
}

/// `EphemeralContainer`.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct EphemeralContainer {
    #[prost(message, required, tag = "1")]
    pub(crate) common: Container,
    #[prost(string, tag = "2")]
    pub(crate) target_container_name: String,
}

spread! { EphemeralContainer { "targetContainerName": target_container_name } common }

/// `ResourceRequirements`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ResourceRequirements {
    #[prost(btree_map = "string, message", tag = "1")]
    pub(crate) limits: BTreeMap<String, Quantity>,
    #[prost(btree_map = "string, message", tag = "2")]
    pub(crate) requests: BTreeMap<String, Quantity>,
    #[prost(message, repeated, tag = "3")]
    pub(crate) claims: Vec<ResourceClaim>,
}

/// `ContainerPort`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ContainerPort {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    #[prost(int32, tag = "2")]
    pub(crate) host_port: i32,
    #[prost(int32, tag = "3")]
    pub(crate) container_port: i32,
    #[prost(string, tag = "4")]
    pub(crate) protocol: String,
    #[prost(string, tag = "5")]
    #[serde(rename = "hostIP")]
    pub(crate) host_ip: String,
}

/// `EnvFromSource`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct EnvFromSource {
    #[prost(string, tag = "1")]
    pub(crate) prefix: String,
    #[prost(message, optional, tag = "2")]
    pub(crate) config_map_ref: Option<ConfigMapEnvSource>,
    #[prost(message, optional, tag = "3")]
    pub(crate) secret_ref: Option<SecretEnvSource>,
}

/// `EnvVar`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct EnvVar {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    #[prost(string, tag = "2")]
    pub(crate) value: String,
    #[prost(message, optional, tag = "3")]
    pub(crate) value_from: Option<EnvVarSource>,
}

/// `ContainerResizePolicy`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ContainerResizePolicy {
    #[prost(string, tag = "1")]
    pub(crate) resource_name: String,
    #[prost(string, tag = "2")]
    pub(crate) restart_policy: String,
}

/// `ContainerRestartRule`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ContainerRestartRule {
    #[prost(string, tag = "1")]
    pub(crate) action: String,
    #[prost(message, optional, tag = "2")]
    pub(crate) exit_codes: Option<ContainerRestartRuleOnExitCodes>,
}

/// `VolumeMount`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct VolumeMount {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    #[prost(bool, tag = "2")]
    pub(crate) read_only: bool,
    #[prost(string, optional, tag = "7")]
    pub(crate) recursive_read_only: Option<String>,
    #[prost(string, tag = "3")]
    pub(crate) mount_path: String,
    #[prost(string, tag = "4")]
    pub(crate) sub_path: String,
    #[prost(string, optional, tag = "5")]
    pub(crate) mount_propagation: Option<String>,
    #[prost(string, tag = "6")]
    pub(crate) sub_path_expr: String,
}

/// `VolumeDevice`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct VolumeDevice {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    #[prost(string, tag = "2")]
    pub(crate) device_path: String,
}

/// `ResourceClaim`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ResourceClaim {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    #[prost(string, tag = "2")]
    pub(crate) request: String,
}

/// `ConfigMapEnvSource`.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct ConfigMapEnvSource {
    #[prost(message, required, tag = "1")]
    pub(crate) reference: LocalObjectReference,
    #[prost(bool, optional, tag = "2")]
    pub(crate) optional: Option<bool>,
}

spread! { ConfigMapEnvSource { "optional": optional } reference }

/// `SecretEnvSource`.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct SecretEnvSource {
    #[prost(message, required, tag = "1")]
    pub(crate) reference: LocalObjectReference,
    #[prost(bool, optional, tag = "2")]
    pub(crate) optional: Option<bool>,
}

spread! { SecretEnvSource { "optional": optional } reference }

/// `EnvVarSource`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct EnvVarSource {
    #[prost(message, optional, tag = "1")]
    pub(crate) field_ref: Option<ObjectFieldSelector>,
    #[prost(message, optional, tag = "2")]
    pub(crate) resource_field_ref: Option<ResourceFieldSelector>,
    #[prost(message, optional, tag = "3")]
    pub(crate) config_map_key_ref: Option<ConfigMapKeySelector>,
    #[prost(message, optional, tag = "4")]
    pub(crate) secret_key_ref: Option<SecretKeySelector>,
    #[prost(message, optional, tag = "5")]
    pub(crate) file_key_ref: Option<FileKeySelector>,
}

/// `ContainerRestartRuleOnExitCodes`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ContainerRestartRuleOnExitCodes {
    #[prost(string, tag = "1")]
    pub(crate) operator: String,
    #[prost(int32, repeated, packed = "false", tag = "2")]
    pub(crate) values: Vec<i32>,
}

/// `ObjectFieldSelector`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ObjectFieldSelector {
    #[prost(string, tag = "1")]
    pub(crate) api_version: String,
    #[prost(string, tag = "2")]
    pub(crate) field_path: String,
}

/// `ResourceFieldSelector`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ResourceFieldSelector {
    #[prost(string, tag = "1")]
    pub(crate) container_name: String,
    #[prost(string, tag = "2")]
    pub(crate) resource: String,
    #[prost(message, required, tag = "3")]
    pub(crate) divisor: Quantity,
}

/// `ConfigMapKeySelector`.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct ConfigMapKeySelector {
    #[prost(message, required, tag = "1")]
    pub(crate) reference: LocalObjectReference,
    #[prost(string, tag = "2")]
    pub(crate) key: String,
    #[prost(bool, optional, tag = "3")]
    pub(crate) optional: Option<bool>,
}

spread! { ConfigMapKeySelector { "key": key, "optional": optional } reference }

/// `SecretKeySelector`.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct SecretKeySelector {
    #[prost(message, required, tag = "1")]
    pub(crate) reference: LocalObjectReference,
    #[prost(string, tag = "2")]
    pub(crate) key: String,
    #[prost(bool, optional, tag = "3")]
    pub(crate) optional: Option<bool>,
}

spread! { SecretKeySelector { "key": key, "optional": optional } reference }

/// `FileKeySelector`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct FileKeySelector {
    #[prost(string, tag = "1")]
    pub(crate) volume_name: String,
    #[prost(string, tag = "2")]
    pub(crate) path: String,
    #[prost(string, tag = "3")]
    pub(crate) key: String,
    #[prost(bool, optional, tag = "4")]
    pub(crate) optional: Option<bool>,
}

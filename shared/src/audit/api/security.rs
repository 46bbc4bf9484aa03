//! Security contexts (tags: core/v1).

use prost::Message;
use serde::Deserialize;

/// `PodSecurityContext`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct PodSecurityContext {
    #[prost(message, optional, tag = "1")]
    pub(crate) se_linux_options: Option<SeLinuxOptions>,
    #[prost(message, optional, tag = "8")]
    pub(crate) windows_options: Option<WindowsSecurityContextOptions>,
    #[prost(int64, optional, tag = "2")]
    pub(crate) run_as_user: Option<i64>,
    #[prost(int64, optional, tag = "6")]
    pub(crate) run_as_group: Option<i64>,
    #[prost(bool, optional, tag = "3")]
    pub(crate) run_as_non_root: Option<bool>,
    #[prost(int64, repeated, packed = "false", tag = "4")]
    pub(crate) supplemental_groups: Vec<i64>,
    #[prost(string, optional, tag = "12")]
    pub(crate) supplemental_groups_policy: Option<String>,
    #[prost(int64, optional, tag = "5")]
    pub(crate) fs_group: Option<i64>,
    #[prost(message, repeated, tag = "7")]
    pub(crate) sysctls: Vec<Sysctl>,
    #[prost(string, optional, tag = "9")]
    pub(crate) fs_group_change_policy: Option<String>,
    #[prost(message, optional, tag = "10")]
    pub(crate) seccomp_profile: Option<SeccompProfile>,
    #[prost(message, optional, tag = "11")]
    pub(crate) app_armor_profile: Option<AppArmorProfile>,
    #[prost(string, optional, tag = "13")]
    pub(crate) se_linux_change_policy: Option<String>,
}

/// `SecurityContext`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct SecurityContext {
    #[prost(message, optional, tag = "1")]
    pub(crate) capabilities: Option<Capabilities>,
    #[prost(bool, optional, tag = "2")]
    pub(crate) privileged: Option<bool>,
    #[prost(message, optional, tag = "3")]
    pub(crate) se_linux_options: Option<SeLinuxOptions>,
    #[prost(message, optional, tag = "10")]
    pub(crate) windows_options: Option<WindowsSecurityContextOptions>,
    #[prost(int64, optional, tag = "4")]
    pub(crate) run_as_user: Option<i64>,
    #[prost(int64, optional, tag = "8")]
    pub(crate) run_as_group: Option<i64>,
    #[prost(bool, optional, tag = "5")]
    pub(crate) run_as_non_root: Option<bool>,
    #[prost(bool, optional, tag = "6")]
    pub(crate) read_only_root_filesystem: Option<bool>,
    #[prost(bool, optional, tag = "7")]
    pub(crate) allow_privilege_escalation: Option<bool>,
    #[prost(string, optional, tag = "9")]
    pub(crate) proc_mount: Option<String>,
    #[prost(message, optional, tag = "11")]
    pub(crate) seccomp_profile: Option<SeccompProfile>,
    #[prost(message, optional, tag = "12")]
    pub(crate) app_armor_profile: Option<AppArmorProfile>,
}

/// `SELinuxOptions`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct SeLinuxOptions {
    #[prost(string, tag = "1")]
    pub(crate) user: String,
    #[prost(string, tag = "2")]
    pub(crate) role: String,
    #[prost(string, tag = "3")]
    pub(crate) r#type: String,
    #[prost(string, tag = "4")]
    pub(crate) level: String,
}

/// `WindowsSecurityContextOptions`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct WindowsSecurityContextOptions {
    #[prost(string, optional, tag = "1")]
    pub(crate) gmsa_credential_spec_name: Option<String>,
    #[prost(string, optional, tag = "2")]
    pub(crate) gmsa_credential_spec: Option<String>,
    #[prost(string, optional, tag = "3")]
    pub(crate) run_as_user_name: Option<String>,
    #[prost(bool, optional, tag = "4")]
    pub(crate) host_process: Option<bool>,
}

/// `Sysctl`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Sysctl {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    #[prost(string, tag = "2")]
    pub(crate) value: String,
}

/// `SeccompProfile`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct SeccompProfile {
    #[prost(string, tag = "1")]
    pub(crate) r#type: String,
    #[prost(string, optional, tag = "2")]
    pub(crate) localhost_profile: Option<String>,
}

/// `AppArmorProfile`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct AppArmorProfile {
    #[prost(string, tag = "1")]
    pub(crate) r#type: String,
    #[prost(string, optional, tag = "2")]
    pub(crate) localhost_profile: Option<String>,
}

/// `Capabilities`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Capabilities {
    #[prost(string, repeated, tag = "1")]
    pub(crate) add: Vec<String>,
    #[prost(string, repeated, tag = "2")]
    pub(crate) drop: Vec<String>,
}

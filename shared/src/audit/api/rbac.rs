//! Roles and bindings (tags: rbac.authorization.k8s.io/v1).

use prost::Message;
use serde::Deserialize;

use crate::model::{LabelSelector, ObjectMeta};

/// `Role`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Role {
    #[prost(message, required, tag = "1")]
    pub(crate) metadata: ObjectMeta,
    #[prost(message, repeated, tag = "2")]
    pub(crate) rules: Vec<PolicyRule>,
}

/// `ClusterRole`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ClusterRole {
    #[prost(message, required, tag = "1")]
    pub(crate) metadata: ObjectMeta,
    #[prost(message, repeated, tag = "2")]
    pub(crate) rules: Vec<PolicyRule>,
    #[prost(message, optional, tag = "3")]
    pub(crate) aggregation_rule: Option<AggregationRule>,
}

/// `RoleBinding`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct RoleBinding {
    #[prost(message, required, tag = "1")]
    pub(crate) metadata: ObjectMeta,
    #[prost(message, repeated, tag = "2")]
    pub(crate) subjects: Vec<Subject>,
    #[prost(message, required, tag = "3")]
    pub(crate) role_ref: RoleRef,
}

/// `ClusterRoleBinding`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ClusterRoleBinding {
    #[prost(message, required, tag = "1")]
    pub(crate) metadata: ObjectMeta,
    #[prost(message, repeated, tag = "2")]
    pub(crate) subjects: Vec<Subject>,
    #[prost(message, required, tag = "3")]
    pub(crate) role_ref: RoleRef,
}

/// `PolicyRule`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct PolicyRule {
    #[prost(string, repeated, tag = "1")]
    pub(crate) verbs: Vec<String>,
    #[prost(string, repeated, tag = "2")]
    pub(crate) api_groups: Vec<String>,
    #[prost(string, repeated, tag = "3")]
    pub(crate) resources: Vec<String>,
    #[prost(string, repeated, tag = "4")]
    pub(crate) resource_names: Vec<String>,
    #[prost(string, repeated, tag = "5")]
    #[serde(rename = "nonResourceURLs")]
    pub(crate) non_resource_ur_ls: Vec<String>,
}

/// `AggregationRule`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct AggregationRule {
    #[prost(message, repeated, tag = "1")]
    pub(crate) cluster_role_selectors: Vec<LabelSelector>,
}

/// `Subject`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Subject {
    #[prost(string, tag = "1")]
    pub(crate) kind: String,
    #[prost(string, tag = "2")]
    pub(crate) api_group: String,
    #[prost(string, tag = "3")]
    pub(crate) name: String,
    #[prost(string, tag = "4")]
    pub(crate) namespace: String,
}

/// `RoleRef`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct RoleRef {
    #[prost(string, tag = "1")]
    pub(crate) api_group: String,
    #[prost(string, tag = "2")]
    pub(crate) kind: String,
    #[prost(string, tag = "3")]
    pub(crate) name: String,
}

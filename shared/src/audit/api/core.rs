//! Namespaces, quotas, configuration, events (tags: core/v1).

use std::collections::BTreeMap;

use prost::Message;
use serde::{Deserialize, Deserializer, de::IgnoredAny};

use crate::{
    model::{ObjectMeta, Time},
    quantity::Wire as Quantity,
};

/// `Namespace`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Namespace {
    #[prost(message, required, tag = "1")]
    pub(crate) metadata: ObjectMeta,
    #[prost(message, required, tag = "2")]
    pub(crate) spec: NamespaceSpec,
    #[prost(message, required, tag = "3")]
    pub(crate) status: NamespaceStatus,
}

/// `ResourceQuota`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ResourceQuota {
    #[prost(message, required, tag = "1")]
    pub(crate) metadata: ObjectMeta,
    #[prost(message, required, tag = "2")]
    pub(crate) spec: ResourceQuotaSpec,
    #[prost(message, required, tag = "3")]
    pub(crate) status: ResourceQuotaStatus,
}

/// `LimitRange`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct LimitRange {
    #[prost(message, required, tag = "1")]
    pub(crate) metadata: ObjectMeta,
    #[prost(message, required, tag = "2")]
    pub(crate) spec: LimitRangeSpec,
}

/// `ConfigMap`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ConfigMap {
    #[prost(message, required, tag = "1")]
    pub(crate) metadata: ObjectMeta,
    #[prost(bool, optional, tag = "4")]
    pub(crate) immutable: Option<bool>,
    #[prost(btree_map = "string, string", tag = "2")]
    pub(crate) data: BTreeMap<String, String>,
    #[prost(btree_map = "string, bytes", tag = "3")]
    #[serde(deserialize_with = "base64_map")]
    pub(crate) binary_data: BTreeMap<String, Vec<u8>>,
}

/// `Secret`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Secret {
    #[prost(message, required, tag = "1")]
    pub(crate) metadata: ObjectMeta,
    #[prost(bool, optional, tag = "5")]
    pub(crate) immutable: Option<bool>,
    #[prost(string, tag = "3")]
    pub(crate) r#type: String,
    /// The keys alone: values are never read.
    #[prost(btree_map = "string, bytes", tag = "2")]
    #[serde(deserialize_with = "keys_alone")]
    pub(crate) data: BTreeMap<String, Vec<u8>>,
    /// The keys alone, of what files give as text.
    #[prost(btree_map = "string, bytes", tag = "4")]
    #[serde(deserialize_with = "keys_alone")]
    pub(crate) string_data: BTreeMap<String, Vec<u8>>,
}

/// `Event`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Event {
    #[prost(message, required, tag = "1")]
    pub(crate) metadata: ObjectMeta,
    #[prost(message, required, tag = "2")]
    pub(crate) involved_object: ObjectReference,
    #[prost(string, tag = "3")]
    pub(crate) reason: String,
    #[prost(string, tag = "4")]
    pub(crate) message: String,
    #[prost(message, optional, tag = "6")]
    pub(crate) first_timestamp: Option<Time>,
    #[prost(message, optional, tag = "7")]
    pub(crate) last_timestamp: Option<Time>,
    #[prost(int32, tag = "8")]
    pub(crate) count: i32,
    #[prost(string, tag = "9")]
    pub(crate) r#type: String,
    #[prost(message, optional, tag = "10")]
    pub(crate) event_time: Option<Time>,
}

/// `ObjectReference`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ObjectReference {
    #[prost(string, tag = "1")]
    pub(crate) kind: String,
    #[prost(string, tag = "2")]
    pub(crate) namespace: String,
    #[prost(string, tag = "3")]
    pub(crate) name: String,
    #[prost(string, tag = "4")]
    pub(crate) uid: String,
    #[prost(string, tag = "5")]
    pub(crate) api_version: String,
    #[prost(string, tag = "7")]
    pub(crate) field_path: String,
}

/// `NamespaceSpec`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct NamespaceSpec {
    #[prost(string, repeated, tag = "1")]
    pub(crate) finalizers: Vec<String>,
}

/// `NamespaceStatus`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct NamespaceStatus {
    #[prost(string, tag = "1")]
    pub(crate) phase: String,
    #[prost(message, repeated, tag = "2")]
    pub(crate) conditions: Vec<NamespaceCondition>,
}

/// `ResourceQuotaSpec`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ResourceQuotaSpec {
    #[prost(btree_map = "string, message", tag = "1")]
    pub(crate) hard: BTreeMap<String, Quantity>,
    #[prost(string, repeated, tag = "2")]
    pub(crate) scopes: Vec<String>,
    #[prost(message, optional, tag = "3")]
    pub(crate) scope_selector: Option<ScopeSelector>,
}

/// `ResourceQuotaStatus`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ResourceQuotaStatus {
    #[prost(btree_map = "string, message", tag = "1")]
    pub(crate) hard: BTreeMap<String, Quantity>,
    #[prost(btree_map = "string, message", tag = "2")]
    pub(crate) used: BTreeMap<String, Quantity>,
}

/// `LimitRangeSpec`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct LimitRangeSpec {
    #[prost(message, repeated, tag = "1")]
    pub(crate) limits: Vec<LimitRangeItem>,
}

/// `NamespaceCondition`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct NamespaceCondition {
    #[prost(string, tag = "1")]
    pub(crate) r#type: String,
    #[prost(string, tag = "2")]
    pub(crate) status: String,
    #[prost(message, optional, tag = "4")]
    pub(crate) last_transition_time: Option<Time>,
    #[prost(string, tag = "5")]
    pub(crate) reason: String,
    #[prost(string, tag = "6")]
    pub(crate) message: String,
}

/// `ScopeSelector`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ScopeSelector {
    #[prost(message, repeated, tag = "1")]
    pub(crate) match_expressions: Vec<ScopedResourceSelectorRequirement>,
}

/// `LimitRangeItem`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct LimitRangeItem {
    #[prost(string, tag = "1")]
    pub(crate) r#type: String,
    #[prost(btree_map = "string, message", tag = "2")]
    pub(crate) max: BTreeMap<String, Quantity>,
    #[prost(btree_map = "string, message", tag = "3")]
    pub(crate) min: BTreeMap<String, Quantity>,
    #[prost(btree_map = "string, message", tag = "4")]
    pub(crate) default: BTreeMap<String, Quantity>,
    #[prost(btree_map = "string, message", tag = "5")]
    pub(crate) default_request: BTreeMap<String, Quantity>,
    #[prost(btree_map = "string, message", tag = "6")]
    pub(crate) max_limit_request_ratio: BTreeMap<String, Quantity>,
}

/// `ScopedResourceSelectorRequirement`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ScopedResourceSelectorRequirement {
    #[prost(string, tag = "1")]
    pub(crate) scope_name: String,
    #[prost(string, tag = "2")]
    pub(crate) operator: String,
    #[prost(string, repeated, tag = "3")]
    pub(crate) values: Vec<String>,
}

fn keys_alone<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, Vec<u8>>, D::Error> {
    let all = Option::<BTreeMap<String, Option<IgnoredAny>>>::deserialize(deserializer)?.unwrap_or_default();
    Ok(all.into_iter().filter_map(|(key, there)| there.map(|_| (key, Vec::new()))).collect())
}

fn base64_map<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, Vec<u8>>, D::Error> {
    #[derive(Deserialize)]
    struct Bytes(#[serde(with = "super::base64_bytes")] Vec<u8>);

    let all = BTreeMap::<String, Bytes>::deserialize(deserializer)?;
    Ok(all.into_iter().map(|(key, Bytes(bytes))| (key, bytes)).collect())
}

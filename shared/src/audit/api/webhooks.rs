//! Admission webhooks (tags: admissionregistration.k8s.io/v1).

use prost::Message;
use serde::Deserialize;

use super::base64_bytes;
use crate::model::{LabelSelector, ObjectMeta, decode::flattened};

/// `ValidatingWebhookConfiguration`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ValidatingWebhookConfiguration {
    #[prost(message, required, tag = "1")]
    pub(crate) metadata: ObjectMeta,
    #[prost(message, repeated, tag = "2")]
    pub(crate) webhooks: Vec<ValidatingWebhook>,
}

/// `MutatingWebhookConfiguration`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct MutatingWebhookConfiguration {
    #[prost(message, required, tag = "1")]
    pub(crate) metadata: ObjectMeta,
    #[prost(message, repeated, tag = "2")]
    pub(crate) webhooks: Vec<MutatingWebhook>,
}

/// `ValidatingWebhook`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ValidatingWebhook {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    #[prost(message, required, tag = "2")]
    pub(crate) client_config: WebhookClientConfig,
    #[prost(message, repeated, tag = "3")]
    pub(crate) rules: Vec<RuleWithOperations>,
    #[prost(string, optional, tag = "4")]
    pub(crate) failure_policy: Option<String>,
    #[prost(string, optional, tag = "9")]
    pub(crate) match_policy: Option<String>,
    #[prost(message, optional, tag = "5")]
    pub(crate) namespace_selector: Option<LabelSelector>,
    #[prost(message, optional, tag = "10")]
    pub(crate) object_selector: Option<LabelSelector>,
    #[prost(string, optional, tag = "6")]
    pub(crate) side_effects: Option<String>,
    #[prost(int32, optional, tag = "7")]
    pub(crate) timeout_seconds: Option<i32>,
    #[prost(string, repeated, tag = "8")]
    pub(crate) admission_review_versions: Vec<String>,
    #[prost(message, repeated, tag = "11")]
    pub(crate) match_conditions: Vec<MatchCondition>,
}

/// `MutatingWebhook`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct MutatingWebhook {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    #[prost(message, required, tag = "2")]
    pub(crate) client_config: WebhookClientConfig,
    #[prost(message, repeated, tag = "3")]
    pub(crate) rules: Vec<RuleWithOperations>,
    #[prost(string, optional, tag = "4")]
    pub(crate) failure_policy: Option<String>,
    #[prost(string, optional, tag = "9")]
    pub(crate) match_policy: Option<String>,
    #[prost(message, optional, tag = "5")]
    pub(crate) namespace_selector: Option<LabelSelector>,
    #[prost(message, optional, tag = "11")]
    pub(crate) object_selector: Option<LabelSelector>,
    #[prost(string, optional, tag = "6")]
    pub(crate) side_effects: Option<String>,
    #[prost(int32, optional, tag = "7")]
    pub(crate) timeout_seconds: Option<i32>,
    #[prost(string, repeated, tag = "8")]
    pub(crate) admission_review_versions: Vec<String>,
    #[prost(string, optional, tag = "10")]
    pub(crate) reinvocation_policy: Option<String>,
    #[prost(message, repeated, tag = "12")]
    pub(crate) match_conditions: Vec<MatchCondition>,
}

/// `WebhookClientConfig`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct WebhookClientConfig {
    #[prost(string, optional, tag = "3")]
    pub(crate) url: Option<String>,
    #[prost(message, optional, tag = "1")]
    pub(crate) service: Option<WebhookService>,
    #[prost(bytes = "vec", tag = "2")]
    #[serde(with = "base64_bytes")]
    pub(crate) ca_bundle: Vec<u8>,
}

/// `RuleWithOperations`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct RuleWithOperations {
    #[prost(string, repeated, tag = "1")]
    pub(crate) operations: Vec<String>,
    #[prost(message, required, tag = "2")]
    #[serde(flatten, deserialize_with = "flattened")]
    pub(crate) rule: WebhookRule,
}

/// `MatchCondition`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct MatchCondition {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    #[prost(string, tag = "2")]
    pub(crate) expression: String,
}

/// `ServiceReference`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct WebhookService {
    #[prost(string, tag = "1")]
    pub(crate) namespace: String,
    #[prost(string, tag = "2")]
    pub(crate) name: String,
    #[prost(string, optional, tag = "3")]
    pub(crate) path: Option<String>,
    #[prost(int32, optional, tag = "4")]
    pub(crate) port: Option<i32>,
}

/// `Rule`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct WebhookRule {
    #[prost(string, repeated, tag = "1")]
    pub(crate) api_groups: Vec<String>,
    #[prost(string, repeated, tag = "2")]
    pub(crate) api_versions: Vec<String>,
    #[prost(string, repeated, tag = "3")]
    pub(crate) resources: Vec<String>,
    #[prost(string, optional, tag = "4")]
    pub(crate) scope: Option<String>,
}

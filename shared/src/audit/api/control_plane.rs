//! What servers of the control plane say of themselves (tags: coordination.k8s.io/v1, apiregistration.k8s.io/v1).

use prost::Message;
use serde::Deserialize;

use super::base64_bytes;
use crate::model::{ObjectMeta, Time};

/// `Lease`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Lease {
    #[prost(message, required, tag = "1")]
    pub(crate) metadata: ObjectMeta,
    #[prost(message, required, tag = "2")]
    pub(crate) spec: LeaseSpec,
}

/// `APIService`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ApiService {
    #[prost(message, required, tag = "1")]
    pub(crate) metadata: ObjectMeta,
    #[prost(message, required, tag = "2")]
    pub(crate) spec: ApiServiceSpec,
    #[prost(message, required, tag = "3")]
    pub(crate) status: ApiServiceStatus,
}

/// `LeaseSpec`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct LeaseSpec {
    #[prost(string, optional, tag = "1")]
    pub(crate) holder_identity: Option<String>,
    #[prost(int32, optional, tag = "2")]
    pub(crate) lease_duration_seconds: Option<i32>,
    #[prost(message, optional, tag = "3")]
    pub(crate) acquire_time: Option<Time>,
    #[prost(message, optional, tag = "4")]
    pub(crate) renew_time: Option<Time>,
    #[prost(int32, optional, tag = "5")]
    pub(crate) lease_transitions: Option<i32>,
    #[prost(string, optional, tag = "6")]
    pub(crate) strategy: Option<String>,
    #[prost(string, optional, tag = "7")]
    pub(crate) preferred_holder: Option<String>,
}

/// `APIServiceSpec`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ApiServiceSpec {
    #[prost(message, optional, tag = "1")]
    pub(crate) service: Option<ApiServiceBackend>,
    #[prost(string, tag = "2")]
    pub(crate) group: String,
    #[prost(string, tag = "3")]
    pub(crate) version: String,
    #[prost(bool, tag = "4")]
    #[serde(rename = "insecureSkipTLSVerify")]
    pub(crate) insecure_skip_tls_verify: bool,
    #[prost(bytes = "vec", tag = "5")]
    #[serde(with = "base64_bytes")]
    pub(crate) ca_bundle: Vec<u8>,
}

/// `APIServiceStatus`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ApiServiceStatus {
    #[prost(message, repeated, tag = "1")]
    pub(crate) conditions: Vec<ApiServiceCondition>,
}

/// `ServiceReference`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ApiServiceBackend {
    #[prost(string, tag = "1")]
    pub(crate) namespace: String,
    #[prost(string, tag = "2")]
    pub(crate) name: String,
    #[prost(int32, optional, tag = "3")]
    pub(crate) port: Option<i32>,
}

/// `APIServiceCondition`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ApiServiceCondition {
    #[prost(string, tag = "1")]
    pub(crate) r#type: String,
    #[prost(string, tag = "2")]
    pub(crate) status: String,
    #[prost(message, optional, tag = "3")]
    pub(crate) last_transition_time: Option<Time>,
    #[prost(string, tag = "4")]
    pub(crate) reason: String,
    #[prost(string, tag = "5")]
    pub(crate) message: String,
}

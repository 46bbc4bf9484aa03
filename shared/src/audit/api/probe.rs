//! Probes and lifecycle hooks (tags: core/v1).

use prost::Message;
use serde::Deserialize;

use super::IntOrString;
use crate::model::decode::spread;

/// `Probe`.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Probe {
    #[prost(message, required, tag = "1")]
    pub(crate) handler: ProbeHandler,
    #[prost(int32, tag = "2")]
    pub(crate) initial_delay_seconds: i32,
    #[prost(int32, tag = "3")]
    pub(crate) timeout_seconds: i32,
    #[prost(int32, tag = "4")]
    pub(crate) period_seconds: i32,
    #[prost(int32, tag = "5")]
    pub(crate) success_threshold: i32,
    #[prost(int32, tag = "6")]
    pub(crate) failure_threshold: i32,
    #[prost(int64, optional, tag = "7")]
    pub(crate) termination_grace_period_seconds: Option<i64>,
}

spread! { Probe { "initialDelaySeconds": initial_delay_seconds, "timeoutSeconds": timeout_seconds, "periodSeconds": period_seconds, "successThreshold": success_threshold, "failureThreshold": failure_threshold, "terminationGracePeriodSeconds": termination_grace_period_seconds } handler }

/// `Lifecycle`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Lifecycle {
    #[prost(message, optional, tag = "1")]
    pub(crate) post_start: Option<LifecycleHandler>,
    #[prost(message, optional, tag = "2")]
    pub(crate) pre_stop: Option<LifecycleHandler>,
    #[prost(string, optional, tag = "3")]
    pub(crate) stop_signal: Option<String>,
}

/// `ProbeHandler`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ProbeHandler {
    #[prost(message, optional, tag = "1")]
    pub(crate) exec: Option<ExecAction>,
    #[prost(message, optional, tag = "2")]
    pub(crate) http_get: Option<HttpGetAction>,
    #[prost(message, optional, tag = "3")]
    pub(crate) tcp_socket: Option<TcpSocketAction>,
    #[prost(message, optional, tag = "4")]
    pub(crate) grpc: Option<GrpcAction>,
}

/// `LifecycleHandler`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct LifecycleHandler {
    #[prost(message, optional, tag = "1")]
    pub(crate) exec: Option<ExecAction>,
    #[prost(message, optional, tag = "2")]
    pub(crate) http_get: Option<HttpGetAction>,
    #[prost(message, optional, tag = "3")]
    pub(crate) tcp_socket: Option<TcpSocketAction>,
    #[prost(message, optional, tag = "4")]
    pub(crate) sleep: Option<SleepAction>,
}

/// `SleepAction`.
#[derive(Clone, Copy, PartialEq, Eq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct SleepAction {
    #[prost(int64, tag = "1")]
    pub(crate) seconds: i64,
}

/// `ExecAction`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ExecAction {
    #[prost(string, repeated, tag = "1")]
    pub(crate) command: Vec<String>,
}

/// `HTTPGetAction`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct HttpGetAction {
    #[prost(string, tag = "1")]
    pub(crate) path: String,
    #[prost(message, required, tag = "2")]
    pub(crate) port: IntOrString,
    #[prost(string, tag = "3")]
    pub(crate) host: String,
    #[prost(string, tag = "4")]
    pub(crate) scheme: String,
    #[prost(message, repeated, tag = "5")]
    pub(crate) http_headers: Vec<HttpHeader>,
}

/// `TCPSocketAction`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct TcpSocketAction {
    #[prost(message, required, tag = "1")]
    pub(crate) port: IntOrString,
    #[prost(string, tag = "2")]
    pub(crate) host: String,
}

/// `GRPCAction`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct GrpcAction {
    #[prost(int32, tag = "1")]
    pub(crate) port: i32,
    #[prost(string, optional, tag = "2")]
    pub(crate) service: Option<String>,
}

/// `HTTPHeader`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct HttpHeader {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    #[prost(string, tag = "2")]
    pub(crate) value: String,
}

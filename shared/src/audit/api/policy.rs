//! Disruption budgets (tags: policy/v1).

use prost::Message;
use serde::Deserialize;

use super::{Condition, IntOrString};
use crate::model::{LabelSelector, ObjectMeta};

/// `PodDisruptionBudget`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct PodDisruptionBudget {
    #[prost(message, required, tag = "1")]
    pub(crate) metadata: ObjectMeta,
    #[prost(message, required, tag = "2")]
    pub(crate) spec: PodDisruptionBudgetSpec,
    #[prost(message, required, tag = "3")]
    pub(crate) status: PodDisruptionBudgetStatus,
}

/// `PodDisruptionBudgetSpec`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct PodDisruptionBudgetSpec {
    #[prost(message, optional, tag = "1")]
    pub(crate) min_available: Option<IntOrString>,
    #[prost(message, optional, tag = "2")]
    pub(crate) selector: Option<LabelSelector>,
    #[prost(message, optional, tag = "3")]
    pub(crate) max_unavailable: Option<IntOrString>,
    #[prost(string, optional, tag = "4")]
    pub(crate) unhealthy_pod_eviction_policy: Option<String>,
}

/// `PodDisruptionBudgetStatus`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct PodDisruptionBudgetStatus {
    #[prost(int64, tag = "1")]
    pub(crate) observed_generation: i64,
    #[prost(int32, tag = "3")]
    pub(crate) disruptions_allowed: i32,
    #[prost(int32, tag = "4")]
    pub(crate) current_healthy: i32,
    #[prost(int32, tag = "5")]
    pub(crate) desired_healthy: i32,
    #[prost(int32, tag = "6")]
    pub(crate) expected_pods: i32,
    #[prost(message, repeated, tag = "7")]
    pub(crate) conditions: Vec<Condition>,
}

//! Autoscalers (tags: autoscaling/v2).

use prost::Message;
use serde::Deserialize;

use crate::{
    graph::edges::group_of,
    model::{LabelSelector, ObjectKey, ObjectMeta, Time},
    quantity::Wire as Quantity,
};

/// `HorizontalPodAutoscaler`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct HorizontalPodAutoscaler {
    #[prost(message, required, tag = "1")]
    pub(crate) metadata: ObjectMeta,
    #[prost(message, required, tag = "2")]
    pub(crate) spec: HorizontalPodAutoscalerSpec,
    #[prost(message, required, tag = "3")]
    pub(crate) status: HorizontalPodAutoscalerStatus,
}

impl HorizontalPodAutoscaler {
    /// The least replicas that it scales down to; left out is one.
    pub(crate) fn least(&self) -> i32 {
        self.spec.min_replicas.unwrap_or(1)
    }

    /// What it scales.
    pub(crate) fn target(&self) -> ObjectKey {
        let target = &self.spec.scale_target_ref;
        let namespace = self.metadata.namespace.as_str();
        ObjectKey::new(group_of(&target.api_version), target.kind.as_str(), namespace, target.name.as_str())
    }
}

/// `HorizontalPodAutoscalerSpec`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct HorizontalPodAutoscalerSpec {
    #[prost(message, required, tag = "1")]
    pub(crate) scale_target_ref: CrossVersionObjectReference,
    #[prost(int32, optional, tag = "2")]
    pub(crate) min_replicas: Option<i32>,
    #[prost(int32, tag = "3")]
    pub(crate) max_replicas: i32,
    #[prost(message, repeated, tag = "4")]
    pub(crate) metrics: Vec<MetricSpec>,
    #[prost(message, optional, tag = "5")]
    pub(crate) behavior: Option<HorizontalPodAutoscalerBehavior>,
}

/// `HorizontalPodAutoscalerStatus`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct HorizontalPodAutoscalerStatus {
    #[prost(int64, optional, tag = "1")]
    pub(crate) observed_generation: Option<i64>,
    #[prost(message, optional, tag = "2")]
    pub(crate) last_scale_time: Option<Time>,
    #[prost(int32, tag = "3")]
    pub(crate) current_replicas: i32,
    #[prost(int32, tag = "4")]
    pub(crate) desired_replicas: i32,
    #[prost(message, repeated, tag = "6")]
    pub(crate) conditions: Vec<HorizontalPodAutoscalerCondition>,
}

/// `CrossVersionObjectReference`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct CrossVersionObjectReference {
    #[prost(string, tag = "1")]
    pub(crate) kind: String,
    #[prost(string, tag = "2")]
    pub(crate) name: String,
    #[prost(string, tag = "3")]
    pub(crate) api_version: String,
}

/// `MetricSpec`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct MetricSpec {
    #[prost(string, tag = "1")]
    pub(crate) r#type: String,
    #[prost(message, optional, tag = "2")]
    pub(crate) object: Option<ObjectMetricSource>,
    #[prost(message, optional, tag = "3")]
    pub(crate) pods: Option<PodsMetricSource>,
    #[prost(message, optional, tag = "4")]
    pub(crate) resource: Option<ResourceMetricSource>,
    #[prost(message, optional, tag = "7")]
    pub(crate) container_resource: Option<ContainerResourceMetricSource>,
    #[prost(message, optional, tag = "5")]
    pub(crate) external: Option<ExternalMetricSource>,
}

/// `HorizontalPodAutoscalerBehavior`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct HorizontalPodAutoscalerBehavior {
    #[prost(message, optional, tag = "1")]
    pub(crate) scale_up: Option<HPAScalingRules>,
    #[prost(message, optional, tag = "2")]
    pub(crate) scale_down: Option<HPAScalingRules>,
}

/// `HorizontalPodAutoscalerCondition`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct HorizontalPodAutoscalerCondition {
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

/// `ObjectMetricSource`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ObjectMetricSource {
    #[prost(message, required, tag = "1")]
    pub(crate) described_object: CrossVersionObjectReference,
    #[prost(message, required, tag = "2")]
    pub(crate) target: MetricTarget,
    #[prost(message, required, tag = "3")]
    pub(crate) metric: MetricIdentifier,
}

/// `PodsMetricSource`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct PodsMetricSource {
    #[prost(message, required, tag = "1")]
    pub(crate) metric: MetricIdentifier,
    #[prost(message, required, tag = "2")]
    pub(crate) target: MetricTarget,
}

/// `ResourceMetricSource`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ResourceMetricSource {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    #[prost(message, required, tag = "2")]
    pub(crate) target: MetricTarget,
}

/// `ContainerResourceMetricSource`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ContainerResourceMetricSource {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    #[prost(message, required, tag = "2")]
    pub(crate) target: MetricTarget,
    #[prost(string, tag = "3")]
    pub(crate) container: String,
}

/// `ExternalMetricSource`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ExternalMetricSource {
    #[prost(message, required, tag = "1")]
    pub(crate) metric: MetricIdentifier,
    #[prost(message, required, tag = "2")]
    pub(crate) target: MetricTarget,
}

/// `HPAScalingRules`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct HPAScalingRules {
    #[prost(int32, optional, tag = "3")]
    pub(crate) stabilization_window_seconds: Option<i32>,
    #[prost(string, optional, tag = "1")]
    pub(crate) select_policy: Option<String>,
    #[prost(message, repeated, tag = "2")]
    pub(crate) policies: Vec<HPAScalingPolicy>,
    #[prost(message, optional, tag = "4")]
    pub(crate) tolerance: Option<Quantity>,
}

/// `MetricTarget`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct MetricTarget {
    #[prost(string, tag = "1")]
    pub(crate) r#type: String,
    #[prost(message, optional, tag = "2")]
    pub(crate) value: Option<Quantity>,
    #[prost(message, optional, tag = "3")]
    pub(crate) average_value: Option<Quantity>,
    #[prost(int32, optional, tag = "4")]
    pub(crate) average_utilization: Option<i32>,
}

/// `MetricIdentifier`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct MetricIdentifier {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    #[prost(message, optional, tag = "2")]
    pub(crate) selector: Option<LabelSelector>,
}

/// `HPAScalingPolicy`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct HPAScalingPolicy {
    #[prost(string, tag = "1")]
    pub(crate) r#type: String,
    #[prost(int32, tag = "2")]
    pub(crate) value: i32,
    #[prost(int32, tag = "3")]
    pub(crate) period_seconds: i32,
}

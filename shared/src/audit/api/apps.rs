//! Workloads (tags: apps/v1).

use prost::Message;
use serde::Deserialize;

use super::{IntOrString, PersistentVolumeClaim, PodTemplateSpec};
use crate::model::{LabelSelector, ObjectMeta, Time};

/// `Deployment`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Deployment {
    #[prost(message, required, tag = "1")]
    pub(crate) metadata: ObjectMeta,
    #[prost(message, required, tag = "2")]
    pub(crate) spec: DeploymentSpec,
    #[prost(message, required, tag = "3")]
    pub(crate) status: DeploymentStatus,
}

/// `ReplicaSet`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ReplicaSet {
    #[prost(message, required, tag = "1")]
    pub(crate) metadata: ObjectMeta,
    #[prost(message, required, tag = "2")]
    pub(crate) spec: ReplicaSetSpec,
    #[prost(message, required, tag = "3")]
    pub(crate) status: ReplicaSetStatus,
}

/// `StatefulSet`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct StatefulSet {
    #[prost(message, required, tag = "1")]
    pub(crate) metadata: ObjectMeta,
    #[prost(message, required, tag = "2")]
    pub(crate) spec: StatefulSetSpec,
    #[prost(message, required, tag = "3")]
    pub(crate) status: StatefulSetStatus,
}

/// `DaemonSet`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct DaemonSet {
    #[prost(message, required, tag = "1")]
    pub(crate) metadata: ObjectMeta,
    #[prost(message, required, tag = "2")]
    pub(crate) spec: DaemonSetSpec,
    #[prost(message, required, tag = "3")]
    pub(crate) status: DaemonSetStatus,
}

/// `DeploymentSpec`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct DeploymentSpec {
    #[prost(int32, optional, tag = "1")]
    pub(crate) replicas: Option<i32>,
    #[prost(message, optional, tag = "2")]
    pub(crate) selector: Option<LabelSelector>,
    #[prost(message, required, tag = "3")]
    pub(crate) template: PodTemplateSpec,
    #[prost(message, required, tag = "4")]
    pub(crate) strategy: DeploymentStrategy,
    #[prost(int32, tag = "5")]
    pub(crate) min_ready_seconds: i32,
    #[prost(int32, optional, tag = "6")]
    pub(crate) revision_history_limit: Option<i32>,
    #[prost(bool, tag = "7")]
    pub(crate) paused: bool,
    #[prost(int32, optional, tag = "9")]
    pub(crate) progress_deadline_seconds: Option<i32>,
}

/// `DeploymentStatus`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct DeploymentStatus {
    #[prost(int64, tag = "1")]
    pub(crate) observed_generation: i64,
    #[prost(int32, tag = "2")]
    pub(crate) replicas: i32,
    #[prost(int32, tag = "3")]
    pub(crate) updated_replicas: i32,
    #[prost(int32, tag = "7")]
    pub(crate) ready_replicas: i32,
    #[prost(int32, tag = "4")]
    pub(crate) available_replicas: i32,
    #[prost(int32, tag = "5")]
    pub(crate) unavailable_replicas: i32,
    #[prost(int32, optional, tag = "9")]
    pub(crate) terminating_replicas: Option<i32>,
    #[prost(message, repeated, tag = "6")]
    pub(crate) conditions: Vec<DeploymentCondition>,
    #[prost(int32, optional, tag = "8")]
    pub(crate) collision_count: Option<i32>,
}

/// `ReplicaSetSpec`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ReplicaSetSpec {
    #[prost(int32, optional, tag = "1")]
    pub(crate) replicas: Option<i32>,
    #[prost(int32, tag = "4")]
    pub(crate) min_ready_seconds: i32,
    #[prost(message, optional, tag = "2")]
    pub(crate) selector: Option<LabelSelector>,
    #[prost(message, required, tag = "3")]
    pub(crate) template: PodTemplateSpec,
}

/// `ReplicaSetStatus`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ReplicaSetStatus {
    #[prost(int32, tag = "1")]
    pub(crate) replicas: i32,
    #[prost(int32, tag = "2")]
    pub(crate) fully_labeled_replicas: i32,
    #[prost(int32, tag = "4")]
    pub(crate) ready_replicas: i32,
    #[prost(int32, tag = "5")]
    pub(crate) available_replicas: i32,
    #[prost(int32, optional, tag = "7")]
    pub(crate) terminating_replicas: Option<i32>,
    #[prost(int64, tag = "3")]
    pub(crate) observed_generation: i64,
    #[prost(message, repeated, tag = "6")]
    pub(crate) conditions: Vec<ReplicaSetCondition>,
}

/// `StatefulSetSpec`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct StatefulSetSpec {
    #[prost(int32, optional, tag = "1")]
    pub(crate) replicas: Option<i32>,
    #[prost(message, optional, tag = "2")]
    pub(crate) selector: Option<LabelSelector>,
    #[prost(message, required, tag = "3")]
    pub(crate) template: PodTemplateSpec,
    #[prost(message, repeated, tag = "4")]
    pub(crate) volume_claim_templates: Vec<PersistentVolumeClaim>,
    #[prost(string, tag = "5")]
    pub(crate) service_name: String,
    #[prost(string, tag = "6")]
    pub(crate) pod_management_policy: String,
    #[prost(message, required, tag = "7")]
    pub(crate) update_strategy: StatefulSetUpdateStrategy,
    #[prost(int32, optional, tag = "8")]
    pub(crate) revision_history_limit: Option<i32>,
    #[prost(int32, tag = "9")]
    pub(crate) min_ready_seconds: i32,
    #[prost(message, optional, tag = "10")]
    pub(crate) persistent_volume_claim_retention_policy:
        Option<StatefulSetPersistentVolumeClaimRetentionPolicy>,
    #[prost(message, optional, tag = "11")]
    pub(crate) ordinals: Option<StatefulSetOrdinals>,
}

/// `StatefulSetStatus`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct StatefulSetStatus {
    #[prost(int64, tag = "1")]
    pub(crate) observed_generation: i64,
    #[prost(int32, tag = "2")]
    pub(crate) replicas: i32,
    #[prost(int32, tag = "3")]
    pub(crate) ready_replicas: i32,
    #[prost(int32, tag = "4")]
    pub(crate) current_replicas: i32,
    #[prost(int32, tag = "5")]
    pub(crate) updated_replicas: i32,
    #[prost(string, tag = "6")]
    pub(crate) current_revision: String,
    #[prost(string, tag = "7")]
    pub(crate) update_revision: String,
    #[prost(int32, optional, tag = "9")]
    pub(crate) collision_count: Option<i32>,
    #[prost(message, repeated, tag = "10")]
    pub(crate) conditions: Vec<StatefulSetCondition>,
    #[prost(int32, tag = "11")]
    pub(crate) available_replicas: i32,
}

/// `DaemonSetSpec`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct DaemonSetSpec {
    #[prost(message, optional, tag = "1")]
    pub(crate) selector: Option<LabelSelector>,
    #[prost(message, required, tag = "2")]
    pub(crate) template: PodTemplateSpec,
    #[prost(message, required, tag = "3")]
    pub(crate) update_strategy: DaemonSetUpdateStrategy,
    #[prost(int32, tag = "4")]
    pub(crate) min_ready_seconds: i32,
    #[prost(int32, optional, tag = "6")]
    pub(crate) revision_history_limit: Option<i32>,
}

/// `DaemonSetStatus`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct DaemonSetStatus {
    #[prost(int32, tag = "1")]
    pub(crate) current_number_scheduled: i32,
    #[prost(int32, tag = "2")]
    pub(crate) number_misscheduled: i32,
    #[prost(int32, tag = "3")]
    pub(crate) desired_number_scheduled: i32,
    #[prost(int32, tag = "4")]
    pub(crate) number_ready: i32,
    #[prost(int64, tag = "5")]
    pub(crate) observed_generation: i64,
    #[prost(int32, tag = "6")]
    pub(crate) updated_number_scheduled: i32,
    #[prost(int32, tag = "7")]
    pub(crate) number_available: i32,
    #[prost(int32, tag = "8")]
    pub(crate) number_unavailable: i32,
    #[prost(int32, optional, tag = "9")]
    pub(crate) collision_count: Option<i32>,
    #[prost(message, repeated, tag = "10")]
    pub(crate) conditions: Vec<DaemonSetCondition>,
}

/// `DeploymentStrategy`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct DeploymentStrategy {
    #[prost(string, tag = "1")]
    pub(crate) r#type: String,
    #[prost(message, optional, tag = "2")]
    pub(crate) rolling_update: Option<RollingUpdateDeployment>,
}

/// `DeploymentCondition`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct DeploymentCondition {
    #[prost(string, tag = "1")]
    pub(crate) r#type: String,
    #[prost(string, tag = "2")]
    pub(crate) status: String,
    #[prost(message, optional, tag = "6")]
    pub(crate) last_update_time: Option<Time>,
    #[prost(message, optional, tag = "7")]
    pub(crate) last_transition_time: Option<Time>,
    #[prost(string, tag = "4")]
    pub(crate) reason: String,
    #[prost(string, tag = "5")]
    pub(crate) message: String,
}

/// `ReplicaSetCondition`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ReplicaSetCondition {
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

/// `StatefulSetUpdateStrategy`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct StatefulSetUpdateStrategy {
    #[prost(string, tag = "1")]
    pub(crate) r#type: String,
    #[prost(message, optional, tag = "2")]
    pub(crate) rolling_update: Option<RollingUpdateStatefulSetStrategy>,
}

/// `StatefulSetPersistentVolumeClaimRetentionPolicy`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct StatefulSetPersistentVolumeClaimRetentionPolicy {
    #[prost(string, tag = "1")]
    pub(crate) when_deleted: String,
    #[prost(string, tag = "2")]
    pub(crate) when_scaled: String,
}

/// `StatefulSetOrdinals`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct StatefulSetOrdinals {
    #[prost(int32, tag = "1")]
    pub(crate) start: i32,
}

/// `StatefulSetCondition`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct StatefulSetCondition {
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

/// `DaemonSetUpdateStrategy`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct DaemonSetUpdateStrategy {
    #[prost(string, tag = "1")]
    pub(crate) r#type: String,
    #[prost(message, optional, tag = "2")]
    pub(crate) rolling_update: Option<RollingUpdateDaemonSet>,
}

/// `DaemonSetCondition`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct DaemonSetCondition {
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

/// `RollingUpdateDeployment`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct RollingUpdateDeployment {
    #[prost(message, optional, tag = "1")]
    pub(crate) max_unavailable: Option<IntOrString>,
    #[prost(message, optional, tag = "2")]
    pub(crate) max_surge: Option<IntOrString>,
}

/// `RollingUpdateStatefulSetStrategy`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct RollingUpdateStatefulSetStrategy {
    #[prost(int32, optional, tag = "1")]
    pub(crate) partition: Option<i32>,
    #[prost(message, optional, tag = "2")]
    pub(crate) max_unavailable: Option<IntOrString>,
}

/// `RollingUpdateDaemonSet`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct RollingUpdateDaemonSet {
    #[prost(message, optional, tag = "1")]
    pub(crate) max_unavailable: Option<IntOrString>,
    #[prost(message, optional, tag = "2")]
    pub(crate) max_surge: Option<IntOrString>,
}

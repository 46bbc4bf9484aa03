//! Pods and their templates (tags: core/v1).

use std::collections::BTreeMap;

use prost::Message;
use serde::Deserialize;

use super::{
    Affinity, Container, EphemeralContainer, LocalObjectReference, PodSecurityContext, PodStatus,
    ResourceRequirements, Toleration, TopologySpreadConstraint, Volume,
};
use crate::{
    model::{ObjectMeta, Time},
    quantity::Wire as Quantity,
};

/// `Pod`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Pod {
    #[prost(message, required, tag = "1")]
    pub(crate) metadata: ObjectMeta,
    #[prost(message, required, tag = "2")]
    pub(crate) spec: PodSpec,
    #[prost(message, required, tag = "3")]
    pub(crate) status: PodStatus,
}

/// `ReplicationController`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ReplicationController {
    #[prost(message, required, tag = "1")]
    pub(crate) metadata: ObjectMeta,
    #[prost(message, required, tag = "2")]
    pub(crate) spec: ReplicationControllerSpec,
    #[prost(message, required, tag = "3")]
    pub(crate) status: ReplicationControllerStatus,
}

/// `PodTemplate`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct PodTemplate {
    #[prost(message, required, tag = "1")]
    pub(crate) metadata: ObjectMeta,
    #[prost(message, required, tag = "2")]
    pub(crate) template: PodTemplateSpec,
}

/// `PodSpec`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct PodSpec {
    #[prost(message, repeated, tag = "1")]
    pub(crate) volumes: Vec<Volume>,
    #[prost(message, repeated, tag = "20")]
    pub(crate) init_containers: Vec<Container>,
    #[prost(message, repeated, tag = "2")]
    pub(crate) containers: Vec<Container>,
    #[prost(message, repeated, tag = "34")]
    pub(crate) ephemeral_containers: Vec<EphemeralContainer>,
    #[prost(string, tag = "3")]
    pub(crate) restart_policy: String,
    #[prost(int64, optional, tag = "4")]
    pub(crate) termination_grace_period_seconds: Option<i64>,
    #[prost(int64, optional, tag = "5")]
    pub(crate) active_deadline_seconds: Option<i64>,
    #[prost(string, tag = "6")]
    pub(crate) dns_policy: String,
    #[prost(btree_map = "string, string", tag = "7")]
    pub(crate) node_selector: BTreeMap<String, String>,
    #[prost(string, tag = "8")]
    pub(crate) service_account_name: String,
    #[prost(string, tag = "9")]
    pub(crate) service_account: String,
    #[prost(bool, optional, tag = "21")]
    pub(crate) automount_service_account_token: Option<bool>,
    #[prost(string, tag = "10")]
    pub(crate) node_name: String,
    #[prost(bool, tag = "11")]
    pub(crate) host_network: bool,
    #[prost(bool, tag = "12")]
    #[serde(rename = "hostPID")]
    pub(crate) host_pid: bool,
    #[prost(bool, tag = "13")]
    #[serde(rename = "hostIPC")]
    pub(crate) host_ipc: bool,
    #[prost(bool, optional, tag = "27")]
    pub(crate) share_process_namespace: Option<bool>,
    #[prost(message, optional, tag = "14")]
    pub(crate) security_context: Option<PodSecurityContext>,
    #[prost(message, repeated, tag = "15")]
    pub(crate) image_pull_secrets: Vec<LocalObjectReference>,
    #[prost(string, tag = "16")]
    pub(crate) hostname: String,
    #[prost(string, tag = "17")]
    pub(crate) subdomain: String,
    #[prost(message, optional, tag = "18")]
    pub(crate) affinity: Option<Affinity>,
    #[prost(string, tag = "19")]
    pub(crate) scheduler_name: String,
    #[prost(message, repeated, tag = "22")]
    pub(crate) tolerations: Vec<Toleration>,
    #[prost(message, repeated, tag = "23")]
    pub(crate) host_aliases: Vec<HostAlias>,
    #[prost(string, tag = "24")]
    pub(crate) priority_class_name: String,
    #[prost(int32, optional, tag = "25")]
    pub(crate) priority: Option<i32>,
    #[prost(message, optional, tag = "26")]
    pub(crate) dns_config: Option<PodDNSConfig>,
    #[prost(message, repeated, tag = "28")]
    pub(crate) readiness_gates: Vec<PodReadinessGate>,
    #[prost(string, optional, tag = "29")]
    pub(crate) runtime_class_name: Option<String>,
    #[prost(bool, optional, tag = "30")]
    pub(crate) enable_service_links: Option<bool>,
    #[prost(string, optional, tag = "31")]
    pub(crate) preemption_policy: Option<String>,
    #[prost(btree_map = "string, message", tag = "32")]
    pub(crate) overhead: BTreeMap<String, Quantity>,
    #[prost(message, repeated, tag = "33")]
    pub(crate) topology_spread_constraints: Vec<TopologySpreadConstraint>,
    #[prost(bool, optional, tag = "35")]
    #[serde(rename = "setHostnameAsFQDN")]
    pub(crate) set_hostname_as_fqdn: Option<bool>,
    #[prost(message, optional, tag = "36")]
    pub(crate) os: Option<PodOS>,
    #[prost(bool, optional, tag = "37")]
    pub(crate) host_users: Option<bool>,
    #[prost(message, repeated, tag = "38")]
    pub(crate) scheduling_gates: Vec<PodSchedulingGate>,
    #[prost(message, repeated, tag = "39")]
    pub(crate) resource_claims: Vec<PodResourceClaim>,
    #[prost(message, optional, tag = "40")]
    pub(crate) resources: Option<ResourceRequirements>,
    #[prost(string, optional, tag = "41")]
    pub(crate) hostname_override: Option<String>,
}

/// `ReplicationControllerSpec`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ReplicationControllerSpec {
    #[prost(int32, optional, tag = "1")]
    pub(crate) replicas: Option<i32>,
    #[prost(int32, tag = "4")]
    pub(crate) min_ready_seconds: i32,
    #[prost(btree_map = "string, string", tag = "2")]
    pub(crate) selector: BTreeMap<String, String>,
    #[prost(message, optional, tag = "3")]
    pub(crate) template: Option<PodTemplateSpec>,
}

/// `ReplicationControllerStatus`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ReplicationControllerStatus {
    #[prost(int32, tag = "1")]
    pub(crate) replicas: i32,
    #[prost(int32, tag = "4")]
    pub(crate) ready_replicas: i32,
    #[prost(int32, tag = "5")]
    pub(crate) available_replicas: i32,
    #[prost(int64, tag = "3")]
    pub(crate) observed_generation: i64,
    #[prost(message, repeated, tag = "6")]
    pub(crate) conditions: Vec<ReplicationControllerCondition>,
}

/// `PodTemplateSpec`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct PodTemplateSpec {
    #[prost(message, required, tag = "1")]
    pub(crate) metadata: ObjectMeta,
    #[prost(message, required, tag = "2")]
    pub(crate) spec: PodSpec,
}

/// `HostAlias`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct HostAlias {
    #[prost(string, tag = "1")]
    pub(crate) ip: String,
    #[prost(string, repeated, tag = "2")]
    pub(crate) hostnames: Vec<String>,
}

/// `PodDNSConfig`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct PodDNSConfig {
    #[prost(string, repeated, tag = "1")]
    pub(crate) nameservers: Vec<String>,
    #[prost(string, repeated, tag = "2")]
    pub(crate) searches: Vec<String>,
    #[prost(message, repeated, tag = "3")]
    pub(crate) options: Vec<PodDNSConfigOption>,
}

/// `PodReadinessGate`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct PodReadinessGate {
    #[prost(string, tag = "1")]
    pub(crate) condition_type: String,
}

/// `PodOS`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct PodOS {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
}

/// `PodSchedulingGate`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct PodSchedulingGate {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
}

/// `PodResourceClaim`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct PodResourceClaim {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    #[prost(string, optional, tag = "3")]
    pub(crate) resource_claim_name: Option<String>,
    #[prost(string, optional, tag = "4")]
    pub(crate) resource_claim_template_name: Option<String>,
}

/// `ReplicationControllerCondition`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ReplicationControllerCondition {
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

/// `PodDNSConfigOption`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct PodDNSConfigOption {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    #[prost(string, optional, tag = "2")]
    pub(crate) value: Option<String>,
}

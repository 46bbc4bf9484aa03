//! Nodes (tags: core/v1).

use std::collections::BTreeMap;

use prost::Message;
use serde::Deserialize;

use crate::{
    model::{ObjectMeta, Time},
    quantity::Wire as Quantity,
};

/// `Node`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Node {
    #[prost(message, required, tag = "1")]
    pub(crate) metadata: ObjectMeta,
    #[prost(message, required, tag = "2")]
    pub(crate) spec: NodeSpec,
    #[prost(message, required, tag = "3")]
    pub(crate) status: NodeStatus,
}

/// `NodeSpec`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct NodeSpec {
    #[prost(string, tag = "3")]
    #[serde(rename = "providerID")]
    pub(crate) provider_id: String,
    #[prost(bool, tag = "4")]
    pub(crate) unschedulable: bool,
    #[prost(message, repeated, tag = "5")]
    pub(crate) taints: Vec<Taint>,
}

/// `NodeStatus`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct NodeStatus {
    #[prost(btree_map = "string, message", tag = "1")]
    pub(crate) capacity: BTreeMap<String, Quantity>,
    #[prost(btree_map = "string, message", tag = "2")]
    pub(crate) allocatable: BTreeMap<String, Quantity>,
    #[prost(message, repeated, tag = "4")]
    pub(crate) conditions: Vec<NodeCondition>,
    #[prost(message, required, tag = "7")]
    pub(crate) node_info: NodeSystemInfo,
}

/// `Taint`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Taint {
    #[prost(string, tag = "1")]
    pub(crate) key: String,
    #[prost(string, tag = "2")]
    pub(crate) value: String,
    #[prost(string, tag = "3")]
    pub(crate) effect: String,
    #[prost(message, optional, tag = "4")]
    pub(crate) time_added: Option<Time>,
}

/// `NodeCondition`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct NodeCondition {
    #[prost(string, tag = "1")]
    pub(crate) r#type: String,
    #[prost(string, tag = "2")]
    pub(crate) status: String,
    #[prost(message, optional, tag = "3")]
    pub(crate) last_heartbeat_time: Option<Time>,
    #[prost(message, optional, tag = "4")]
    pub(crate) last_transition_time: Option<Time>,
    #[prost(string, tag = "5")]
    pub(crate) reason: String,
    #[prost(string, tag = "6")]
    pub(crate) message: String,
}

/// `NodeSystemInfo`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct NodeSystemInfo {
    #[prost(string, tag = "4")]
    pub(crate) kernel_version: String,
    #[prost(string, tag = "5")]
    pub(crate) os_image: String,
    #[prost(string, tag = "6")]
    pub(crate) container_runtime_version: String,
    #[prost(string, tag = "7")]
    pub(crate) kubelet_version: String,
    #[prost(string, tag = "9")]
    pub(crate) operating_system: String,
    #[prost(string, tag = "10")]
    pub(crate) architecture: String,
}

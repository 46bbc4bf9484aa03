//! Priority and runtime classes (tags: scheduling.k8s.io/v1, node.k8s.io/v1).

use std::collections::BTreeMap;

use prost::Message;
use serde::Deserialize;

use crate::{model::ObjectMeta, quantity::Wire as Quantity};

/// `PriorityClass`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct PriorityClass {
    #[prost(message, required, tag = "1")]
    pub(crate) metadata: ObjectMeta,
    #[prost(int32, tag = "2")]
    pub(crate) value: i32,
    #[prost(bool, tag = "3")]
    pub(crate) global_default: bool,
}

/// `RuntimeClass`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct RuntimeClass {
    #[prost(message, required, tag = "1")]
    pub(crate) metadata: ObjectMeta,
    #[prost(string, tag = "2")]
    pub(crate) handler: String,
    #[prost(message, optional, tag = "3")]
    pub(crate) overhead: Option<Overhead>,
}

/// `Overhead`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Overhead {
    #[prost(btree_map = "string, message", tag = "1")]
    pub(crate) pod_fixed: BTreeMap<String, Quantity>,
}

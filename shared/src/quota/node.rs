//! What a node can give to pods (tags: core/v1's generated.proto).

use std::collections::BTreeMap;

use prost::Message;
use serde::Deserialize;

use super::Amounts;
use crate::{model::ObjectMeta, quantity::Wire};

/// `Node`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(default)]
pub struct Node {
    /// Metadata.
    #[prost(message, optional, tag = "1")]
    pub metadata: Option<ObjectMeta>,
    /// How it is.
    #[prost(message, optional, tag = "3")]
    pub status: Option<NodeStatus>,
}

/// `NodeStatus`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(default)]
pub struct NodeStatus {
    /// What pods may take of it: what it has, less what the system keeps.
    #[prost(btree_map = "string, message", tag = "2")]
    pub allocatable: BTreeMap<String, Wire>,
}

impl Node {
    /// What pods may take of it.
    pub fn allocatable(&self) -> Amounts {
        self.status.as_ref().map(|status| Amounts::from(&status.allocatable)).unwrap_or_default()
    }
}

//! Whether nodes have room: first fit, by what pods request and nodes have left.

use std::collections::BTreeMap;

use prost::Message;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::times::{how_often, times};
use crate::{
    model::{ObjectMeta, Time},
    quantity::{Quantity, Wire},
    quota::{
        Amounts,
        usage::{Pod, pod_requests},
    },
};

/// `Node` (tags: core/v1's generated.proto).
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(default)]
pub struct RoomyNode {
    /// Metadata.
    #[prost(message, optional, tag = "1")]
    pub metadata: Option<ObjectMeta>,
    /// What is wanted of it.
    #[prost(message, optional, tag = "2")]
    pub spec: Option<RoomyNodeSpec>,
    /// How it is.
    #[prost(message, optional, tag = "3")]
    pub status: Option<RoomyNodeStatus>,
}

/// `NodeSpec`.
#[derive(Clone, Copy, PartialEq, Eq, Message, Deserialize)]
#[serde(default)]
pub struct RoomyNodeSpec {
    /// Whether it takes no new pods.
    #[prost(bool, tag = "4")]
    pub unschedulable: bool,
}

/// `NodeStatus`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(default)]
pub struct RoomyNodeStatus {
    /// What pods may take of it.
    #[prost(btree_map = "string, message", tag = "2")]
    pub allocatable: BTreeMap<String, Wire>,
}

/// What the nodes have left.
#[derive(Debug, Clone, Default)]
pub struct Room {
    /// By node, those that take new pods.
    nodes: BTreeMap<String, Amounts>,
    /// Labels of all nodes.
    labels: Vec<BTreeMap<String, String>>,
    /// Pods that wait for a node.
    pub waiting: usize,
}

/// A resource of nodes that every pod takes one of.
const PODS: &str = "pods";

impl Room {
    /// What nodes have left beside these pods.
    pub fn new<'a>(nodes: &[RoomyNode], pods: impl IntoIterator<Item = &'a Pod>, now: Time) -> Self {
        let mut room = Self::default();
        for node in nodes {
            let Some(metadata) = &node.metadata else { continue };
            room.labels.push(metadata.labels.clone());
            if !node.spec.is_some_and(|spec| spec.unschedulable) {
                let allocatable = node.status.as_ref().map(|status| Amounts::from(&status.allocatable));
                room.nodes.insert(metadata.name.clone(), allocatable.unwrap_or_default());
            }
        }
        for pod in pods.into_iter().filter(|pod| !pod.has_ended(now)) {
            match room.nodes.get_mut(pod.node()) {
                Some(left) => *left = left.less(&takes(pod)),
                None if pod.node().is_empty() => room.waiting += 1,
                None => {}
            }
        }
        room
    }

    /// How many nodes have these labels; what a DaemonSet with this node selector runs on.
    pub fn selected(&self, selector: &Map<String, Value>) -> u32 {
        let selected = |labels: &&BTreeMap<String, String>| {
            selector.iter().all(|(key, value)| labels.get(key).map(String::as_str) == value.as_str())
        };
        u32::try_from(self.labels.iter().filter(selected).count()).unwrap_or(u32::MAX)
    }

    /// How many nodes take new pods.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether no node takes new pods.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Puts up to so many pods on nodes, each on the first that has room; says how many found one.
    pub(super) fn place(&mut self, pod: &Pod, count: u32) -> u32 {
        let takes = takes(pod);
        let mut placed = 0;
        for left in self.nodes.values_mut() {
            let more = how_often(&takes, |resource| left.of(resource), count - placed);
            for (resource, amount) in &takes {
                left.add(resource, -times(*amount, more));
            }
            placed += more;
        }
        placed
    }

    /// How many more pods would find room.
    pub(super) fn more(&self, pod: &Pod) -> u32 {
        self.clone().place(pod, u32::MAX)
    }
}

/// What a pod takes of its node.
fn takes(pod: &Pod) -> Amounts {
    let mut takes = pod_requests(pod);
    takes.set(PODS, Quantity::from(1));
    takes
}

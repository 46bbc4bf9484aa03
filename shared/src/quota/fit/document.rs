use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    model::{ObjectKey, Skipped},
    quantity::Quantity,
    quota::Amounts,
};

/// Whether objects will fit: the answer of `kubectl quota-usage fit`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct QuotaFit {
    /// `passmuster.dev/v1alpha1`.
    pub api_version: String,
    /// `QuotaFit`.
    pub kind: String,
    /// When it was read, in RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// Cluster; absent when files were read alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cluster: Option<String>,
    /// Whether everything fits, at every stage.
    pub fits: bool,
    /// What breaks first; absent when nothing does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<Breaks>,
    /// The objects, in the order in which they were given.
    pub objects: Vec<ObjectFit>,
    /// The quotas that they are charged to, sorted by namespace, quota and resource.
    pub quotas: Vec<QuotaRoom>,
    /// What the nodes have room for; absent when they were not read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nodes: Option<NodesFit>,
    /// What was left out of account.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// What could not be read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skipped: Vec<Skipped>,
}

/// When objects are charged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Stage {
    /// When they are applied.
    Now,
    /// At the peak of a rollout, with the pods of the surge.
    Rollout,
    /// When autoscaling has gone as far as it may.
    Autoscaled,
}

impl Stage {
    /// As tables call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Now => "now",
            Self::Rollout => "rollout",
            Self::Autoscaled => "autoscaled",
        }
    }
}

/// What breaks first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Breaks {
    /// When.
    pub stage: Stage,
    /// The object that does not fit.
    #[schemars(with = "String")]
    pub object: ObjectKey,
    /// Why.
    #[serde(flatten)]
    pub refusal: Refusal,
}

/// Why an object is not let in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Refusal {
    /// The quota that refuses it; absent when it is a LimitRange.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quota: Option<String>,
    /// Which of the workload's pods, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replica: Option<u32>,
    /// In the API server's words.
    pub message: String,
    /// What other quotas would say at the same moment. The API server asks quotas in no particular order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<String>,
}

/// Whether one object fits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ObjectFit {
    /// The object.
    #[schemars(with = "String")]
    pub object: ObjectKey,
    /// How many of its pods are there already.
    pub existing: u32,
    /// What one of its pods is charged, or the object itself where it makes no pods; zeros left out.
    pub each: Amounts,
    /// How it goes.
    pub stages: Vec<StageFit>,
    /// What the nodes have room for; absent when they were not read, or where there are no pods.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nodes: Option<Placed>,
    /// What else to know.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// How it goes for one object at one stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StageFit {
    /// When.
    pub stage: Stage,
    /// How many pods are wanted; 1 for what makes none.
    pub wanted: u32,
    /// How many of them are let in.
    pub admitted: u32,
    /// Whether nothing is refused.
    pub fits: bool,
    /// Where something is refused during a rollout: whether the rollout goes on all the same, with fewer pods at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub goes_on: Option<bool>,
    /// What is refused first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<Refusal>,
}

/// A key of a quota that the objects are charged to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct QuotaRoom {
    /// Namespace; absent for a project's quota.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// The quota.
    pub quota: String,
    /// Its key.
    pub resource: String,
    /// What it allows.
    pub hard: Quantity,
    /// What it is charged before.
    pub used: Quantity,
    /// What it would be charged afterwards, if it did not refuse.
    pub now: Quantity,
    /// At the peak of the rollouts, if it did not refuse.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rollout: Option<Quantity>,
    /// When autoscaling has gone as far as it may, if it did not refuse.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub autoscaled: Option<Quantity>,
}

/// Room on nodes for the pods of one object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Placed {
    /// How many more pods than now there will be, those of the surge with them.
    pub wanted: u32,
    /// How many of them find room.
    pub placed: u32,
    /// How many more would.
    pub more: u32,
}

/// Room on the nodes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NodesFit {
    /// How many nodes take new pods.
    pub schedulable: usize,
    /// Pods that wait for a node already. They are not counted.
    pub waiting: usize,
    /// Whether all pods find room.
    pub fits: bool,
}

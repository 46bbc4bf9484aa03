//! Pods, as far as quotas, sums and groups of them need (tags: core/v1's generated.proto).

use std::collections::BTreeMap;

use prost::Message;
use serde::Deserialize;

use crate::{
    model::{LabelSelector, ObjectMeta, Time},
    quantity::Wire,
};

/// `Pod`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Pod {
    /// Metadata.
    #[prost(message, optional, tag = "1")]
    pub metadata: Option<ObjectMeta>,
    /// What is to run.
    #[prost(message, optional, tag = "2")]
    pub spec: Option<PodSpec>,
    /// What runs.
    #[prost(message, optional, tag = "3")]
    pub status: Option<PodStatus>,
}

/// `PodSpec`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PodSpec {
    /// Containers that run to the end one by one before the others start, and sidecars.
    #[prost(message, repeated, tag = "20")]
    pub init_containers: Vec<Container>,
    /// Containers.
    #[prost(message, repeated, tag = "2")]
    pub containers: Vec<Container>,
    /// How long it may run, in seconds: such pods are `Terminating` to a quota.
    #[prost(int64, optional, tag = "5")]
    pub active_deadline_seconds: Option<i64>,
    /// Node that it was scheduled to.
    #[prost(string, tag = "10")]
    pub node_name: String,
    /// Where it wants to run.
    #[prost(message, optional, tag = "18")]
    pub affinity: Option<Affinity>,
    /// Priority class.
    #[prost(string, tag = "24")]
    pub priority_class_name: String,
    /// What running a pod of its runtime class takes beside its containers.
    #[prost(btree_map = "string, message", tag = "32")]
    pub overhead: BTreeMap<String, Wire>,
    /// What keeps it from being scheduled.
    #[prost(message, repeated, tag = "38")]
    pub scheduling_gates: Vec<PodSchedulingGate>,
    /// Resources of the pod as a whole.
    #[prost(message, optional, tag = "40")]
    pub resources: Option<ResourceRequirements>,
}

/// `PodSchedulingGate`.
#[derive(Clone, PartialEq, Eq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PodSchedulingGate {
    /// Name.
    #[prost(string, tag = "1")]
    pub name: String,
}

/// `Container`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Container {
    /// Name, unique in the pod.
    #[prost(string, tag = "1")]
    pub name: String,
    /// What it requests and is limited to.
    #[prost(message, optional, tag = "8")]
    pub resources: Option<ResourceRequirements>,
    /// `Always` makes an init container a sidecar.
    #[prost(string, tag = "24")]
    pub restart_policy: String,
}

/// `ResourceRequirements`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ResourceRequirements {
    /// The most that it may take.
    #[prost(btree_map = "string, message", tag = "1")]
    pub limits: BTreeMap<String, Wire>,
    /// What is set aside for it.
    #[prost(btree_map = "string, message", tag = "2")]
    pub requests: BTreeMap<String, Wire>,
}

/// `Affinity`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Affinity {
    /// Pods to be near to.
    #[prost(message, optional, tag = "2")]
    pub pod_affinity: Option<PodAffinity>,
    /// Pods to be far from.
    #[prost(message, optional, tag = "3")]
    pub pod_anti_affinity: Option<PodAffinity>,
}

/// `PodAffinity`, and `PodAntiAffinity`, which has the same fields.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PodAffinity {
    /// What must hold.
    #[prost(message, repeated, tag = "1")]
    #[serde(rename = "requiredDuringSchedulingIgnoredDuringExecution")]
    pub required: Vec<PodAffinityTerm>,
    /// What is better.
    #[prost(message, repeated, tag = "2")]
    #[serde(rename = "preferredDuringSchedulingIgnoredDuringExecution")]
    pub preferred: Vec<WeightedPodAffinityTerm>,
}

/// `PodAffinityTerm`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PodAffinityTerm {
    /// Namespaces of the other pods.
    #[prost(string, repeated, tag = "2")]
    pub namespaces: Vec<String>,
    /// Namespaces of the other pods, by label.
    #[prost(message, optional, tag = "4")]
    pub namespace_selector: Option<LabelSelector>,
}

/// `WeightedPodAffinityTerm`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct WeightedPodAffinityTerm {
    /// The term.
    #[prost(message, optional, tag = "2")]
    pub pod_affinity_term: Option<PodAffinityTerm>,
}

/// `PodStatus`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PodStatus {
    /// `Pending`, `Running`, `Succeeded`, `Failed` or `Unknown`.
    #[prost(string, tag = "1")]
    pub phase: String,
    /// Conditions.
    #[prost(message, repeated, tag = "2")]
    pub conditions: Vec<PodCondition>,
    /// Containers.
    #[prost(message, repeated, tag = "8")]
    pub container_statuses: Vec<ContainerStatus>,
    /// `Guaranteed`, `Burstable` or `BestEffort`: what the pod was when it was made.
    #[prost(string, tag = "9")]
    pub qos_class: String,
    /// Init containers and sidecars.
    #[prost(message, repeated, tag = "10")]
    pub init_container_statuses: Vec<ContainerStatus>,
    /// The claim that was made for extended resources that devices satisfy.
    #[prost(message, optional, tag = "18")]
    pub extended_resource_claim_status: Option<PodExtendedResourceClaimStatus>,
}

/// `PodCondition`.
#[derive(Clone, PartialEq, Eq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PodCondition {
    /// Type, as in `PodResizePending`.
    #[prost(string, tag = "1")]
    pub r#type: String,
    /// `True`, `False` or `Unknown`.
    #[prost(string, tag = "2")]
    pub status: String,
    /// One word why, as in `Infeasible`.
    #[prost(string, tag = "5")]
    pub reason: String,
}

/// `ContainerStatus`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ContainerStatus {
    /// Name of the container.
    #[prost(string, tag = "1")]
    pub name: String,
    /// What the node has set aside for it, which a resize not yet accepted does not change.
    #[prost(btree_map = "string, message", tag = "10")]
    pub allocated_resources: BTreeMap<String, Wire>,
    /// What it really runs with.
    #[prost(message, optional, tag = "11")]
    pub resources: Option<ResourceRequirements>,
}

/// `PodExtendedResourceClaimStatus`.
#[derive(Clone, PartialEq, Eq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PodExtendedResourceClaimStatus {
    /// Name of the claim.
    #[prost(string, tag = "2")]
    pub resource_claim_name: String,
}

impl Pod {
    /// Whether it has ended for quotas: it succeeded, it failed, or it should have been gone a grace period ago. Such
    /// a pod is still an object (`count/pods`), but takes nothing else.
    pub fn has_ended(&self, now: Time) -> bool {
        let phase = self.status.as_ref().map_or("", |status| status.phase.as_str());
        matches!(phase, "Failed" | "Succeeded")
            || self.metadata.as_ref().is_some_and(|meta| overdue(meta, now))
    }

    /// Whether it may run for a limited time only: to a quota such pods are `Terminating`.
    pub fn has_deadline(&self) -> bool {
        self.spec.as_ref().and_then(|spec| spec.active_deadline_seconds).is_some_and(|seconds| seconds >= 0)
    }

    /// Whether it waits for a gate to be lifted before it is scheduled.
    pub fn is_gated(&self) -> bool {
        self.spec.as_ref().is_some_and(|spec| !spec.scheduling_gates.is_empty())
    }

    /// The node it was scheduled to; empty while there is none.
    pub fn node(&self) -> &str {
        self.spec.as_ref().map_or("", |spec| &spec.node_name)
    }

    /// Whether a resize was refused by the node for good: what it asks for then counts no more.
    pub(super) fn resize_is_infeasible(&self) -> bool {
        let conditions = self.status.as_ref().map_or(&[][..], |status| &status.conditions);
        conditions
            .iter()
            .find(|condition| condition.r#type == "PodResizePending")
            .is_some_and(|condition| condition.reason == "Infeasible")
    }
}

/// The time of deletion already has the grace period in it; a quota waits that long once more.
fn overdue(metadata: &ObjectMeta, now: Time) -> bool {
    match (metadata.deletion_timestamp, metadata.deletion_grace_period_seconds) {
        (Some(deletion), Some(grace)) => {
            let last = Time { seconds: deletion.seconds.saturating_add(grace), ..deletion };
            now > last
        }
        _ => false,
    }
}

impl Container {
    /// Whether, among init containers, it is one that goes on running beside the others.
    pub fn is_sidecar(&self) -> bool {
        self.restart_policy == "Always"
    }
}

//! How a pod is doing (tags: core/v1's generated.proto).

use prost::Message;
use serde::Deserialize;

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
    /// Why it is so: `Evicted`, `NodeLost`…
    #[prost(string, tag = "4")]
    pub reason: String,
    /// Containers.
    #[prost(message, repeated, tag = "8")]
    pub container_statuses: Vec<ContainerStatus>,
    /// Init containers and sidecars, in the order of the spec.
    #[prost(message, repeated, tag = "10")]
    pub init_container_statuses: Vec<ContainerStatus>,
    /// Claims that were made of templates for this pod.
    #[prost(message, repeated, tag = "15")]
    pub resource_claim_statuses: Vec<PodResourceClaimStatus>,
    /// The claim that was made for extended resources that devices satisfy.
    #[prost(message, optional, tag = "18")]
    pub extended_resource_claim_status: Option<PodExtendedResourceClaimStatus>,
}

/// `PodCondition`.
#[derive(Clone, PartialEq, Eq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PodCondition {
    /// Type, as in `Ready`.
    #[prost(string, tag = "1")]
    pub r#type: String,
    /// `True`, `False` or `Unknown`.
    #[prost(string, tag = "2")]
    pub status: String,
    /// One word why, as in `SchedulingGated`.
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
    /// What it does now.
    #[prost(message, optional, tag = "2")]
    pub state: Option<ContainerState>,
    /// Whether its readiness probe succeeds.
    #[prost(bool, tag = "4")]
    pub ready: bool,
    /// Whether its startup probe succeeded.
    #[prost(bool, optional, tag = "9")]
    pub started: Option<bool>,
}

/// `ContainerState`: one of these; none means that it waits.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ContainerState {
    /// It waits.
    #[prost(message, optional, tag = "1")]
    pub waiting: Option<ContainerStateWaiting>,
    /// It runs.
    #[prost(message, optional, tag = "2")]
    pub running: Option<ContainerStateRunning>,
    /// It has ended.
    #[prost(message, optional, tag = "3")]
    pub terminated: Option<ContainerStateTerminated>,
}

/// `ContainerStateWaiting`.
#[derive(Clone, PartialEq, Eq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ContainerStateWaiting {
    /// One word why, as in `CrashLoopBackOff`.
    #[prost(string, tag = "1")]
    pub reason: String,
}

/// `ContainerStateRunning`. That it is there is all that is read.
#[derive(Clone, Copy, PartialEq, Eq, Message, Deserialize)]
#[serde(default)]
pub struct ContainerStateRunning {}

/// `ContainerStateTerminated`.
#[derive(Clone, PartialEq, Eq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ContainerStateTerminated {
    /// Its exit code.
    #[prost(int32, tag = "1")]
    pub exit_code: i32,
    /// The signal that ended it.
    #[prost(int32, tag = "2")]
    pub signal: i32,
    /// One word why, as in `OOMKilled`.
    #[prost(string, tag = "3")]
    pub reason: String,
}

/// `PodResourceClaimStatus`.
#[derive(Clone, PartialEq, Eq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PodResourceClaimStatus {
    /// Name of the claim.
    #[prost(string, tag = "2")]
    pub resource_claim_name: String,
}

/// `PodExtendedResourceClaimStatus`.
#[derive(Clone, PartialEq, Eq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PodExtendedResourceClaimStatus {
    /// Name of the claim.
    #[prost(string, tag = "2")]
    pub resource_claim_name: String,
}

//! Where pods want to run (tags: core/v1).

use prost::Message;
use serde::Deserialize;

use crate::model::LabelSelector;

/// `Affinity`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Affinity {
    #[prost(message, optional, tag = "1")]
    pub(crate) node_affinity: Option<NodeAffinity>,
    #[prost(message, optional, tag = "2")]
    pub(crate) pod_affinity: Option<PodAffinity>,
    #[prost(message, optional, tag = "3")]
    pub(crate) pod_anti_affinity: Option<PodAntiAffinity>,
}

/// `Toleration`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Toleration {
    #[prost(string, tag = "1")]
    pub(crate) key: String,
    #[prost(string, tag = "2")]
    pub(crate) operator: String,
    #[prost(string, tag = "3")]
    pub(crate) value: String,
    #[prost(string, tag = "4")]
    pub(crate) effect: String,
    #[prost(int64, optional, tag = "5")]
    pub(crate) toleration_seconds: Option<i64>,
}

/// `TopologySpreadConstraint`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct TopologySpreadConstraint {
    #[prost(int32, tag = "1")]
    pub(crate) max_skew: i32,
    #[prost(string, tag = "2")]
    pub(crate) topology_key: String,
    #[prost(string, tag = "3")]
    pub(crate) when_unsatisfiable: String,
    #[prost(message, optional, tag = "4")]
    pub(crate) label_selector: Option<LabelSelector>,
    #[prost(int32, optional, tag = "5")]
    pub(crate) min_domains: Option<i32>,
    #[prost(string, optional, tag = "6")]
    pub(crate) node_affinity_policy: Option<String>,
    #[prost(string, optional, tag = "7")]
    pub(crate) node_taints_policy: Option<String>,
    #[prost(string, repeated, tag = "8")]
    pub(crate) match_label_keys: Vec<String>,
}

/// `NodeAffinity`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct NodeAffinity {
    #[prost(message, optional, tag = "1")]
    pub(crate) required_during_scheduling_ignored_during_execution: Option<NodeSelector>,
    #[prost(message, repeated, tag = "2")]
    pub(crate) preferred_during_scheduling_ignored_during_execution: Vec<PreferredSchedulingTerm>,
}

/// `PodAffinity`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct PodAffinity {
    #[prost(message, repeated, tag = "1")]
    pub(crate) required_during_scheduling_ignored_during_execution: Vec<PodAffinityTerm>,
    #[prost(message, repeated, tag = "2")]
    pub(crate) preferred_during_scheduling_ignored_during_execution: Vec<WeightedPodAffinityTerm>,
}

/// `PodAntiAffinity`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct PodAntiAffinity {
    #[prost(message, repeated, tag = "1")]
    pub(crate) required_during_scheduling_ignored_during_execution: Vec<PodAffinityTerm>,
    #[prost(message, repeated, tag = "2")]
    pub(crate) preferred_during_scheduling_ignored_during_execution: Vec<WeightedPodAffinityTerm>,
}

/// `NodeSelector`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct NodeSelector {
    #[prost(message, repeated, tag = "1")]
    pub(crate) node_selector_terms: Vec<NodeSelectorTerm>,
}

/// `PreferredSchedulingTerm`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct PreferredSchedulingTerm {
    #[prost(int32, tag = "1")]
    pub(crate) weight: i32,
    #[prost(message, required, tag = "2")]
    pub(crate) preference: NodeSelectorTerm,
}

/// `PodAffinityTerm`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct PodAffinityTerm {
    #[prost(message, optional, tag = "1")]
    pub(crate) label_selector: Option<LabelSelector>,
    #[prost(string, repeated, tag = "2")]
    pub(crate) namespaces: Vec<String>,
    #[prost(string, tag = "3")]
    pub(crate) topology_key: String,
    #[prost(message, optional, tag = "4")]
    pub(crate) namespace_selector: Option<LabelSelector>,
    #[prost(string, repeated, tag = "5")]
    pub(crate) match_label_keys: Vec<String>,
    #[prost(string, repeated, tag = "6")]
    pub(crate) mismatch_label_keys: Vec<String>,
}

/// `WeightedPodAffinityTerm`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct WeightedPodAffinityTerm {
    #[prost(int32, tag = "1")]
    pub(crate) weight: i32,
    #[prost(message, required, tag = "2")]
    pub(crate) pod_affinity_term: PodAffinityTerm,
}

/// `NodeSelectorTerm`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct NodeSelectorTerm {
    #[prost(message, repeated, tag = "1")]
    pub(crate) match_expressions: Vec<NodeSelectorRequirement>,
    #[prost(message, repeated, tag = "2")]
    pub(crate) match_fields: Vec<NodeSelectorRequirement>,
}

/// `NodeSelectorRequirement`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct NodeSelectorRequirement {
    #[prost(string, tag = "1")]
    pub(crate) key: String,
    #[prost(string, tag = "2")]
    pub(crate) operator: String,
    #[prost(string, repeated, tag = "3")]
    pub(crate) values: Vec<String>,
}

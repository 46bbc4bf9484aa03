use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Rate;
use crate::{model::Skipped, quantity::Quantity};

/// What is used of which quota: the answer of `kubectl quota-usage`, as it is printed, saved and compared.
///
/// Rows are sorted as was asked for, by default by their keys: cluster, project, namespace, node, owner, pod, label,
/// quota, resource.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct QuotaUsage {
    /// `passmuster.dev/v1alpha1`.
    pub api_version: String,
    /// `QuotaUsage`.
    pub kind: String,
    /// What rows are put together by, in this order: `cluster`, `project`, `namespace`, `node`, `owner`, `pod` or
    /// `label=KEY`.
    pub by: Vec<String>,
    /// When it was read, in RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// How far back the peaks look, such as `1d`; absent when no peaks were asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    /// The clusters that were asked, sorted by name.
    pub clusters: Vec<ClusterEntry>,
    /// The rows.
    pub rows: Vec<Row>,
    /// Each resource over all rows.
    pub totals: Vec<Row>,
}

/// A cluster that was asked.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct ClusterEntry {
    /// What it is called in rows.
    pub name: String,
    /// The context of the kubeconfig that it was asked by; empty when there is none.
    pub context: String,
    /// Other contexts of the kubeconfig that lead to the same cluster.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
    /// Its number in spreadsheets, as the configuration says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// The uid of its namespace `kube-system`, which tells clusters apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uid: Option<String>,
    /// Why nothing of it could be read. There are no rows of it then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// What of it could not be read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skipped: Vec<Skipped>,
}

/// One resource of one group of pods and quotas.
///
/// Where a quota limits the resource there is a row for each key of each quota (`requests.cpu`, `limits.cpu`); where
/// none does there is one row by the resource's own name (`cpu`).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct Row {
    /// Cluster, when rows are by cluster.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cluster: Option<String>,
    /// Project; absent for namespaces that belong to none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// What people call the project.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// Namespace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// Node.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub node: Option<String>,
    /// Workload: `Deployment/web`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Pod.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pod: Option<String>,
    /// Values of the labels that rows are put together by, in that order; absent labels are empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<String>,
    /// The quota that `hard` and `used` are of: a ResourceQuota's name, or `ProjectQuota/NAME` for a project's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quota: Option<String>,
    /// Key of the quota, such as `requests.cpu`; without a quota, the resource, such as `cpu`.
    pub resource: String,
    /// What the quota allows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hard: Option<Quantity>,
    /// What the quota is charged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used: Option<Quantity>,
    /// What the pods request of the resource.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requested: Option<Quantity>,
    /// What the pods are limited to of the resource.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limited: Option<Quantity>,
    /// What the pods really use now (metrics.k8s.io).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub now: Option<Quantity>,
    /// The sum of the pods' own peaks over the period (Prometheus).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peak: Option<Quantity>,
    /// The peak of their sum: what they used at one moment. Never more than `peak`, unless that counts of each workload
    /// only as many pods as it had replicas: what a rollout had beyond those is in here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub concurrent_peak: Option<Quantity>,
    /// What the nodes can give to pods: of the cluster, or of the row's node.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allocatable: Option<Quantity>,
    /// `used` of `hard`; where there is no quota, `requested` of `allocatable`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<Rate>,
    /// `peak` of `hard`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peak_rate: Option<Rate>,
    /// `hard` of `allocatable`: how much of the cluster the quota holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<Rate>,
}

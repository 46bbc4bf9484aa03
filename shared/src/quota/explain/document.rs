use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    model::ObjectKey,
    quantity::Quantity,
    quota::{ClusterEntry, Rate, usage::Arithmetic},
};

/// Which objects a quota is charged for: the answer of `kubectl quota-usage explain`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct QuotaExplanation {
    /// `passmuster.dev/v1alpha1`.
    pub api_version: String,
    /// `QuotaExplanation`.
    pub kind: String,
    /// When it was read, in RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// The resource as it was asked for, such as `cpu`.
    pub resource: String,
    /// The clusters that were asked, sorted by name.
    pub clusters: Vec<ClusterEntry>,
    /// A section for each cluster, key, and namespace or project, sorted by these.
    pub sections: Vec<Section>,
}

/// One key in one namespace, or in one project.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Section {
    /// Cluster.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cluster: Option<String>,
    /// Project, when it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// Namespace, unless it is about a project.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// The key, such as `requests.cpu`.
    pub key: String,
    /// All that objects are charged.
    pub sum: Quantity,
    /// The quotas that have the key, sorted by namespace and name.
    pub quotas: Vec<Beside>,
    /// Who takes it: the most first.
    pub workloads: Vec<Share>,
    /// Objects that would take some, but are not charged; sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub uncharged: Vec<Uncharged>,
}

/// A quota beside what was counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Beside {
    /// Its namespace; absent for a project's quota.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// Its name; `ProjectQuota/NAME` for a project's.
    pub quota: String,
    /// What it allows.
    pub hard: Quantity,
    /// What it says is used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used: Option<Quantity>,
    /// What was counted of the objects in its scopes.
    pub counted: Quantity,
    /// `counted` of `hard`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<Rate>,
    /// Its scopes, as in `NotTerminating` or `PriorityClass In (high)`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<String>,
    /// How many objects it does not count because they are not in its scopes.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub out_of_scope: usize,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// What one workload takes: the topmost controller of its objects, or an object that nobody controls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Share {
    /// Namespace.
    pub namespace: String,
    /// The workload: `Deployment/web`.
    pub owner: String,
    /// How much.
    pub amount: Quantity,
    /// Its objects, the most first.
    pub objects: Vec<Taken>,
}

/// What one object takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Taken {
    /// The object.
    #[schemars(with = "String")]
    pub object: ObjectKey,
    /// How much.
    pub amount: Quantity,
    /// How it adds up, of pods.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arithmetic: Option<Arithmetic>,
    /// The arithmetic in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub formula: String,
    /// What else to know: that it is being deleted, or belongs to a ReplicaSet that is replaced.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// An object that is not charged.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Uncharged {
    /// The object.
    #[schemars(with = "String")]
    pub object: ObjectKey,
    /// What it would be charged.
    pub amount: Quantity,
    /// Why it is not.
    pub why: String,
}

impl QuotaExplanation {
    /// What was found, in clusters that were read.
    pub fn new(
        at: Option<String>,
        resource: &str,
        clusters: Vec<ClusterEntry>,
        mut sections: Vec<Section>,
    ) -> Self {
        let place = |section: &Section| {
            let Section { cluster, project, namespace, key, .. } = section;
            (cluster.clone(), project.clone(), namespace.clone(), key.clone())
        };
        sections.sort_by_key(place);
        Self {
            api_version: crate::API_VERSION.to_owned(),
            kind: "QuotaExplanation".to_owned(),
            at,
            resource: resource.to_owned(),
            clusters,
            sections,
        }
    }
}

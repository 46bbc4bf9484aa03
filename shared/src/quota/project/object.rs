//! Our own object, `ProjectQuota`. Its definition, `manifests/crds/passmuster.dev_projectquotas.yaml`, is generated
//! from these types.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Enforcement, Model, schema};
use crate::{API_VERSION, model, quota::Amounts};

/// What namespaces may take together, in one cluster or in several.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProjectQuota {
    /// `passmuster.dev/v1alpha1`.
    #[serde(default)]
    pub api_version: String,
    /// `ProjectQuota`.
    #[serde(default)]
    pub kind: String,
    /// The name is the project's.
    #[schemars(schema_with = "schema::metadata")]
    pub metadata: Metadata,
    /// What is wanted.
    pub spec: ProjectQuotaSpec,
    /// What was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<ProjectQuotaStatus>,
}

impl ProjectQuota {
    /// Kind, as in `kind:`.
    pub const KIND: model::Kind = model::Kind::cluster("passmuster.dev", "ProjectQuota");

    /// The quota of a project.
    pub fn new(name: impl Into<String>, spec: ProjectQuotaSpec) -> Self {
        Self {
            api_version: API_VERSION.to_owned(),
            kind: Self::KIND.kind.to_owned(),
            metadata: Metadata { name: name.into(), ..Metadata::default() },
            spec,
            status: None,
        }
    }
}

/// The parts of metadata that are read and written.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Metadata {
    /// Name.
    pub name: String,
    /// Unique over space and time; empty until it is stored.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub uid: String,
    /// Version of the stored object.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub resource_version: String,
    /// Labels.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    /// Annotations.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub annotations: BTreeMap<String, String>,
}

/// What namespaces may take together.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(extend("x-kubernetes-validations" = [
    {
        "rule": "(has(self.namespaces) && size(self.namespaces) > 0) || has(self.namespaceSelector)",
        "message": "namespaces or namespaceSelector must say which namespaces belong to the project",
        "fieldPath": ".namespaces",
        "reason": "FieldValueRequired",
    },
    {
        "rule": "!has(self.clusters) || self.clusters.all(cluster, cluster.hard.all(key, key in self.hard))",
        "message": "no cluster can have a part of what hard does not limit",
        "fieldPath": ".clusters",
    },
]))]
pub struct ProjectQuotaSpec {
    /// What people call the project.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 253))]
    pub display_name: Option<String>,
    /// What another system calls the project.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 253))]
    pub external_id: Option<String>,
    /// Names of namespaces that belong to the project.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(schema_with = "schema::namespaces")]
    pub namespaces: Vec<String>,
    /// Labels of namespaces that belong to the project, besides those that are named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace_selector: Option<NamespaceSelector>,
    /// How much of which resource they may take together; keys as ResourceQuota has them.
    #[schemars(schema_with = "schema::hard")]
    pub hard: Amounts,
    /// Only objects in all of these scopes are charged; as ResourceQuota has them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(schema_with = "schema::scopes")]
    pub scopes: Vec<String>,
    /// Only objects in these scopes are charged; as ResourceQuota has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope_selector: Option<ScopeSelector>,
    /// How the project is charged: by usage, for what the objects in its namespaces take, or by allocation, for what
    /// the ResourceQuotas of its namespaces allow.
    #[serde(default)]
    pub model: Model,
    /// What the admission webhook does with what would exceed the quota: advisory, it warns and admits; enforce, it
    /// refuses. Without it the webhook does what it is told to do with all quotas.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enforcement: Option<Enforcement>,
    /// How much of it in which cluster. Without them the quota holds in the cluster that it is in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(
        length(max = 256),
        extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["name"])
    )]
    pub clusters: Vec<ClusterSlice>,
}

/// Labels of namespaces, as `metav1.LabelSelector` has them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct NamespaceSelector {
    /// Labels that must be there with exactly these values.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub match_labels: BTreeMap<String, String>,
    /// Further requirements, all of which must hold.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub match_expressions: Vec<NamespaceRequirement>,
}

/// What a label of a namespace must be.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NamespaceRequirement {
    /// The label's key.
    pub key: String,
    /// `In`, `NotIn`, `Exists` or `DoesNotExist`.
    #[schemars(schema_with = "schema::operator")]
    pub operator: String,
    /// Values of `In` and `NotIn`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
}

/// Which objects are charged, by scope; as ResourceQuota has it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct ScopeSelector {
    /// What must hold, all of it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub match_expressions: Vec<ScopeRequirement>,
}

/// What the scope of an object must be.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ScopeRequirement {
    /// `Terminating`, `PriorityClass`…
    #[schemars(schema_with = "schema::scope")]
    pub scope_name: String,
    /// `In`, `NotIn`, `Exists` or `DoesNotExist`.
    #[schemars(schema_with = "schema::operator")]
    pub operator: String,
    /// Values of `In` and `NotIn`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
}

/// How much of a project's quota in one cluster.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ClusterSlice {
    /// The cluster, by the name that the kubeconfig or the configuration file gives it.
    #[schemars(length(min = 1, max = 253))]
    pub name: String,
    /// How much of which resource the project's namespaces may take there together.
    #[schemars(schema_with = "schema::hard")]
    pub hard: Amounts,
}

/// What was found of a project.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct ProjectQuotaStatus {
    /// The generation of the object that this is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
    /// What is enforced.
    #[serde(skip_serializing_if = "Amounts::is_empty")]
    #[schemars(schema_with = "schema::amounts")]
    pub hard: Amounts,
    /// What is charged.
    #[serde(skip_serializing_if = "Amounts::is_empty")]
    #[schemars(schema_with = "schema::amounts")]
    pub used: Amounts,
    /// What was admitted and is not yet seen to be there.
    #[serde(skip_serializing_if = "Amounts::is_empty")]
    #[schemars(schema_with = "schema::amounts")]
    pub reserved: Amounts,
    /// What each namespace is charged of it, sorted by name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["name"]))]
    pub namespaces: Vec<NamespaceShare>,
    /// How it stands.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["type"]))]
    pub conditions: Vec<Condition>,
}

/// What a namespace is charged of a project's quota.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NamespaceShare {
    /// The namespace.
    pub name: String,
    /// What is charged.
    #[serde(default, skip_serializing_if = "Amounts::is_empty")]
    #[schemars(schema_with = "schema::amounts")]
    pub used: Amounts,
    /// What was admitted and is not yet seen to be there.
    #[serde(default, skip_serializing_if = "Amounts::is_empty")]
    #[schemars(schema_with = "schema::amounts")]
    pub reserved: Amounts,
}

/// How something stands, as `metav1.Condition` has it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Condition {
    /// What.
    #[serde(rename = "type")]
    pub condition_type: String,
    /// `True`, `False` or `Unknown`.
    pub status: String,
    /// The generation of the object that this is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
    /// Since when, in RFC 3339.
    pub last_transition_time: String,
    /// Why, in one word.
    pub reason: String,
    /// Why, in a sentence.
    pub message: String,
}

impl From<&NamespaceSelector> for model::LabelSelector {
    fn from(selector: &NamespaceSelector) -> Self {
        let expressions = selector.match_expressions.iter().cloned();
        Self {
            match_labels: selector.match_labels.clone(),
            match_expressions: expressions
                .map(|NamespaceRequirement { key, operator, values }| model::LabelSelectorRequirement {
                    key,
                    operator,
                    values,
                })
                .collect(),
        }
    }
}

impl From<&model::LabelSelector> for NamespaceSelector {
    fn from(selector: &model::LabelSelector) -> Self {
        let expressions = selector.match_expressions.iter().cloned();
        Self {
            match_labels: selector.match_labels.clone(),
            match_expressions: expressions
                .map(|model::LabelSelectorRequirement { key, operator, values }| NamespaceRequirement {
                    key,
                    operator,
                    values,
                })
                .collect(),
        }
    }
}

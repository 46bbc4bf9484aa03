use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{model::Skipped, quantity::Quantity, quota::ClusterEntry};

/// What is wrong with quotas: the answer of `kubectl quota-usage verify`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct QuotaVerification {
    /// `passmuster.dev/v1alpha1`.
    pub api_version: String,
    /// `QuotaVerification`.
    pub kind: String,
    /// When it was read, in RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// The clusters that were asked, sorted by name.
    pub clusters: Vec<ClusterEntry>,
    /// How many ResourceQuotas were recounted.
    pub quotas: usize,
    /// How many projects with a quota were looked at.
    pub projects: usize,
    /// What is wrong, sorted by cluster, project, namespace, quota, problem and resource.
    pub findings: Vec<Finding>,
}

/// Something that is wrong with a quota.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// Cluster.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cluster: Option<String>,
    /// Project, when it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// Namespace, when it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// The quota: a ResourceQuota's name, or `ProjectQuota/NAME`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quota: Option<String>,
    /// What is wrong.
    pub problem: Problem,
    /// Key of the quota, when it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
    /// What the quota allows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hard: Option<Quantity>,
    /// What the quota says is used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used: Option<Quantity>,
    /// What was counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counted: Option<Quantity>,
    /// How it came about.
    pub cause: String,
    /// What to do about it.
    pub remedy: String,
    /// Objects that it is about, as in `Pod/shop/web-1`, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub objects: Vec<String>,
}

/// What can be wrong with a quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Problem {
    /// `status.hard` is empty: nothing is enforced.
    NeverSynced,
    /// `status.hard` is not `spec.hard`: something else is enforced than is wanted.
    Stale,
    /// A key is enforced whose usage is not known: everything that it counts is refused.
    UsageUnknown,
    /// More is charged than is there.
    Leak,
    /// More is charged than is there, and nobody takes it back: usage only grows.
    Ratchet,
    /// Less is charged than is there.
    UnderCount,
    /// The quota has nothing in `spec.hard`.
    LimitsNothing,
    /// No server counts anything by this key.
    UnknownKey,
    /// No object that the key counts can be in the quota's scopes.
    UnmatchedScope,
    /// More is used than is allowed.
    OverHard,
    /// Another quota is reached before this one can be.
    Pointless,
    /// Pods that should be gone are still charged.
    Terminating,
    /// What a project's namespaces may use is more than the project may.
    OverCommitted,
    /// A namespace of a project that hands its quota out sets no limit of its own.
    Unallocated,
    /// Namespaces belong to no project, or to several.
    NoProject,
}

impl Problem {
    /// As it is written.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NeverSynced => "never-synced",
            Self::Stale => "stale",
            Self::UsageUnknown => "usage-unknown",
            Self::Leak => "leak",
            Self::Ratchet => "ratchet",
            Self::UnderCount => "under-count",
            Self::LimitsNothing => "limits-nothing",
            Self::UnknownKey => "unknown-key",
            Self::UnmatchedScope => "unmatched-scope",
            Self::OverHard => "over-hard",
            Self::Pointless => "pointless",
            Self::Terminating => "terminating",
            Self::OverCommitted => "over-committed",
            Self::Unallocated => "unallocated",
            Self::NoProject => "no-project",
        }
    }

    /// Whether it may be gone a moment later: the status lags behind the objects.
    pub const fn passes(self) -> bool {
        matches!(
            self,
            Self::NeverSynced
                | Self::Stale
                | Self::UsageUnknown
                | Self::Leak
                | Self::Ratchet
                | Self::UnderCount
        )
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Finding {
    /// A finding about nothing in particular yet.
    pub(super) fn new(problem: Problem, cause: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            cluster: None,
            project: None,
            namespace: None,
            quota: None,
            problem,
            resource: None,
            hard: None,
            used: None,
            counted: None,
            cause: cause.into(),
            remedy: remedy.into(),
            objects: Vec::new(),
        }
    }

    /// About this key.
    #[must_use]
    pub(super) fn of(self, resource: &str, hard: Option<Quantity>) -> Self {
        Self { resource: Some(resource.to_owned()), hard, ..self }
    }

    /// Whether another reading says the same: of the same quota and key, with the same numbers.
    pub fn is_again(&self, other: &Self) -> bool {
        self.namespace == other.namespace
            && self.quota == other.quota
            && self.problem == other.problem
            && self.resource == other.resource
            && self.used == other.used
            && self.counted == other.counted
    }
}

impl QuotaVerification {
    /// What was found, in clusters that were read; sorted.
    pub fn new(
        at: Option<String>,
        clusters: Vec<ClusterEntry>,
        quotas: usize,
        projects: usize,
        mut findings: Vec<Finding>,
    ) -> Self {
        findings.sort();
        Self {
            api_version: crate::API_VERSION.to_owned(),
            kind: "QuotaVerification".to_owned(),
            at,
            clusters,
            quotas,
            projects,
            findings,
        }
    }

    /// Everything that could not be read, of all clusters.
    pub fn skipped(&self) -> impl Iterator<Item = &Skipped> {
        self.clusters.iter().flat_map(|cluster| &cluster.skipped)
    }
}

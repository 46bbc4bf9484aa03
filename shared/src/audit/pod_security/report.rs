//! What `kubectl audit enforce` answers: the document of `-o json`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{blame::Culprit, check::Violation, labels::Modes, policy::Level};
use crate::model::{ObjectKey, Skipped};

/// What would be refused if a policy of the Pod Security Standards were enforced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PodSecurityReport {
    /// `passmuster.dev/v1alpha1`.
    pub api_version: String,
    /// `PodSecurityReport`.
    pub kind: String,
    /// Name of the cluster, or the files.
    pub cluster: String,
    /// The policy, as `restricted:v1.36`.
    pub policy: String,
    /// The same level as of another version, where the two were compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upgrade: Option<String>,
    /// How much of what.
    pub summary: PodSecuritySummary,
    /// Every namespace that has workloads or was read, by name.
    pub namespaces: Vec<NamespaceVerdict>,
    /// Kinds that could not be read, each with the reason: what they hold is not in here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unread: Vec<String>,
    /// What else could not be read.
    pub skipped: Vec<Skipped>,
}

/// How much of what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PodSecuritySummary {
    /// Namespaces.
    pub namespaces: usize,
    /// Namespaces where something would be refused.
    pub namespaces_refused: usize,
    /// Workloads, and pods that nothing makes.
    pub workloads: usize,
    /// Workloads of which any pod would be refused.
    pub workloads_refused: usize,
    /// Live pods.
    pub pods: usize,
    /// Live pods that would be refused.
    pub pods_refused: usize,
    /// Workloads that are refused as of the other version only.
    pub newly_refused: usize,
    /// Workloads that are admitted as of the other version only.
    pub newly_admitted: usize,
}

/// One namespace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NamespaceVerdict {
    /// Its name.
    pub namespace: String,
    /// What its labels say now; none where the namespace itself was not read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current: Option<CurrentPolicies>,
    /// The strictest level, as of the same version, that could be enforced without refusing anything.
    pub possible: Level,
    /// Workloads, and pods that nothing makes.
    pub workloads: usize,
    /// Those of which any pod would be refused.
    pub refused: usize,
    /// Those, and those for which the other version makes a difference, by object.
    pub verdicts: Vec<WorkloadVerdict>,
}

/// The policies of a namespace now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CurrentPolicies {
    /// What is refused: `privileged:latest` where no label says anything.
    pub enforce: String,
    /// What is noted in the audit log.
    pub audit: String,
    /// What is warned of.
    pub warn: String,
    /// Labels whose values mean nothing, as `key=value`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub invalid: Vec<String>,
}

/// One workload, or one pod that nothing makes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct WorkloadVerdict {
    /// The workload at the top.
    #[schemars(with = "String")]
    pub object: ObjectKey,
    /// What whoever creates a pod of it would be told, in the API server's words; none where its pods are admitted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// What its pods violate, each with the fields that are to blame.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub violations: Vec<EnforcedViolation>,
    /// How many live pods it has.
    pub pods: usize,
    /// How many of them would be refused.
    pub pods_refused: usize,
    /// Live pods that would be refused with other words than what its template says now: those with containers that
    /// were added to debug, or by a webhook, or that are older than the template.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub differing: Vec<DifferingPods>,
    /// What the other version changes, where it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<Change>,
}

/// One violation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EnforcedViolation {
    /// Id of the check upstream: `runAsNonRoot`.
    pub check: String,
    /// In a word or two.
    pub reason: String,
    /// Who does what.
    pub detail: String,
    /// The fields.
    pub culprits: Vec<Culprit>,
}

/// Live pods of one workload that would be refused with the same words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DifferingPods {
    /// The first of them by name.
    pub first: String,
    /// How many they are.
    pub count: usize,
    /// The words.
    pub message: String,
}

/// What the other version says of the pods of a workload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", tag = "verdict")]
pub enum Change {
    /// They are refused then, and admitted now.
    NewlyRefused {
        /// The words.
        message: String,
    },
    /// They are admitted then, and refused now.
    NewlyAdmitted,
    /// They are refused for something else.
    OtherReasons {
        /// The words.
        message: String,
    },
}

impl From<Violation> for EnforcedViolation {
    fn from(violation: Violation) -> Self {
        let Violation { check, reason, detail, culprits } = violation;
        Self { check: check.to_owned(), reason: reason.to_owned(), detail, culprits }
    }
}

impl From<Modes> for CurrentPolicies {
    fn from(modes: Modes) -> Self {
        let Modes { enforce, audit, warn, invalid } = modes;
        Self { enforce: enforce.to_string(), audit: audit.to_string(), warn: warn.to_string(), invalid }
    }
}

//! What rules are told besides the objects.

use super::kubernetes_version::KubernetesVersion;
use crate::model::Time;

/// What a run takes for granted. Thresholds are those of the policy, or these defaults.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The time; `None`: rules about ages can't be evaluated.
    pub now: Option<Time>,
    /// The version of Kubernetes that the objects are for.
    pub version: KubernetesVersion,
    /// Thresholds and lists.
    pub parameters: Parameters,
}

impl Default for Settings {
    fn default() -> Self {
        Self { now: None, version: KubernetesVersion::NEWEST, parameters: Parameters::default() }
    }
}

/// Thresholds and lists that a policy may set.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Parameters {
    /// Registries that images may come from; empty: any. `registry.example.com`, or with a path below it.
    pub allowed_registries: Vec<String>,
    /// Restarts of a container that are too many.
    pub restarts: i32,
    /// Hours that a node may be cordoned, a volume released, or an object wait to be deleted.
    pub patience_hours: i64,
    /// Minutes that a rollout, a pod or a claim may take to become ready before it is stuck.
    pub rollout_minutes: i64,
    /// Percent of a quota, of a node's pods or of a volume that is nearly all.
    pub nearly_full: i64,
    /// Labels that workloads should have.
    pub recommended_labels: Vec<String>,
    /// Days before its expiry that a certificate should have been renewed.
    pub certificate_days: i64,
    /// Days that a workload may be scaled to nothing or suspended.
    pub idle_days: i64,
    /// Times that a container's request may be larger than what it uses.
    pub waste: i64,
}

impl Default for Parameters {
    fn default() -> Self {
        Self {
            allowed_registries: Vec::new(),
            restarts: 5,
            patience_hours: 24,
            rollout_minutes: 15,
            nearly_full: 85,
            recommended_labels: vec!["app.kubernetes.io/name".to_owned()],
            certificate_days: 14,
            idle_days: 30,
            waste: 5,
        }
    }
}

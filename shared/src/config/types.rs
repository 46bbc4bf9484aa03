use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use serde::Deserialize;

use super::keys::capitals;
use crate::{prometheus::Target, timeout::parse_timeout};

/// The configuration: what the file and the environment say. What neither says is absent, and the plugin's to decide.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Config {
    /// `kubectl quota-usage`.
    pub quota: Quota,
    /// `kubectl graph`.
    pub graph: Graph,
    pub(super) prometheus: ByContext<Target>,
    pub(super) clusters: ByContext<Cluster>,
}

/// Entries of contexts.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct ByContext<T> {
    /// Those that the file names.
    pub(super) named: BTreeMap<String, T>,
    /// Those that only variables name, in capitals.
    pub(super) capitals: BTreeMap<String, T>,
}

impl<T> ByContext<T> {
    /// The entry of the first of these contexts that has one, else that of all others.
    fn get<'a>(&self, contexts: impl IntoIterator<Item = &'a str>) -> Option<&T> {
        let own = |context: &str| self.named.get(context).or_else(|| self.capitals.get(&capitals(context)));
        contexts.into_iter().find_map(own).or_else(|| self.named.get("*"))
    }
}

/// What is known of a cluster that it doesn't say itself.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Cluster {
    /// What outputs call it.
    pub name: Option<String>,
    /// Its number in spreadsheets (云序号).
    pub number: Option<String>,
}

/// What flags of `kubectl quota-usage` are when they are not given.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Quota {
    /// `--by`.
    pub by: Option<Vec<String>>,
    /// `--resources`.
    pub resources: Option<Vec<String>>,
    /// `--period`, such as `1d`.
    pub period: Option<String>,
    /// `--memory`: `working-set` or `usage`.
    pub memory: Option<String>,
    /// `--accurate`.
    pub accurate: Option<bool>,
    /// `--project-label`.
    pub project_label: Option<String>,
    /// `--project-annotation`.
    pub project_annotation: Option<String>,
    /// `--threshold`, such as `80%`.
    pub threshold: Option<String>,
    /// `--lang`: `en` or `zh`.
    pub lang: Option<String>,
    /// `--cluster-timeout`, such as `15s`.
    pub cluster_timeout: Option<String>,
}

/// What flags of `kubectl graph` are when they are not given.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Graph {
    /// `--rules`.
    pub rules: Vec<PathBuf>,
}

impl Config {
    /// The Prometheus of a context's cluster.
    pub fn prometheus(&self, context: &str) -> Option<&Target> {
        self.prometheus_of([context])
    }

    /// The Prometheus of the cluster that all these contexts lead to, the preferred first.
    pub fn prometheus_of<'a>(&self, contexts: impl IntoIterator<Item = &'a str>) -> Option<&Target> {
        self.prometheus.get(contexts)
    }

    /// What is known of a context's cluster.
    pub fn cluster(&self, context: &str) -> Option<&Cluster> {
        self.clusters.get([context])
    }

    /// What outputs call a context's cluster, where the configuration says.
    pub fn cluster_name(&self, context: &str) -> Option<&str> {
        self.cluster(context)?.name.as_deref()
    }
}

impl Quota {
    /// How long to wait for one cluster; the inner `None` is for ever.
    pub fn cluster_timeout(&self) -> Option<Option<Duration>> {
        parse_timeout(self.cluster_timeout.as_deref()?).ok()
    }
}

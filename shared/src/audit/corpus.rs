//! The cases of all rules as a corpus: what files, a real API server and admission must agree on.

use super::{
    case::Case,
    catalogue::{Entry, catalogue},
    kubernetes_version::KubernetesVersion,
    settings::Parameters,
};

/// One case of a rule.
#[derive(Debug, Clone)]
pub struct CorpusCase {
    /// The rule.
    pub rule: &'static Entry,
    /// What it shows.
    pub name: &'static str,
    /// The objects, as YAML documents.
    pub objects: &'static str,
    /// Every finding, in order, as [`Finding`](super::Finding) displays itself; `? ` before those that are not
    /// evaluated.
    pub findings: &'static [&'static str],
    /// Kinds of which nothing is known in this case.
    pub unread: &'static [&'static str],
    /// Whether an API server would store the objects.
    pub storable: bool,
    /// Whether the data of config maps and the keys of secrets were not read.
    pub without_data: bool,
    /// The version of Kubernetes that the objects are for.
    pub version: KubernetesVersion,
    /// The thresholds and lists of the policy.
    pub parameters: Parameters,
}

/// Every case of every rule.
pub fn corpus() -> impl Iterator<Item = CorpusCase> {
    catalogue().iter().flat_map(|rule| {
        rule.rule.cases.iter().map(move |case| {
            let Case { name, objects, findings, unread, storable, without_data, version, .. } = *case;
            let parameters = case.parameters();
            CorpusCase { rule, name, objects, findings, unread, storable, without_data, version, parameters }
        })
    })
}

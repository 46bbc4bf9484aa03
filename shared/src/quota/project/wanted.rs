//! What is to become of our objects, by a file or by another product's objects; and what then is wrong with them.

use std::collections::BTreeMap;

use super::{
    ClusterSlice, Enforcement, Model, NamespaceSelector, ProjectQuota, ProjectQuotaSpec, ScopeSelector,
};
use crate::{quantity::Quantity, quota::Amounts};

/// What a source says of something.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Said<T> {
    /// Nothing: it stays as it is.
    #[default]
    Nothing,
    /// There is to be none.
    None,
    /// This.
    Is(T),
}

impl<T> Said<T> {
    /// What it is then.
    pub fn over(self, before: Option<T>) -> Option<T> {
        match self {
            Self::Nothing => before,
            Self::None => None,
            Self::Is(value) => Some(value),
        }
    }
}

/// A value, or none.
impl<T> From<Option<T>> for Said<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::None, Self::Is)
    }
}

/// What a source says of amounts: `None` is no limit, and what is not named stays as it is.
pub type SaidAmounts = BTreeMap<String, Option<Quantity>>;

/// What a source says of a project.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wanted {
    /// The project's name.
    pub name: String,
    /// Whether everything is said: what is not, is not to be. Else it stays as it is.
    pub whole: bool,
    /// What people call it.
    pub display_name: Said<String>,
    /// What another system calls it.
    pub external_id: Said<String>,
    /// Its namespaces by name.
    pub namespaces: Said<Vec<String>>,
    /// Its namespaces by label.
    pub selector: Said<NamespaceSelector>,
    /// How it is charged.
    pub model: Said<Model>,
    /// What the admission webhook does when it is exceeded.
    pub enforcement: Said<Enforcement>,
    /// Scopes.
    pub scopes: Said<Vec<String>>,
    /// Further scopes.
    pub scope_selector: Said<ScopeSelector>,
    /// What it allows altogether; `None` when only its clusters' parts are said, and it is what they add up to.
    pub hard: Option<SaidAmounts>,
    /// What it allows in each cluster.
    pub clusters: BTreeMap<String, SaidAmounts>,
}

/// How what is said meets what is there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Merging {
    /// Of what is not said, nothing stays: no other project, cluster or key.
    pub prune: bool,
    /// The label of namespaces that names their project, for projects of which nobody says who belongs to them.
    pub label: String,
}

impl Wanted {
    /// The object that comes of it.
    pub fn over(&self, before: Option<&ProjectQuotaSpec>, merging: &Merging) -> ProjectQuotaSpec {
        let wanted = self.clone();
        let before = before.filter(|_| !self.whole).cloned().unwrap_or_default();
        let slices = self.slices(&before, merging);
        let mut spec = ProjectQuotaSpec {
            display_name: wanted.display_name.over(before.display_name.clone()),
            external_id: wanted.external_id.over(before.external_id.clone()),
            namespaces: wanted.namespaces.over(Some(before.namespaces.clone())).unwrap_or_default(),
            namespace_selector: wanted.selector.over(before.namespace_selector.clone()),
            hard: self.hard(&before, &slices, merging),
            scopes: wanted.scopes.over(Some(before.scopes.clone())).unwrap_or_default(),
            scope_selector: wanted.scope_selector.over(before.scope_selector.clone()),
            model: wanted.model.over(Some(before.model)).unwrap_or_default(),
            enforcement: wanted.enforcement.over(before.enforcement),
            clusters: slices,
        };
        if spec.namespaces.is_empty() && spec.namespace_selector.is_none() {
            let match_labels = BTreeMap::from([(merging.label.clone(), self.name.clone())]);
            spec.namespace_selector =
                Some(NamespaceSelector { match_labels, ..NamespaceSelector::default() });
        }
        spec
    }

    fn slices(&self, before: &ProjectQuotaSpec, merging: &Merging) -> Vec<ClusterSlice> {
        let stays = |slice: &&ClusterSlice| !merging.prune || self.clusters.contains_key(&slice.name);
        let mut slices: BTreeMap<String, Amounts> = before
            .clusters
            .iter()
            .filter(stays)
            .map(|slice| (slice.name.clone(), slice.hard.clone()))
            .collect();
        for (name, said) in &self.clusters {
            let hard = slices.entry(name.clone()).or_default();
            *hard = merged(said, hard, merging);
        }
        slices
            .into_iter()
            .filter(|(_, hard)| !hard.is_empty())
            .map(|(name, hard)| ClusterSlice { name, hard })
            .collect()
    }

    fn hard(&self, before: &ProjectQuotaSpec, slices: &[ClusterSlice], merging: &Merging) -> Amounts {
        if let Some(said) = &self.hard {
            return merged(said, &before.hard, merging);
        }
        let (old, new) = (total(&before.clusters), total(slices));
        let mut hard = if merging.prune { Amounts::new() } else { before.hard.clone() };
        for key in old.iter().chain(&new).map(|(key, _)| key) {
            // Whoever wanted more than the clusters' parts, or less, has said so; else it follows them.
            if before.hard.get(key) == old.get(key) {
                match new.get(key) {
                    Some(amount) => hard.set(key.as_str(), amount),
                    None => drop(hard.0.remove(key)),
                }
            } else if let Some(amount) = before.hard.get(key) {
                hard.set(key.as_str(), amount);
            }
        }
        hard
    }
}

/// What the clusters' parts add up to.
fn total(slices: &[ClusterSlice]) -> Amounts {
    let mut total = Amounts::new();
    for slice in slices {
        total.add_all(&slice.hard);
    }
    total
}

fn merged(said: &SaidAmounts, before: &Amounts, merging: &Merging) -> Amounts {
    let mut hard = if merging.prune { Amounts::new() } else { before.clone() };
    for (key, amount) in said {
        match amount {
            // The same amount stays as it is written.
            Some(amount) if before.get(key) == Some(*amount) => {
                hard.set(key.as_str(), before.get(key).unwrap_or(*amount));
            }
            Some(amount) => hard.set(key.as_str(), *amount),
            None => drop(hard.0.remove(key)),
        }
    }
    hard
}

/// The very object.
impl From<&ProjectQuota> for Wanted {
    fn from(object: &ProjectQuota) -> Self {
        let ProjectQuota { metadata, spec, .. } = object.clone();
        let said = |amounts: &Amounts| -> SaidAmounts {
            amounts.iter().map(|(key, amount)| (key.clone(), Some(*amount))).collect()
        };
        Self {
            name: metadata.name,
            whole: true,
            display_name: spec.display_name.into(),
            external_id: spec.external_id.into(),
            namespaces: Said::Is(spec.namespaces),
            selector: spec.namespace_selector.into(),
            model: Said::Is(spec.model),
            enforcement: spec.enforcement.into(),
            scopes: Said::Is(spec.scopes),
            scope_selector: spec.scope_selector.into(),
            hard: Some(said(&spec.hard)),
            clusters: spec.clusters.iter().map(|slice| (slice.name.clone(), said(&slice.hard))).collect(),
        }
    }
}

impl ProjectQuotaSpec {
    /// What is wrong with it that can be told without a cluster.
    pub fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        if self.hard.is_empty() {
            problems.push("no amount of anything: a quota must limit something".to_owned());
        }
        if self.namespaces.is_empty() && self.namespace_selector.is_none() {
            problems.push("neither namespaces nor a selector say which namespaces belong to it".to_owned());
        }
        for (key, sum) in &total(&self.clusters) {
            match self.hard.get(key) {
                None => {
                    problems.push(format!("its clusters have parts of {key}, of which it has none itself"));
                }
                Some(hard) if *sum > hard => problems.push(format!(
                    "its clusters' parts of {key} add up to {sum}, and it has {hard} altogether"
                )),
                Some(_) => {}
            }
        }
        problems
    }
}

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ScopeRequirement, ScopeSelector};
use crate::{
    model::{LabelSelector, Labels, ObjectKey, ObjectMeta, Selector},
    quota::{self, Amounts, QuotaSpec, ScopedResourceSelectorRequirement},
};

/// How a project is charged.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Model {
    /// What the objects in its namespaces take.
    #[default]
    Usage,
    /// What the ResourceQuotas of its namespaces allow, whether it is taken or not.
    Allocation,
}

impl Model {
    /// As it is written.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Usage => "usage",
            Self::Allocation => "allocation",
        }
    }
}

/// What the admission webhook does with what would exceed a quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Enforcement {
    /// It warns and admits.
    Advisory,
    /// It refuses.
    Enforce,
}

impl Enforcement {
    /// As it is written.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Advisory => "advisory",
            Self::Enforce => "enforce",
        }
    }
}

/// One quota over namespaces, by whatever object says so.
///
/// A project has one name and may have several of these: two of Alauda's objects, one quota for each scope. They come
/// sorted by name, then by the object that they are from.
#[derive(Debug, Clone, PartialEq)]
pub struct Project {
    /// What the project is called.
    pub name: String,
    /// What people call it.
    pub display_name: Option<String>,
    /// What another system calls it.
    pub external_id: Option<String>,
    /// The product that it is from, as `import --from` takes it; `passmuster` is ours.
    pub flavour: &'static str,
    /// The object that says so.
    pub source: ObjectKey,
    /// How it is charged.
    pub model: Model,
    /// What it allows altogether.
    pub hard: Amounts,
    /// The scopes that what is charged must be in, all of them.
    pub scopes: Vec<String>,
    /// Further scopes.
    pub scope_selector: Option<ScopeSelector>,
    /// What the object says is charged, if it does.
    pub used: Option<Amounts>,
    /// Its namespaces.
    pub members: Members,
    /// What it allows in each cluster; empty when it does not tell clusters apart.
    pub slices: Vec<Slice>,
    /// Whether it also is about namespaces of other clusters than the one that it was read from.
    pub everywhere: bool,
}

impl Project {
    /// A project of this name that an object tells of, and nothing else yet.
    pub fn new(name: impl Into<String>, flavour: &'static str, source: ObjectKey) -> Self {
        Self {
            name: name.into(),
            display_name: None,
            external_id: None,
            flavour,
            source,
            model: Model::Usage,
            hard: Amounts::new(),
            scopes: Vec::new(),
            scope_selector: None,
            used: None,
            members: Members::default(),
            slices: Vec::new(),
            everywhere: false,
        }
    }

    /// The object as rows name it: `ProjectQuota/shop`.
    pub fn quota(&self) -> String {
        self.source.short()
    }

    /// What it allows in a cluster of one of these names: its slice, or where it tells no clusters apart, all of it.
    /// `None` when it has slices and none for this cluster.
    pub fn hard_in(&self, names: &[&str]) -> Option<&Amounts> {
        if self.slices.is_empty() {
            return Some(&self.hard);
        }
        self.slices.iter().find(|slice| names.contains(&slice.cluster.as_str())).map(|slice| &slice.hard)
    }

    /// What it limits, as a ResourceQuota says it.
    pub fn spec(&self) -> QuotaSpec {
        let scope_selector = self.scope_selector.as_ref().map(|selector| {
            let expressions = selector.match_expressions.iter().cloned();
            quota::ScopeSelector {
                match_expressions: expressions
                    .map(|ScopeRequirement { scope_name, operator, values }| {
                        ScopedResourceSelectorRequirement { scope_name, operator, values }
                    })
                    .collect(),
            }
        });
        QuotaSpec { hard: self.hard.clone(), scopes: self.scopes.clone(), scope_selector }
    }

    /// Whether it limits objects of some scopes only.
    pub fn is_scoped(&self) -> bool {
        !self.scopes.is_empty() || self.scope_selector.is_some()
    }
}

/// What a project allows in one cluster.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Slice {
    /// The cluster, as the project calls it.
    pub cluster: String,
    /// What it allows there.
    pub hard: Amounts,
    /// What the object says is charged there, if it does.
    pub used: Option<Amounts>,
}

/// Which namespaces belong to a project: those that are named, and those that any of the selections takes.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Members {
    /// By name.
    pub named: BTreeSet<String>,
    /// By labels and annotations.
    pub selected: Vec<Selected>,
}

/// A selection of namespaces; labels and annotations must both hold.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Selected {
    /// By labels.
    pub labels: LabelSelector,
    /// Annotations that must be there with exactly these values.
    pub annotations: BTreeMap<String, String>,
    /// A label whose value says how far below the project's root the namespace is. It must be there; of several
    /// projects the nearest is the namespace's.
    pub depth: Option<String>,
}

impl Selected {
    /// Namespaces with this label.
    pub fn label(key: &str, value: &str) -> Self {
        let match_labels = BTreeMap::from([(key.to_owned(), value.to_owned())]);
        Self { labels: LabelSelector { match_labels, ..LabelSelector::default() }, ..Self::default() }
    }

    /// Namespaces with this annotation.
    pub fn annotation(key: &str, value: &str) -> Self {
        Self { annotations: BTreeMap::from([(key.to_owned(), value.to_owned())]), ..Self::default() }
    }

    /// How far from the project's root a namespace is that is selected, which is 0 unless [`Self::depth`] says more.
    pub fn distance(&self, namespace: &ObjectMeta, labels: &Labels) -> Option<u32> {
        let selected = Selector::from(&self.labels).matches(labels)
            && self.annotations.iter().all(|(key, value)| namespace.annotations.get(key) == Some(value));
        if !selected {
            return None;
        }
        match &self.depth {
            None => Some(0),
            // What is no number is as far as can be, and yet a member.
            Some(key) => namespace.labels.get(key).map(|depth| depth.parse().unwrap_or(u32::MAX)),
        }
    }
}

impl Members {
    /// Namespaces with these names.
    pub fn names(names: impl IntoIterator<Item = String>) -> Self {
        Self { named: names.into_iter().collect(), selected: Vec::new() }
    }

    /// What one selection takes.
    pub fn selected(selected: Selected) -> Self {
        Self { named: BTreeSet::new(), selected: vec![selected] }
    }

    /// Whether nothing can belong to it.
    pub fn is_empty(&self) -> bool {
        self.named.is_empty() && self.selected.is_empty()
    }

    /// How far from the project's root a namespace is that belongs to it; `None` when it does not.
    pub fn distance(&self, namespace: &ObjectMeta, labels: &Labels) -> Option<u32> {
        if self.named.contains(&namespace.name) {
            return Some(0);
        }
        self.selected.iter().filter_map(|selected| selected.distance(namespace, labels)).min()
    }
}

//! What has to be changed for what is wanted to be there.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{Merging, NamespaceSelector, ProjectQuota, ProjectQuotaSpec, Wanted};
use crate::{
    model::{LabelSelector, Selector},
    quota::Amounts,
};

/// What becomes of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// It is not there yet.
    Added,
    /// Some of its fields become others.
    Changed,
    /// It is deleted.
    Removed,
    /// It is as it is wanted.
    Unchanged,
}

impl Action {
    /// As it is shown.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Changed => "changed",
            Self::Removed => "removed",
            Self::Unchanged => "unchanged",
        }
    }
}

/// A field that becomes another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldChange {
    /// The field: `hard[requests.cpu]`.
    pub field: String,
    /// What it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old: Option<String>,
    /// What it becomes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new: Option<String>,
}

/// What becomes of one object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Its name.
    pub name: String,
    /// What becomes of it.
    pub action: Action,
    /// What of it becomes something else, sorted by field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldChange>,
    /// What it is to be; for one that is removed, what it was. Its metadata has the version that this was found out from.
    #[serde(skip)]
    pub object: ProjectQuota,
}

/// What has to be changed, sorted by name.
pub fn plan(wanted: &[Wanted], before: &[ProjectQuota], merging: &Merging) -> Vec<Change> {
    let there: BTreeMap<&str, &ProjectQuota> =
        before.iter().map(|object| (object.metadata.name.as_str(), object)).collect();
    let mut changes: Vec<Change> = wanted
        .iter()
        .map(|wanted| {
            let old = there.get(wanted.name.as_str()).copied();
            let spec = wanted.over(old.map(|object| &object.spec), merging);
            change(&wanted.name, old, spec)
        })
        .collect();
    if merging.prune {
        let named: BTreeSet<&str> = wanted.iter().map(|wanted| wanted.name.as_str()).collect();
        changes.extend(there.values().filter(|object| !named.contains(object.metadata.name.as_str())).map(
            |object| Change {
                name: object.metadata.name.clone(),
                action: Action::Removed,
                fields: differences(Some(&object.spec), None),
                object: (*object).clone(),
            },
        ));
    }
    changes.sort_by(|a, b| a.name.cmp(&b.name));
    changes
}

fn change(name: &str, old: Option<&ProjectQuota>, spec: ProjectQuotaSpec) -> Change {
    let fields = differences(old.map(|object| &object.spec), Some(&spec));
    let action = match old {
        None => Action::Added,
        Some(_) if fields.is_empty() => Action::Unchanged,
        Some(_) => Action::Changed,
    };
    let mut object = ProjectQuota::new(name, spec);
    if let Some(old) = old {
        object.metadata = old.metadata.clone();
    }
    Change { name: name.to_owned(), action, fields, object }
}

/// Field by field, what differs in meaning.
fn differences(old: Option<&ProjectQuotaSpec>, new: Option<&ProjectQuotaSpec>) -> Vec<FieldChange> {
    let (old, new) = (old.map(fields).unwrap_or_default(), new.map(fields).unwrap_or_default());
    let all: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let all = all.into_iter().filter_map(|field| {
        let (before, after) = (old.get(field), new.get(field));
        // Amounts that are written otherwise are the same: their text is canonical, and yet 1 and 1000m are one.
        let same = match (before, after) {
            (Some(before), Some(after)) => before == after || same_amount(field, before, after),
            _ => false,
        };
        (!same).then(|| FieldChange { field: field.clone(), old: before.cloned(), new: after.cloned() })
    });
    all.collect()
}

fn same_amount(field: &str, one: &str, other: &str) -> bool {
    field.contains("hard[")
        && matches!((one.parse::<crate::quantity::Quantity>(), other.parse()), (Ok(one), Ok(other)) if one == other)
}

fn fields(spec: &ProjectQuotaSpec) -> BTreeMap<String, String> {
    let mut fields = BTreeMap::new();
    let mut set = |field: &str, value: Option<String>| {
        fields.extend(value.filter(|value| !value.is_empty()).map(|value| (field.to_owned(), value)));
    };
    let sorted = |names: &[String]| {
        let names: BTreeSet<&str> = names.iter().map(String::as_str).collect();
        names.into_iter().collect::<Vec<_>>().join(",")
    };
    set("displayName", spec.display_name.clone());
    set("externalId", spec.external_id.clone());
    set("namespaces", Some(sorted(&spec.namespaces)));
    set("namespaceSelector", spec.namespace_selector.as_ref().map(selector_text));
    set("scopes", Some(sorted(&spec.scopes)));
    set("scopeSelector", spec.scope_selector.as_ref().map(super::text::scopes));
    set("model", Some(spec.model.name().to_owned()));
    set("enforcement", spec.enforcement.map(|enforcement| enforcement.name().to_owned()));
    let amounts = |prefix: &str, hard: &Amounts| -> Vec<(String, String)> {
        hard.iter().map(|(key, amount)| (format!("{prefix}hard[{key}]"), amount.to_string())).collect()
    };
    fields.extend(amounts("", &spec.hard));
    for slice in &spec.clusters {
        fields.extend(amounts(&format!("clusters[{}].", slice.name), &slice.hard));
    }
    fields
}

/// As `kubectl get -l` takes it; `*` selects every namespace. Two that mean the same read the same.
fn selector_text(selector: &NamespaceSelector) -> String {
    super::text::selector(selector)
}

/// The selector of namespaces.
impl From<&NamespaceSelector> for Selector {
    fn from(selector: &NamespaceSelector) -> Self {
        Self::from(&LabelSelector::from(selector))
    }
}

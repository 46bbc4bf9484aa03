//! Another product's quotas as ours.

use std::collections::BTreeMap;

use super::{Members, Membership, NamespaceSelector, Project, Said, SaidAmounts, Wanted, name};
use crate::{model::ObjectMeta, quota::Amounts};

/// What could not become ours, or not wholly: the object, and why.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[error("{object}: {message}")]
pub struct Note {
    /// The object.
    pub object: String,
    /// Why.
    pub message: String,
    /// Whether nothing came of the object.
    pub left_out: bool,
}

/// Our objects for another product's, sorted by name, and what could not become one.
///
/// Namespaces that it chooses by what ours can't choose by (annotations) are named one by one as they are now.
pub fn wanted(projects: &[Project], namespaces: &[ObjectMeta]) -> (Vec<Wanted>, Vec<Note>) {
    let mut by_name: BTreeMap<&str, Vec<&Project>> = BTreeMap::new();
    for project in projects {
        by_name.entry(&project.name).or_default().push(project);
    }
    let (mut wanted, mut notes) = (Vec::new(), Vec::new());
    for (name, quotas) in by_name {
        wanted.extend(one(name, &quotas, namespaces, &mut notes));
    }
    notes.sort();
    (wanted, notes)
}

fn one(name: &str, quotas: &[&Project], namespaces: &[ObjectMeta], notes: &mut Vec<Note>) -> Option<Wanted> {
    let mut note = |project: &Project, message: &str| {
        let left_out = message.starts_with("left out");
        notes.push(Note { object: project.source.to_string(), message: message.to_owned(), left_out });
    };
    // What tells clusters apart knows the whole; the others know this cluster's part.
    let sliced = quotas.iter().any(|quota| !quota.slices.is_empty());
    let mut quotas = quotas.iter().copied().filter(|quota| !sliced || !quota.slices.is_empty());
    let first = quotas.next()?;
    let mut hard = first.hard.clone();
    for other in quotas {
        if (&other.scopes, &other.scope_selector) == (&first.scopes, &first.scope_selector) {
            lower(&mut hard, &other.hard);
        } else {
            note(
                other,
                "left out: a ProjectQuota has one set of scopes, and another object of this project has others",
            );
        }
    }
    if hard.is_empty() {
        note(first, "left out: it limits nothing");
        return None;
    }
    let Some(object_name) = name::of_text(name) else {
        note(first, "left out: its name is too long");
        return None;
    };
    let (names, selector) = members(first, namespaces);
    if names.is_empty() && selector.is_none() {
        note(first, "left out: no namespace belongs to it");
        return None;
    }
    if first.members.selected.len() > 1
        || first.members.selected.iter().any(|selected| !selected.annotations.is_empty())
    {
        note(
            first,
            "its namespaces are named one by one as they are now: what chooses them is no single label selector",
        );
    }
    let source = &first.source;
    let own_id = || match &*source.namespace {
        "" => source.name.to_string(),
        namespace => format!("{namespace}/{}", source.name),
    };
    let display_name = first.display_name.clone().or_else(|| (object_name != name).then(|| name.to_owned()));
    Some(Wanted {
        name: object_name,
        whole: true,
        display_name: display_name.into(),
        external_id: Said::Is(first.external_id.clone().unwrap_or_else(own_id)),
        namespaces: if names.is_empty() { Said::None } else { Said::Is(names) },
        selector: selector.into(),
        model: Said::Is(first.model),
        enforcement: Said::Nothing,
        scopes: if first.scopes.is_empty() { Said::None } else { Said::Is(first.scopes.clone()) },
        scope_selector: first.scope_selector.clone().into(),
        hard: Some(said(&hard)),
        clusters: first.slices.iter().map(|slice| (slice.cluster.clone(), said(&slice.hard))).collect(),
    })
}

/// Of each, the smaller: both hold.
fn lower(hard: &mut Amounts, other: &Amounts) {
    for (key, amount) in other {
        let least = hard.get(key).map_or(*amount, |before| before.min(*amount));
        hard.set(key.as_str(), least);
    }
}

fn said(amounts: &Amounts) -> SaidAmounts {
    amounts.iter().map(|(key, amount)| (key.clone(), Some(*amount))).collect()
}

/// Who belongs to it, as we say it: names, and one selector.
fn members(project: &Project, namespaces: &[ObjectMeta]) -> (Vec<String>, Option<NamespaceSelector>) {
    let Members { named, selected } = &project.members;
    let named: Vec<String> = named.iter().cloned().collect();
    match selected.as_slice() {
        [] => (named, None),
        [one] if one.annotations.is_empty() => (named, Some(NamespaceSelector::from(&one.labels))),
        _ => {
            let all = std::slice::from_ref(project);
            let membership = Membership::new(all);
            let members = namespaces.iter().filter(|namespace| !membership.claims(namespace).is_empty());
            let mut names: Vec<String> = members.map(|namespace| namespace.name.clone()).collect();
            names.sort();
            (names, None)
        }
    }
}

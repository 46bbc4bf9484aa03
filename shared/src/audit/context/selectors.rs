//! Who may select whom, without comparing everyone with everyone.

use std::collections::{BTreeMap, HashMap};

use crate::model::{Labels, Requirement, Selector};

/// Places in a list, by namespace and by one label each. What has no label that it can be found by stands under "".
/// Namespace, key and value.
type Label = (Box<str>, Box<str>, Box<str>);

#[derive(Debug, Default)]
pub(super) struct Selectors {
    by_label: HashMap<Label, Vec<usize>>,
    by_namespace: HashMap<Box<str>, Vec<usize>>,
}

impl Selectors {
    /// An index over what is selected: under every one of its labels.
    pub(super) fn of_labels<'a>(all: impl Iterator<Item = (&'a str, &'a BTreeMap<String, String>)>) -> Self {
        let mut index = Self::default();
        for (at, (namespace, labels)) in all.enumerate() {
            index.by_namespace.entry(namespace.into()).or_default().push(at);
            for (key, value) in labels {
                let label = (namespace.into(), key.as_str().into(), value.as_str().into());
                index.by_label.entry(label).or_default().push(at);
            }
        }
        index
    }

    /// An index over selectors: under the first label that each of them demands.
    pub(super) fn of_selectors<'a>(all: impl Iterator<Item = (&'a str, &'a Selector)>) -> Self {
        let mut index = Self::default();
        for (at, (namespace, selector)) in all.enumerate() {
            match demanded(selector).next() {
                Some((key, value)) => {
                    let label = (namespace.into(), key.into(), value.into());
                    index.by_label.entry(label).or_default().push(at);
                }
                None => index.by_namespace.entry(namespace.into()).or_default().push(at),
            }
        }
        index
    }

    /// What a selector may select, in order.
    pub(super) fn candidates_for(&self, namespace: &str, selector: &Selector) -> Vec<usize> {
        let lists = demanded(selector).map(|(key, value)| {
            let label = (namespace.into(), key.into(), value.into());
            self.by_label.get(&label).map(Vec::as_slice).unwrap_or_default()
        });
        let shortest = lists.min_by_key(|list| list.len());
        shortest.or_else(|| self.by_namespace.get(namespace).map(Vec::as_slice)).unwrap_or_default().to_vec()
    }

    /// Which selectors may select these labels, in order.
    pub(super) fn candidates_of(&self, namespace: &str, labels: &Labels) -> Vec<usize> {
        let mut found = self.by_namespace.get(namespace).cloned().unwrap_or_default();
        for (key, value) in labels.iter() {
            let label = (namespace.into(), key.into(), value.into());
            found.extend(self.by_label.get(&label).into_iter().flatten());
        }
        found.sort_unstable();
        found
    }
}

/// The labels that a selector demands with exactly one value.
fn demanded(selector: &Selector) -> impl Iterator<Item = (&str, &str)> {
    selector.requirements().iter().filter_map(|requirement| match requirement {
        Requirement::In(key, values) => match values.as_slice() {
            [value] => Some((key.as_ref(), value.as_ref())),
            _ => None,
        },
        _ => None,
    })
}

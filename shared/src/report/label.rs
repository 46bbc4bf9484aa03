//! What objects are called where people read.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use crate::{graph::Document, model::ObjectKey, text::neutral};

/// Calls objects `Kind/name`, with the group where the document has two kinds of the same name, and with the
/// namespace where it is not understood.
pub(super) struct Labels<'a> {
    ambiguous: BTreeSet<&'a str>,
}

impl<'a> Labels<'a> {
    pub(super) fn new(document: &'a Document) -> Self {
        let mut groups: BTreeMap<&str, &str> = BTreeMap::new();
        let mut ambiguous = BTreeSet::new();
        for node in &document.nodes {
            if **groups.entry(&*node.key.kind).or_insert(&*node.key.group) != *node.key.group {
                ambiguous.insert(&*node.key.kind);
            }
        }
        Self { ambiguous }
    }

    /// The kind, with its group if another group has a kind of this name.
    pub(super) fn kind(&self, key: &ObjectKey) -> String {
        if !key.group.is_empty() && self.ambiguous.contains(&*key.kind) {
            neutral(&format!("{}.{}", key.kind, key.group)).into_owned()
        } else {
            neutral(&key.kind).into_owned()
        }
    }

    /// The object, as seen from a namespace: an object's id without what is understood.
    pub(super) fn object(&self, key: &ObjectKey, home: &str) -> String {
        let mut label = self.kind(key);
        if !key.namespace.is_empty() && *key.namespace != *home {
            let _ = write!(label, "/{}", neutral(&key.namespace));
        }
        let _ = write!(label, "/{}", neutral(&key.name));
        label
    }
}

//! Which kinds have namespaces, and the namespace of objects that leave theirs out.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::Document;
use crate::{graph::edges::group_of, model::builtin_kinds::builtin};

/// Knows the scope of kinds and gives objects the namespace that they would be created in, as kubectl does: kinds of
/// the whole cluster have none, the others have the default one unless they name theirs.
///
/// A kind's scope is known of the built-in kinds, of those declared, and of those whose definition is among the
/// objects, before or after. Of any other kind an object has the namespace that it names, or none.
#[derive(Debug)]
pub struct Scopes {
    default_namespace: String,
    custom: BTreeMap<(String, String), bool>,
    /// Objects without a namespace whose kind may still be defined. All that is kept while reading.
    waiting: Vec<Document>,
}

impl Scopes {
    /// Objects without a namespace are taken to be created in this one.
    pub fn new(default_namespace: impl Into<String>) -> Self {
        Self { default_namespace: default_namespace.into(), custom: BTreeMap::new(), waiting: Vec::new() }
    }

    /// Tells the scope of a kind, unless a definition does.
    pub fn declare(&mut self, group: &str, kind: &str, namespaced: bool) {
        self.custom.entry((group.to_owned(), kind.to_owned())).or_insert(namespaced);
    }

    /// Whether objects of a kind have namespaces, if that is known.
    pub fn is_namespaced(&self, group: &str, kind: &str) -> Option<bool> {
        let builtin = builtin().by_kind(group, kind).map(|resource| resource.namespaced);
        builtin.or_else(|| self.custom.get(&(group.to_owned(), kind.to_owned())).copied())
    }

    /// Hands the document on with its namespace, now or, if its scope may become known later, in [`Self::finish`].
    pub(super) fn settle(&mut self, mut document: Document, sink: &mut dyn FnMut(Document)) {
        self.learn(&document);
        match self.is_namespaced(group_of(&document.api_version), &document.kind) {
            Some(namespaced) => place(&mut document, namespaced, &self.default_namespace),
            None if has_namespace(&document.object) => {}
            None => return self.waiting.push(document),
        }
        sink(document);
    }

    /// Hands on the documents whose scope was not known.
    pub(super) fn finish(mut self, sink: &mut dyn FnMut(Document)) {
        for mut document in std::mem::take(&mut self.waiting) {
            let namespaced = self.is_namespaced(group_of(&document.api_version), &document.kind);
            place(&mut document, namespaced == Some(true), &self.default_namespace);
            sink(document);
        }
    }

    /// A definition tells the scope of its kind.
    fn learn(&mut self, document: &Document) {
        if &*document.kind != "CustomResourceDefinition"
            || group_of(&document.api_version) != "apiextensions.k8s.io"
        {
            return;
        }
        let text = |pointer: &str| document.object.pointer(pointer).and_then(Value::as_str);
        if let (Some(group), Some(kind), Some(scope)) =
            (text("/spec/group"), text("/spec/names/kind"), text("/spec/scope"))
        {
            self.custom.insert((group.to_owned(), kind.to_owned()), scope == "Namespaced");
        }
    }
}

fn has_namespace(object: &Value) -> bool {
    object
        .pointer("/metadata/namespace")
        .and_then(Value::as_str)
        .is_some_and(|namespace| !namespace.is_empty())
}

fn place(document: &mut Document, namespaced: bool, default: &str) {
    let named = has_namespace(&document.object);
    let Some(metadata) = document.object.get_mut("metadata").and_then(Value::as_object_mut) else {
        return;
    };
    match (namespaced, named) {
        (true, false) => set_namespace(metadata, default),
        (false, true) => _ = metadata.shift_remove("namespace"),
        _ => {}
    }
}

fn set_namespace(metadata: &mut Map<String, Value>, namespace: &str) {
    metadata.insert("namespace".to_owned(), namespace.into());
}

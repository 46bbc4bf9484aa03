use std::borrow::Cow;

use crate::{
    graph::{Borrowed, Reference, Selection, Where, Within},
    model::{Kind, ObjectMeta, Selector},
};

/// Where a [`Source`](super::Source) says what its object names and selects.
#[derive(Debug)]
pub struct Emit<'a> {
    metadata: &'a ObjectMeta,
    pub(super) references: Vec<Reference>,
    pub(super) selections: Vec<Selection>,
    pub(super) lends: Option<(String, String)>,
    pub(super) borrows: Option<Borrowed>,
}

impl<'a> Emit<'a> {
    /// Takes what the object with this metadata says.
    pub(super) fn new(metadata: &'a ObjectMeta) -> Self {
        Self { metadata, references: Vec::new(), selections: Vec::new(), lends: None, borrows: None }
    }

    /// The object's metadata.
    pub fn metadata(&self) -> &'a ObjectMeta {
        self.metadata
    }

    /// The field at `via` names an object of `kind`, in the object's own namespace if the kind has namespaces.
    /// An empty name names nothing. Refine what comes back: `.in_namespace(…)`, `.optional(…)`, `.with_uid(…)`.
    pub fn refer(
        &mut self,
        edge: &'static str,
        kind: Kind,
        name: &str,
        via: impl Into<Cow<'static, str>>,
    ) -> Refine<'_> {
        let at =
            if kind.namespaced { Where::Namespace(self.metadata.namespace.clone()) } else { Where::Cluster };
        self.push(edge.into(), kind.group.into(), kind.kind.into(), at, name, via.into())
    }

    /// The field at `via` names an object and says its group and kind, whose scope is not known here.
    pub fn refer_any(
        &mut self,
        edge: impl Into<Cow<'static, str>>,
        group: &str,
        kind: &str,
        name: &str,
        via: impl Into<Cow<'static, str>>,
    ) -> Refine<'_> {
        let at = if self.metadata.namespace.is_empty() {
            Where::Cluster
        } else {
            Where::NamespaceIfAny(self.metadata.namespace.clone())
        };
        // A kind left out names nothing.
        let name = if kind.is_empty() { "" } else { name };
        self.push(edge.into(), group.to_owned().into(), kind.to_owned().into(), at, name, via.into())
    }

    /// This object says of which kind something is that others name.
    pub fn lend(&mut self, group: &str, kind: &str) {
        self.lends = Some((group.to_owned(), kind.to_owned()));
    }

    /// Something is named or selected, of a kind that another object says.
    pub fn borrow(&mut self, borrowed: Borrowed) {
        self.borrows = Some(borrowed);
    }

    fn push(
        &mut self,
        edge: Cow<'static, str>,
        group: Cow<'static, str>,
        kind: Cow<'static, str>,
        at: Where,
        name: &str,
        via: Cow<'static, str>,
    ) -> Refine<'_> {
        if name.is_empty() {
            return Refine(None);
        }
        let name = name.to_owned();
        self.references.push(Reference {
            edge,
            group,
            kind,
            at,
            name,
            via,
            uid: None,
            optional: false,
            imaginary: false,
            count: 1,
        });
        Refine(self.references.last_mut())
    }

    /// The field at `via` selects objects of `kind` in the object's own namespace. Whether an absent or an empty
    /// selector selects all or nothing is up to the field: decide before calling this.
    pub fn select(
        &mut self,
        edge: impl Into<Cow<'static, str>>,
        kind: Kind,
        selector: Selector,
        via: impl Into<Cow<'static, str>>,
    ) {
        let within = Within::Namespace(self.metadata.namespace.clone());
        self.select_within(edge, kind, within, selector, via);
    }

    /// The field at `via` selects objects of `kind` within more than the object's own namespace.
    pub fn select_within(
        &mut self,
        edge: impl Into<Cow<'static, str>>,
        kind: Kind,
        within: Within,
        selector: Selector,
        via: impl Into<Cow<'static, str>>,
    ) {
        let (group, kind) = (kind.group.into(), kind.kind.into());
        self.selections.push(Selection { edge: edge.into(), group, kind, within, selector, via: via.into() });
    }
}

/// A reference just made, to be refined.
#[derive(Debug)]
pub struct Refine<'a>(Option<&'a mut Reference>);

impl Refine<'_> {
    /// The target lives in this namespace, not in the object's own. Empty: the object's own, as the API has it.
    pub fn in_namespace(self, namespace: &str) -> Self {
        let Some(reference) = self.0 else { return self };
        if !namespace.is_empty() {
            reference.at = match reference.at {
                Where::Namespace(_) => Where::Namespace(namespace.to_owned()),
                Where::NamespaceIfAny(_) | Where::Cluster => Where::NamespaceIfAny(namespace.to_owned()),
            };
        }
        Self(Some(reference))
    }

    /// The target lives in no namespace.
    pub fn in_cluster(self) -> Self {
        if let Some(reference) = self.0 {
            reference.at = Where::Cluster;
            return Self(Some(reference));
        }
        self
    }

    /// The field says whether the target is optional.
    pub fn optional(self, optional: Option<bool>) -> Self {
        if let Some(reference) = self.0 {
            reference.optional = optional == Some(true);
            return Self(Some(reference));
        }
        self
    }

    /// The target must have this uid. Empty: any.
    pub fn with_uid(self, uid: &str) -> Self {
        if let Some(reference) = self.0 {
            reference.uid = (!uid.is_empty()).then(|| uid.to_owned());
            return Self(Some(reference));
        }
        self
    }

    /// The target is no API object: a user, a group, an address block.
    pub fn imaginary(self) -> Self {
        if let Some(reference) = self.0 {
            reference.imaginary = true;
            return Self(Some(reference));
        }
        self
    }
}

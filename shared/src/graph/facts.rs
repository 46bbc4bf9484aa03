use std::{borrow::Cow, sync::Arc};

use crate::model::{Labels, ObjectKey, Selector, Status, Time};

/// What the graph keeps of one object: who it is, how it is doing, and what it says of others.
#[derive(Debug, Clone, PartialEq)]
pub struct Facts {
    /// Who it is.
    pub key: ObjectKey,
    /// apiVersion that it was read in.
    pub api_version: Arc<str>,
    /// Its uid; empty in files.
    pub uid: String,
    /// Version of the stored object; empty in files.
    pub resource_version: String,
    /// When it was created.
    pub created: Option<Time>,
    /// Its labels, for the selectors of others.
    pub labels: Labels,
    /// READY and STATUS.
    pub status: Status,
    /// Why it is hidden unless asked for.
    pub noise: Option<Noise>,
    /// The objects that it names. Sorted; those that differ in nothing are one, counted.
    pub references: Vec<Reference>,
    /// The objects that it selects. Sorted.
    pub selections: Vec<Selection>,
    /// The kind that others leave to this object to say: an admission policy's, of its bindings' parameters.
    pub lends: Option<(String, String)>,
    /// What it names or selects of a kind that another object says.
    pub borrows: Option<Borrowed>,
}

impl Facts {
    /// Puts what the object says in order, and makes what differs in nothing one, counted: whoever adds a reference or
    /// a selection calls this last.
    pub(in crate::graph) fn settle(&mut self) {
        self.references.sort();
        self.references.dedup_by(|next, first| {
            let same = (&next.edge, &next.group, &next.kind, &next.at, &next.name, &next.via, &next.uid)
                == (&first.edge, &first.group, &first.kind, &first.at, &first.name, &first.via, &first.uid);
            if same {
                first.count += next.count;
                // One field that needs the target is enough to need it.
                first.optional &= next.optional;
            }
            same
        });
        self.selections.sort();
        self.selections.dedup();
    }
}

/// Objects that a field names or selects, of the kind that another object lends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Borrowed {
    /// The object that says the kind.
    pub from: ObjectKey,
    /// Edge type.
    pub edge: &'static str,
    /// The namespace they are in; empty: in none, or in each object's own, which names nothing in particular.
    pub namespace: String,
    /// Which of them.
    pub which: Which,
    /// The source works without them.
    pub optional: bool,
}

/// By name or by labels, and the field that says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// The object of this name.
    Named(String, &'static str),
    /// The objects with these labels.
    Selected(Selector, &'static str),
}

/// Why an object is hidden unless asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Noise {
    /// An Event.
    Event,
    /// A service account's token.
    Token,
    /// A ReplicaSet that a rollout left behind, scaled to nothing.
    OldReplicaSet,
    /// What every namespace has: service account `default`, config map `kube-root-ca.crt`.
    DefaultAccount,
    /// Endpoints: what EndpointSlices say, said again for old clients.
    Endpoints,
}

impl Noise {
    /// Every reason.
    pub const ALL: &[Self] =
        &[Self::Event, Self::Token, Self::OldReplicaSet, Self::DefaultAccount, Self::Endpoints];
}

/// An object that a field names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reference {
    /// Edge type, as in docs/edges.md.
    pub edge: Cow<'static, str>,
    /// API group of the target.
    pub group: Cow<'static, str>,
    /// Kind of the target.
    pub kind: Cow<'static, str>,
    /// Where the target lives.
    pub at: Where,
    /// Name of the target.
    pub name: String,
    /// The field that says so, from the object's root, without indices.
    pub via: Cow<'static, str>,
    /// Uid that the target must have; an object of the same name with another uid is not meant.
    pub uid: Option<String>,
    /// The field says `optional: true`: nothing breaks when the target does not exist.
    pub optional: bool,
    /// The target is no API object (a user, a group, an address block) and so can't be missing.
    pub imaginary: bool,
    /// How many fields of this path say so.
    pub count: u32,
}

/// Where the target of a reference lives.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Where {
    /// In no namespace.
    Cluster,
    /// In this namespace.
    Namespace(String),
    /// In this namespace if the kind has namespaces, in none otherwise: owners, custom resources.
    NamespaceIfAny(String),
}

/// Objects that a field selects by their labels.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Selection {
    /// Edge type.
    pub edge: Cow<'static, str>,
    /// API group of what is selected.
    pub group: Cow<'static, str>,
    /// Kind of what is selected.
    pub kind: Cow<'static, str>,
    /// Where it is looked for.
    pub within: Within,
    /// What its labels must be.
    pub selector: Selector,
    /// The field that says so.
    pub via: Cow<'static, str>,
}

/// Where selected objects are looked for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Within {
    /// In this namespace.
    Namespace(String),
    /// In every namespace whose labels match.
    Namespaces(Selector),
    /// Among the objects of the whole cluster, whether or not they have a namespace.
    Cluster,
}

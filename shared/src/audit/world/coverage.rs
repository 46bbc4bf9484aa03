//! What was read whole, so that what is not there does not exist; of all else nothing is known.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    manifest::is_of_the_cluster,
    model::{Kind, Skipped, kinds},
};

/// Kinds whose objects come with the cluster or with others' controllers.
const INFRASTRUCTURE: &[Kind] = &[
    kinds::GATEWAY_CLASS,
    kinds::INGRESS_CLASS,
    kinds::NAMESPACE,
    kinds::NODE,
    kinds::PERSISTENT_VOLUME,
    kinds::PRIORITY_CLASS,
    kinds::RUNTIME_CLASS,
    kinds::STORAGE_CLASS,
    kinds::VOLUME_SNAPSHOT_CLASS,
];

/// How much of one kind was read.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Extent {
    /// All of it; also a kind that is not served at all.
    Everywhere,
    /// Within these namespaces, and whatever else came by.
    Within(BTreeSet<Box<str>>),
}

/// How much of which kind was read.
#[derive(Debug, Clone, Default)]
pub struct Coverage {
    kinds: BTreeMap<(Box<str>, Box<str>), Extent>,
    /// Why a kind could not be read, where that is known.
    why: BTreeMap<(Box<str>, Box<str>), String>,
    /// Nothing is outside of what was given.
    complete: bool,
    /// The objects are from files: all of a kind are those that the files hold, if they hold any.
    files: bool,
    /// Some of the files' documents could not be read, and may hold anything: why.
    lost: Option<String>,
    /// Kinds of which objects that the files hold could not be read.
    lost_kinds: BTreeSet<(Box<str>, Box<str>)>,
}

/// That a verdict can't be given: something was not read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[error("{0}")]
pub struct Unknown(pub String);

/// Why no files are all there is of a kind in a namespace, or (`None`) in any: a distribution puts its own into the
/// namespaces of the cluster itself.
pub(crate) fn beyond_files(kind: Kind, namespace: Option<&str>) -> Option<Unknown> {
    let place = match namespace {
        Some(namespace) if is_of_the_cluster(namespace) => {
            format!("namespace {namespace}; there may be such a {kind}")
        }
        None if kind.namespaced => {
            format!("every namespace; there may be such a {kind} in another")
        }
        _ => return None,
    };
    Some(Unknown(format!("the files are not all there is of {place}")))
}

impl Coverage {
    /// Marks a kind as read, everywhere or in one namespace.
    pub fn cover(&mut self, group: &str, kind: &str, namespace: Option<&str>) {
        let extent = self.kinds.entry((group.into(), kind.into()));
        let extent = extent.or_insert_with(|| Extent::Within(BTreeSet::new()));
        match (namespace, extent) {
            (None, extent) => *extent = Extent::Everywhere,
            (Some(namespace), Extent::Within(within)) => {
                within.insert(namespace.into());
            }
            (Some(_), Extent::Everywhere) => {}
        }
    }

    /// Marks everything as read: there is nothing outside of what was given.
    pub fn cover_everything(&mut self) {
        self.complete = true;
    }

    /// Takes the kinds that files hold any object of, in a namespace, to be there as a whole; of any other kind a file
    /// says nothing. The kinds of a family stand for each other.
    pub(super) fn cover_files<'a>(
        &mut self,
        objects: impl Iterator<Item = (&'a str, &'a str, &'a str)>,
        family: &[Kind],
    ) {
        self.files = true;
        for (group, kind, namespace) in objects {
            self.cover(group, kind, Some(namespace));
            if family.iter().any(|member| member.is(group, kind)) {
                for member in family {
                    self.cover(member.group, member.kind, Some(namespace));
                }
            }
        }
    }

    /// Tells that something in the files could not be read: an object of a kind, or nobody knows what.
    pub(crate) fn lose(&mut self, kind: Option<(&str, &str)>, where_it_is: &str) {
        match kind {
            Some((group, kind)) => {
                self.lost_kinds.insert((group.into(), kind.into()));
            }
            None => {
                self.lost.get_or_insert_with(|| where_it_is.to_owned());
            }
        }
    }

    /// Whether what was read of a kind is all there is, so that what is not there does not exist; why that is not
    /// known otherwise. Files are not all there is where more than one application puts its objects, nor where some of
    /// them could not be read.
    pub(crate) fn is_all(&self, kind: Kind, namespace: Option<&str>) -> Result<(), Unknown> {
        self.check(kind, namespace)?;
        if !self.lost_kinds.is_empty() && self.lost_kinds.contains(&(kind.group.into(), kind.kind.into())) {
            return Err(Unknown(format!("a {kind} of the files could not be read")));
        }
        if let Some(place) = &self.lost {
            return Err(Unknown(format!("not all of the files could be read: {place}")));
        }
        if !self.files || self.complete {
            return Ok(());
        }
        if let Some(unknown) = beyond_files(kind, namespace) {
            return Err(unknown);
        }
        if INFRASTRUCTURE.contains(&kind) {
            return Err(Unknown(format!("clusters have {kind} objects that no application's files hold")));
        }
        Ok(())
    }

    /// Tells why a kind could not be read.
    pub fn miss(&mut self, group: &str, kind: &str, skipped: &Skipped) {
        let why = format!("{}: {}", skipped.reason, skipped.message);
        self.why.entry((group.into(), kind.into())).or_insert(why);
    }

    /// Group, kind and namespace of what was read whole; no namespace: everywhere. Sorted.
    pub fn covered(&self) -> impl Iterator<Item = (&str, &str, Option<&str>)> {
        self.kinds.iter().flat_map(|((group, kind), extent)| {
            let within: Vec<Option<&str>> = match extent {
                Extent::Everywhere => vec![None],
                Extent::Within(within) => within.iter().map(|namespace| Some(&**namespace)).collect(),
            };
            within.into_iter().map(move |namespace| (&**group, &**kind, namespace))
        })
    }

    /// Whether any kind was asked for and could not be read.
    pub(crate) fn misses_any(&self) -> bool {
        !self.why.is_empty()
    }

    /// That a kind was asked for and could not be read, wholly or in part.
    pub(crate) fn missed(&self, kind: Kind) -> Option<Unknown> {
        if self.why.is_empty() {
            return None;
        }
        let why = self.why.get(&(kind.group.into(), kind.kind.into()))?;
        Some(Unknown(format!("{kind} could not be read: {why}")))
    }

    /// Whether objects of a kind were read, in a namespace or (`None`) everywhere; why not otherwise.
    pub(crate) fn check(&self, kind: Kind, namespace: Option<&str>) -> Result<(), Unknown> {
        if self.complete && self.why.is_empty() {
            return Ok(());
        }
        let key = (kind.group.into(), kind.kind.into());
        let missed = self.why.contains_key(&key);
        let known = (self.complete && !missed)
            || match (self.kinds.get(&key), namespace) {
                (Some(Extent::Everywhere), _) => true,
                (Some(Extent::Within(within)), Some(namespace)) => within.contains(namespace),
                (Some(Extent::Within(_)), None) => self.files,
                _ => false,
            };
        if known {
            return Ok(());
        }
        let place = namespace.filter(|namespace| !namespace.is_empty());
        let place = place.map(|namespace| format!(" in namespace {namespace}")).unwrap_or_default();
        Err(Unknown(match self.why.get(&key) {
            Some(why) => format!("{kind}{place} could not be read: {why}"),
            None if self.files => format!("the files hold no {kind}{place}; there may be one elsewhere"),
            None => format!("{kind}{place} was not read"),
        }))
    }
}

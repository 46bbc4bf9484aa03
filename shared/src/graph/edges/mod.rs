//! `families/` has one file per family of edges: which kinds it reads, how, which edges they have, and cases that prove it.
//!
//! The folder is the registry: `build.rs` lists it, so that a new family is one new file and no edit elsewhere.
//! A family declares its kinds as [`Source`]s: prost messages that are also serde types and hold only the fields
//! that are read, so that an object gives the same [`Facts`] by whatever path it came. Field tags stand in each
//! API group's `generated.proto` and never change. JSON names are the API's (`camelCase`).

mod case;
#[cfg(test)]
mod catalogue;
mod emit;
mod field;
mod pod_spec;
mod pod_spec_cases;
mod read;
mod volume_secrets;

pub use case::Case;
pub use emit::Emit;
pub use read::{Reader, facts_of, group_of, metadata_from_json, metadata_from_protobuf};

use crate::{
    graph::Noise,
    model::{Kind, ObjectMeta, Status},
};

include!(concat!(env!("OUT_DIR"), "/families.rs"));

/// A family of edges: what one file in `families/` declares.
pub struct Family {
    /// Heading of its section in docs/edges.md.
    pub title: &'static str,
    /// The kinds that it reads. No kind is read by two families.
    pub readers: &'static [Reader],
    /// The edges that come of them.
    pub edges: &'static [EdgeRule],
    /// What must come of which objects, and what must not.
    pub cases: &'static [Case],
}

/// One type of edge from one kind: a row of docs/edges.md, and what the planner walks to know which kinds a
/// question needs.
pub struct EdgeRule {
    /// Kind that holds the field.
    pub source: Kind,
    /// Edge type.
    pub edge: &'static str,
    /// What the field can name or select.
    pub target: Target,
    /// The field, from the source's root, without indices.
    pub via: &'static str,
}

/// What a field can name or select.
pub enum Target {
    /// Objects of this kind.
    Kind(Kind),
    /// Objects of one of these kinds.
    OneOf(&'static [Kind]),
    /// Any object: the reference says its kind.
    Any,
}

/// A kind as a family reads it: only the fields that matter, from protobuf and JSON alike.
pub trait Source: prost::Message + Default + serde::de::DeserializeOwned {
    /// The kind.
    const KIND: Kind;
    /// Whether metadata is all that is read: the rest is then never asked for. Secrets, config maps.
    const METADATA_ONLY: bool = false;

    /// Its metadata.
    fn metadata(&self) -> Option<&ObjectMeta>;

    /// Says what the object names and selects. Owners are told for every object and are not its concern.
    fn edges(&self, emit: &mut Emit<'_>);

    /// READY and STATUS, as `kubectl get` prints them.
    fn status(&self) -> Status {
        Status::default()
    }

    /// Why the object is hidden unless asked for.
    fn noise(&self) -> Option<Noise> {
        None
    }
}

/// Every family, in the order of their file names.
pub fn families() -> impl Iterator<Item = &'static Family> {
    FAMILIES.iter().copied()
}

/// How a kind is read, if a family reads it.
pub fn reader(group: &str, kind: &str) -> Option<&'static Reader> {
    families().flat_map(|family| family.readers).find(|reader| reader.kind.is(group, kind))
}

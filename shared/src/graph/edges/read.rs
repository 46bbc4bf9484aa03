use std::sync::Arc;

use prost::Message;
use serde_json::Value;

use super::{Emit, Source};
use crate::{
    graph::{Facts, Noise},
    model::{DecodeError, Kind, Labels, ObjectKey, ObjectMeta, Status, decode},
};

/// How one kind is read, by whatever path it comes.
pub struct Reader {
    /// The kind.
    pub kind: Kind,
    /// Whether metadata is all that is read of it, and so all that is asked of the API server.
    pub metadata_only: bool,
    /// From protobuf, with the apiVersion it was asked for in.
    pub protobuf: fn(&[u8], &Arc<str>) -> Result<Facts, DecodeError>,
    /// From JSON; also from YAML, once parsed.
    pub json: fn(Value, &Arc<str>) -> Result<Facts, DecodeError>,
}

impl Reader {
    /// The reader of a [`Source`].
    pub const fn of<S: Source>() -> Self {
        Self {
            kind: S::KIND,
            metadata_only: S::METADATA_ONLY,
            protobuf: from_protobuf::<S>,
            json: from_json::<S>,
        }
    }
}

fn from_protobuf<S: Source>(bytes: &[u8], api_version: &Arc<str>) -> Result<Facts, DecodeError> {
    facts(&decode::from_protobuf::<S>(bytes)?, api_version)
}

fn from_json<S: Source>(value: Value, api_version: &Arc<str>) -> Result<Facts, DecodeError> {
    facts(&decode::from_json::<S>(value)?, api_version)
}

fn facts<S: Source>(object: &S, api_version: &Arc<str>) -> Result<Facts, DecodeError> {
    let metadata = object.metadata().ok_or(DecodeError::NoName)?;
    let mut emit = Emit::new(metadata);
    object.edges(&mut emit);
    finish(S::KIND.group, S::KIND.kind, api_version, emit, object.status(), object.noise())
}

/// The part that every kind has in common, and all that is read of kinds that no family reads.
#[derive(Clone, PartialEq, Message, serde::Deserialize)]
#[serde(default)]
struct MetadataOnly {
    #[prost(message, optional, tag = "1")]
    metadata: Option<ObjectMeta>,
}

/// Reads an item of a `PartialObjectMetadataList`, whatever its kind.
pub fn metadata_from_protobuf(
    bytes: &[u8],
    group: &str,
    kind: &str,
    api_version: &Arc<str>,
) -> Result<Facts, DecodeError> {
    metadata_facts(&decode::from_protobuf(bytes)?, group, kind, api_version)
}

/// Reads the metadata of an object in JSON, whatever its kind.
pub fn metadata_from_json(
    value: Value,
    group: &str,
    kind: &str,
    api_version: &Arc<str>,
) -> Result<Facts, DecodeError> {
    metadata_facts(&decode::from_json(value)?, group, kind, api_version)
}

fn metadata_facts(
    object: &MetadataOnly,
    group: &str,
    kind: &str,
    api_version: &Arc<str>,
) -> Result<Facts, DecodeError> {
    let metadata = object.metadata.as_ref().ok_or(DecodeError::NoName)?;
    finish(group, kind, api_version, Emit::new(metadata), Status::default(), None)
}

/// Owners, which every object may have, and what the kind said, sorted and counted.
fn finish(
    group: &str,
    kind: &str,
    api_version: &Arc<str>,
    mut emit: Emit<'_>,
    status: Status,
    noise: Option<Noise>,
) -> Result<Facts, DecodeError> {
    let metadata = emit.metadata();
    let name = metadata.display_name();
    if name.is_empty() {
        return Err(DecodeError::NoName);
    }
    for owner in &metadata.owner_references {
        let group = group_of(&owner.api_version);
        let _ = emit
            .refer_any("owned_by", group, &owner.kind, &owner.name, "metadata.ownerReferences[]")
            .with_uid(&owner.uid);
    }
    let Emit { references, selections, lends, borrows, .. } = emit;
    let mut facts = Facts {
        key: ObjectKey::new(group, kind, metadata.namespace.as_str(), name),
        api_version: api_version.clone(),
        uid: metadata.uid.clone(),
        resource_version: metadata.resource_version.clone(),
        created: metadata.creation_timestamp,
        labels: Labels::from(&metadata.labels),
        status,
        noise,
        references,
        selections,
        lends,
        borrows,
    };
    facts.settle();
    Ok(facts)
}

/// The group of an apiVersion: `apps` of `apps/v1`, nothing of `v1`.
pub fn group_of(api_version: &str) -> &str {
    api_version.rsplit_once('/').map_or("", |(group, _)| group)
}

/// Reads an object in JSON: by the family that reads its kind or else its metadata, and by the rules for its kind.
pub fn facts_of(value: Value, group: &str, kind: &str, api_version: &Arc<str>) -> Result<Facts, DecodeError> {
    match super::reader(group, kind) {
        Some(reader) => (reader.json)(value, api_version),
        None => metadata_from_json(value, group, kind, api_version),
    }
}

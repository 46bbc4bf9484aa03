//! The same objects, one by one, for whoever follows them.

use prost::Message;
use serde_json::Value;

use super::{METADATA_ONLY, Object, Raw};
use crate::{
    audit::World,
    cluster::reading::Decode,
    model::{DecodeError, Kind, ObjectKey, ObjectMeta, builtin_kinds::builtin, decode, resource::Resource},
};

/// Reads objects of one kind as rules look them up.
#[derive(Debug, Clone)]
pub struct Watched(Raw);

/// An object that was seen.
pub struct Sighted {
    /// Which one.
    pub key: ObjectKey,
    object: Object,
}

#[derive(Clone, PartialEq, Message, serde::Deserialize)]
#[serde(default)]
struct Head {
    #[prost(message, optional, tag = "1")]
    metadata: Option<ObjectMeta>,
}

impl Watched {
    /// Objects of this kind, which the server has as this type; whole where rules want them so.
    pub fn new(kind: Kind, resource: &Resource, whole: bool) -> Self {
        let json = whole || builtin().by_kind(kind.group, kind.kind).is_none();
        Self(Raw { resource: resource.clone(), metadata_only: METADATA_ONLY.contains(&kind), json })
    }

    fn sighted(&self, metadata: ObjectMeta, object: Object) -> Result<Sighted, DecodeError> {
        let Resource { group, kind, .. } = self.resource();
        if metadata.name.is_empty() {
            return Err(DecodeError::NoName);
        }
        Ok(Sighted {
            key: ObjectKey::new(group.as_str(), kind.as_str(), metadata.namespace, metadata.name),
            object,
        })
    }
}

impl Decode for Watched {
    type Object = Sighted;

    fn resource(&self) -> &Resource {
        &self.0.resource
    }

    fn accept(&self, list: &str) -> String {
        self.0.accept(list)
    }

    fn protobuf(&self, bytes: &[u8]) -> Result<Sighted, DecodeError> {
        let head: Head = decode::from_protobuf(bytes)?;
        self.sighted(head.metadata.unwrap_or_default(), self.0.protobuf(bytes)?)
    }

    fn json(&self, value: Value) -> Result<Sighted, DecodeError> {
        let head = value.get("metadata").cloned().unwrap_or_default();
        self.sighted(decode::from_json(head)?, self.0.json(value)?)
    }
}

impl Sighted {
    /// Puts the object among the others, in place of what it was before.
    pub fn put(self, world: &mut World) -> Result<(), DecodeError> {
        let ObjectKey { group, kind, .. } = &self.key;
        match self.object {
            Object::Protobuf(bytes) => world.take_protobuf(group, kind, &bytes),
            Object::Json(value) => world.take_live(group, kind, value),
        }
        .map(drop)
    }
}

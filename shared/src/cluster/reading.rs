//! How objects of one type are asked for, and what an answer becomes: [`Facts`](crate::graph::Facts) of the graph
//! by a [`Reading`], the fields that a message declares by [`Typed`], metadata alone by [`Metadata`].

use std::{marker::PhantomData, sync::Arc};

use prost::Message;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{
    graph::{
        Facts,
        edges::{self, Reader},
    },
    manifest::redact,
    model::{DecodeError, ObjectMeta, decode, resource::Resource},
};

const PROTOBUF: &str = "application/vnd.kubernetes.protobuf,application/json";
const JSON: &str = "application/json";

/// Kinds whose bodies are never asked for, whoever asks.
const SECRETIVE: &[&str] = &["Secret", "ConfigMap"];

/// What rules beyond the built-in families say of objects of one kind: adds to the facts what the object says.
pub type Relations = Arc<dyn Fn(&Value, &mut Facts) + Send + Sync>;

/// How objects of one type are asked for, and what becomes of one.
pub trait Decode: Clone + Send + Sync + 'static {
    /// What becomes of an object.
    type Object: Send;

    /// The type.
    fn resource(&self) -> &Resource;

    /// The `Accept` header of a list (`"List"`) or of one object (`""`).
    fn accept(&self, list: &str) -> String;

    /// The `Accept` header of a watch: each event holds one object, not a list.
    fn accept_watch(&self) -> String {
        let protobuf = "application/vnd.kubernetes.protobuf";
        self.accept("").replace(protobuf, &format!("{protobuf};stream=watch"))
    }

    /// Reads one object from protobuf.
    fn protobuf(&self, bytes: &[u8]) -> Result<Self::Object, DecodeError>;

    /// Reads one object from JSON.
    fn json(&self, value: Value) -> Result<Self::Object, DecodeError>;
}

fn metadata_protobuf(list: &str) -> String {
    format!("application/vnd.kubernetes.protobuf;as=PartialObjectMetadata{list};g=meta.k8s.io;v=v1")
}

fn metadata_json(list: &str) -> String {
    format!("{JSON};as=PartialObjectMetadata{list};g=meta.k8s.io;v=v1")
}

/// Reads the fields that a message declares: a prost message that is also a serde type.
#[derive(Debug)]
pub struct Typed<M> {
    resource: Resource,
    message: PhantomData<fn() -> M>,
}

impl<M> Typed<M> {
    /// Objects of this type, as this message.
    pub fn new(resource: &Resource) -> Self {
        Self { resource: resource.clone(), message: PhantomData }
    }
}

impl<M> Clone for Typed<M> {
    fn clone(&self) -> Self {
        Self::new(&self.resource)
    }
}

impl<M: Message + Default + DeserializeOwned + 'static> Decode for Typed<M> {
    type Object = M;

    fn resource(&self) -> &Resource {
        &self.resource
    }

    fn accept(&self, _: &str) -> String {
        PROTOBUF.to_owned()
    }

    fn protobuf(&self, bytes: &[u8]) -> Result<M, DecodeError> {
        decode::from_protobuf(bytes)
    }

    fn json(&self, value: Value) -> Result<M, DecodeError> {
        decode::from_json(value)
    }
}

/// Reads metadata alone: nothing else is asked for.
#[derive(Debug, Clone)]
pub struct Metadata(pub Resource);

/// The part that every kind has in common.
#[derive(Clone, PartialEq, Message, serde::Deserialize)]
#[serde(default)]
struct WithMetadata {
    #[prost(message, optional, tag = "1")]
    metadata: Option<ObjectMeta>,
}

impl Decode for Metadata {
    type Object = ObjectMeta;

    fn resource(&self) -> &Resource {
        &self.0
    }

    fn accept(&self, list: &str) -> String {
        format!("{},{}", metadata_protobuf(list), metadata_json(list))
    }

    fn protobuf(&self, bytes: &[u8]) -> Result<ObjectMeta, DecodeError> {
        decode::from_protobuf::<WithMetadata>(bytes)?.metadata.ok_or(DecodeError::NoName)
    }

    fn json(&self, value: Value) -> Result<ObjectMeta, DecodeError> {
        decode::from_json::<WithMetadata>(value)?.metadata.ok_or(DecodeError::NoName)
    }
}

/// Reads whole objects as JSON: custom resources, whose fields no message declares.
#[derive(Debug, Clone)]
pub struct Whole(pub Resource);

impl Decode for Whole {
    type Object = Value;

    fn resource(&self) -> &Resource {
        &self.0
    }

    fn accept(&self, _: &str) -> String {
        JSON.to_owned()
    }

    fn protobuf(&self, _: &[u8]) -> Result<Value, DecodeError> {
        // Nobody asked for it.
        Err(DecodeError::Protobuf(prost::DecodeError::new_unexpected_type_url("", "")))
    }

    fn json(&self, value: Value) -> Result<Value, DecodeError> {
        Ok(value)
    }
}

/// What the graph makes of an object; and when a snapshot wants it, the whole of it.
pub type Found = (Box<Facts>, Option<Value>);

/// How the graph asks for objects of one type and reads them.
#[derive(Clone)]
pub struct Reading {
    /// The type.
    pub resource: Resource,
    api_version: Arc<str>,
    reader: Option<&'static Reader>,
    relations: Option<Relations>,
    /// Whether whole objects are wanted, for a snapshot.
    whole: bool,
}

impl Reading {
    /// How a type is read: by the family that reads it, by the rules for it, or else its metadata alone.
    pub fn new(resource: &Resource, relations: Option<Relations>, whole: bool) -> Self {
        Self {
            api_version: resource.api_version().into(),
            reader: edges::reader(&resource.group, &resource.kind),
            relations,
            whole,
            resource: resource.clone(),
        }
    }

    fn metadata_only(&self) -> bool {
        let secretive = self.resource.group.is_empty() && SECRETIVE.contains(&self.resource.kind.as_str());
        let enough = self.relations.is_none() && !self.whole;
        secretive || (enough && self.reader.is_none_or(|reader| reader.metadata_only))
    }
}

impl Decode for Reading {
    type Object = Found;

    fn resource(&self) -> &Resource {
        &self.resource
    }

    fn accept(&self, list: &str) -> String {
        // Rules and snapshots need the object as JSON has it.
        let json = self.relations.is_some() || self.whole;
        if self.metadata_only() {
            return if json {
                metadata_json(list)
            } else {
                format!("{},{}", metadata_protobuf(list), metadata_json(list))
            };
        }
        if json { JSON } else { PROTOBUF }.to_owned()
    }

    fn protobuf(&self, bytes: &[u8]) -> Result<Self::Object, DecodeError> {
        let Resource { group, kind, .. } = &self.resource;
        let facts = match self.reader {
            Some(reader) => (reader.protobuf)(bytes, &self.api_version),
            None => edges::metadata_from_protobuf(bytes, group, kind, &self.api_version),
        }?;
        Ok((Box::new(facts), None))
    }

    fn json(&self, mut value: Value) -> Result<Self::Object, DecodeError> {
        let Resource { group, kind, .. } = &self.resource;
        let kept = self.whole.then(|| {
            redact(&mut value);
            // Items of a list do not say what they are, and metadata says it is metadata.
            if let Value::Object(object) = &mut value {
                object.insert("apiVersion".into(), self.api_version.as_ref().into());
                object.insert("kind".into(), kind.as_str().into());
            }
            value.clone()
        });
        let related = self.relations.as_ref().map(|relations| (relations, value.clone()));
        let mut facts = edges::facts_of(value, group, kind, &self.api_version)?;
        if let Some((relations, value)) = related {
            relations(&value, &mut facts);
        }
        Ok((Box::new(facts), kept))
    }
}

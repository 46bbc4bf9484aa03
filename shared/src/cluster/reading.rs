//! How objects of one type are asked for, and how an answer becomes [`Facts`](crate::graph::Facts).

use std::sync::Arc;

use serde_json::Value;

use super::list::Listed;
use crate::{
    graph::{
        Facts,
        edges::{self, Reader},
    },
    manifest::redact,
    model::resource::Resource,
};

const PROTOBUF: &str = "application/vnd.kubernetes.protobuf,application/json";
const JSON: &str = "application/json";

/// Kinds whose bodies are never asked for, whoever asks.
const SECRETIVE: &[&str] = &["Secret", "ConfigMap"];

/// What rules beyond the built-in families say of objects of one kind: adds to the facts what the object says.
pub type Relations = Arc<dyn Fn(&Value, &mut Facts) + Send + Sync>;

/// How objects of one type are asked for and read.
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

    /// The `Accept` header of a list or watch (`"List"`) or of one object (`""`).
    pub(super) fn accept(&self, list: &str) -> String {
        // Rules and snapshots need the object as JSON has it.
        let json = self.relations.is_some() || self.whole;
        if self.metadata_only() {
            let form = format!(";as=PartialObjectMetadata{list};g=meta.k8s.io;v=v1");
            let protobuf = format!("application/vnd.kubernetes.protobuf{form},");
            return format!("{}{JSON}{form}", if json { "" } else { protobuf.as_str() });
        }
        if json { JSON } else { PROTOBUF }.to_owned()
    }

    /// The `Accept` header of a watch: each event holds one object, not a list.
    pub(super) fn accept_watch(&self) -> String {
        let one = self.accept("");
        let protobuf = "application/vnd.kubernetes.protobuf";
        one.replace(protobuf, &format!("{protobuf};stream=watch"))
    }

    /// Reads one object from protobuf.
    pub(super) fn listed(&self, bytes: &[u8]) -> Listed {
        let Resource { group, kind, .. } = &self.resource;
        let read = match self.reader {
            Some(reader) => (reader.protobuf)(bytes, &self.api_version),
            None => edges::metadata_from_protobuf(bytes, group, kind, &self.api_version),
        };
        match read {
            Ok(facts) => Listed::Object(Box::new(facts), None),
            Err(error) => Listed::Unreadable(error.to_string()),
        }
    }

    /// Reads one object from JSON.
    pub(super) fn listed_json(&self, mut value: Value) -> Listed {
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
        match edges::facts_of(value, group, kind, &self.api_version) {
            Ok(mut facts) => {
                if let Some((relations, value)) = related {
                    relations(&value, &mut facts);
                }
                Listed::Object(Box::new(facts), kept)
            }
            Err(error) => Listed::Unreadable(error.to_string()),
        }
    }
}

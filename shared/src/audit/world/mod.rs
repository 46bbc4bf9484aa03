//! What rules are asked about: the objects that were read, and what is known of those that were not.

mod coverage;
mod pod;
mod store;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use serde::Deserialize;
use serde_json::{Map, Value, json};

pub(crate) use coverage::beyond_files;
pub use coverage::{Coverage, Unknown};
pub(crate) use pod::LivePod;
pub(crate) use store::{Keys, Object, READ, Store, Stores, key_of};

use pod::{Kept, Specs};
use store::Form;

use super::{kubernetes_version::KubernetesVersion, usage::Usage};
use crate::{
    graph::edges::group_of,
    manifest::redact,
    model::{DecodeError, Kind, ObjectKey, ObjectMeta, decode, kinds},
};

/// The kinds that make pods, and pods themselves.
pub(crate) const POD_KINDS: &[Kind] = &[
    kinds::POD,
    kinds::DEPLOYMENT,
    kinds::REPLICA_SET,
    kinds::REPLICATION_CONTROLLER,
    kinds::STATEFUL_SET,
    kinds::DAEMON_SET,
    kinds::JOB,
    kinds::CRON_JOB,
];

/// An object of a kind that is not built in, whole.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Custom {
    pub(crate) metadata: ObjectMeta,
    pub(crate) value: Value,
}

/// What any object in a file says of itself, whatever its kind.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Record {
    pub(crate) key: ObjectKey,
    pub(crate) api_version: Arc<str>,
    pub(crate) metadata: ObjectMeta,
}

/// Whether a workload is no more than a part of one.
fn is_part(group: &str, kind: &str, value: &Value) -> bool {
    let is_empty = |pointer: &str| match value.pointer(pointer) {
        None | Some(Value::Null) => true,
        Some(Value::Object(fields)) => fields.is_empty(),
        Some(_) => false,
    };
    group == "apps"
        && matches!(kind, "DaemonSet" | "Deployment" | "ReplicaSet" | "StatefulSet")
        && is_empty("/spec/selector")
        && is_empty("/spec/template/metadata/labels")
}

/// What is read of any object.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Named {
    metadata: ObjectMeta,
}

/// Whether rules read objects of a kind.
fn is_read(group: &str, kind: &str) -> bool {
    READ.iter().any(|read| read.is(group, kind))
}

/// By group and kind. Copies share what is of one kind until one of them changes something there.
type Customs = BTreeMap<(Box<str>, Box<str>), Arc<BTreeMap<ObjectKey, Arc<Custom>>>>;

/// The objects of a cluster, of files, or of a snapshot. Objects come in any order.
#[derive(Debug, Clone, Default)]
pub struct World {
    stores: Stores,
    custom: Customs,
    /// Whole objects of those kinds that were asked for so.
    whole: Customs,
    kept: BTreeSet<Kind>,
    records: BTreeMap<ObjectKey, Arc<Record>>,
    specs: Specs,
    /// What was read whole.
    pub coverage: Coverage,
    /// The version of the API server, where it is known.
    pub version: Option<KubernetesVersion>,
    /// Whether the objects are live: have a status that something keeps.
    pub live: bool,
    /// Whether the data of config maps and the keys of secrets were read with them.
    pub has_data: bool,
    /// What containers, nodes and volumes use now, where that was read.
    pub usage: Option<Usage>,
}

impl World {
    /// To take live objects, of a cluster or of a snapshot.
    pub fn of_cluster() -> Self {
        Self { live: true, ..Self::default() }
    }

    /// To take documents of files.
    pub fn of_files() -> Self {
        Self { has_data: true, ..Self::default() }
    }

    /// Keeps objects of these kinds whole beside what rules read of them, as expressions see them. The data of secrets
    /// and config maps is never kept.
    #[must_use]
    pub fn keeping(mut self, kinds: BTreeSet<Kind>) -> Self {
        self.kept.extend(kinds);
        self
    }

    /// Keeps these kinds whole from now on, and no others.
    pub fn keep_whole(&mut self, kinds: BTreeSet<Kind>) {
        self.whole.retain(|(group, kind), _| kinds.iter().any(|kept| kept.is(group, kind)));
        self.kept = kinds;
    }

    /// Takes an object as [`Self::take_document`] does, of somebody who may have written down no more than a part of it:
    /// that is an error.
    pub fn take_manifest(
        &mut self,
        api_version: &Arc<str>,
        kind: &str,
        value: Value,
    ) -> Result<(), DecodeError> {
        let group = group_of(api_version);
        if is_part(group, kind, &value) {
            // What else is wrong with it goes before.
            return Self::default().take_json(group, kind, value).and(Err(DecodeError::Part));
        }
        self.take_document(api_version, kind, value)
    }

    /// Takes an object of any kind from a file, in JSON or in YAML once parsed. It is counted among the
    /// records, whatever its kind.
    pub fn take_document(
        &mut self,
        api_version: &Arc<str>,
        kind: &str,
        value: Value,
    ) -> Result<(), DecodeError> {
        let group = group_of(api_version);
        if Usage::is_told_by(group, kind) {
            return self.usage.get_or_insert_default().take(kind, value);
        }
        if !is_read(group, kind) {
            let metadata = self.take_custom(group, kind, value)?;
            self.record(api_version, kind, metadata);
            return Ok(());
        }
        let whole = self.keep(group, kind, &value);
        self.take_recorded(api_version, kind, Form::Json(value))?;
        self.insert_whole(whole);
        Ok(())
    }

    /// The same from JSON as it came.
    pub fn take_text(&mut self, api_version: &Arc<str>, kind: &str, json: &str) -> Result<(), DecodeError> {
        let group = group_of(api_version);
        if is_read(group, kind) && !self.kept.iter().any(|kept| kept.is(group, kind)) {
            return self.take_recorded(api_version, kind, Form::Text(json));
        }
        self.take_document(api_version, kind, decode::unmanaged(json)?)
    }

    /// Takes an object of a kind that rules read, and counts it among the records.
    fn take_recorded(
        &mut self,
        api_version: &Arc<str>,
        kind: &str,
        form: Form<'_>,
    ) -> Result<(), DecodeError> {
        let mut metadata = ObjectMeta::default();
        self.take(group_of(api_version), kind, form, |found| metadata.clone_from(found))?;
        self.record(api_version, kind, metadata);
        Ok(())
    }

    fn record(&mut self, api_version: &Arc<str>, kind: &str, metadata: ObjectMeta) {
        let (namespace, name) = (metadata.namespace.as_str(), metadata.display_name());
        let key = ObjectKey::new(group_of(api_version), kind, namespace, name.as_ref());
        let record = Record { key: key.clone(), api_version: Arc::clone(api_version), metadata };
        self.records.insert(key, Arc::new(record));
    }

    /// Takes a live object, whose apiVersion is the one that the server gave and not the one that somebody wrote.
    /// `false`: no rule reads its kind.
    pub fn take_live(&mut self, group: &str, kind: &str, value: Value) -> Result<bool, DecodeError> {
        if is_read(group, kind) {
            let whole = self.keep(group, kind, &value);
            let taken = self.take_json(group, kind, value)?;
            self.insert_whole(whole);
            return Ok(taken);
        }
        if Usage::is_told_by(group, kind) {
            return self.usage.get_or_insert_default().take(kind, value).map(|()| true);
        }
        self.take_custom(group, kind, value).map(|_| true)
    }

    /// Takes an object from JSON, or from YAML once parsed. `false`: no rule reads its kind.
    pub fn take_json(&mut self, group: &str, kind: &str, value: Value) -> Result<bool, DecodeError> {
        self.take(group, kind, Form::Json(value), |_| ())
    }

    /// Takes an object from protobuf, without the envelope. `false`: no rule reads its kind.
    pub fn take_protobuf(&mut self, group: &str, kind: &str, bytes: &[u8]) -> Result<bool, DecodeError> {
        self.take(group, kind, Form::Protobuf(bytes), |_| ())
    }

    /// Takes an object of a kind that is not built in. Comes back: its metadata.
    fn take_custom(&mut self, group: &str, kind: &str, mut value: Value) -> Result<ObjectMeta, DecodeError> {
        let head = value.get("metadata").cloned().unwrap_or_else(|| Value::Object(Map::new()));
        let Named { metadata } = decode::from_json(json!({ "metadata": head }))?;
        let key = ObjectKey::new(group, kind, metadata.namespace.as_str(), metadata.display_name().as_ref());
        tidy(&mut value);
        let custom = Arc::new(Custom { metadata: metadata.clone(), value });
        let all = self.custom.entry((group.into(), kind.into())).or_default();
        Arc::make_mut(all).insert(key, custom);
        Ok(metadata)
    }

    /// Says what the documents that were taken cover: everything, if they are all there is, or else the kinds and
    /// namespaces that they hold any object of.
    pub fn cover_documents(&mut self, complete: bool) {
        if complete {
            return self.coverage.cover_everything();
        }
        let keys = self.records.keys();
        let cluster =
            |kind: &str, group: &str| READ.iter().any(|read| read.is(group, kind) && !read.namespaced);
        let objects = keys.map(|key| {
            let namespace = if cluster(&key.kind, &key.group) { "" } else { &*key.namespace };
            (&*key.group, &*key.kind, namespace)
        });
        self.coverage.cover_files(objects, POD_KINDS);
    }

    /// Lets go of what is kept of pods that are gone, for whoever follows a cluster for long.
    pub fn tidy(&mut self) {
        self.specs.forget_unused();
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.len() == 0 && self.custom.is_empty()
    }

    /// Keys of all objects, kind by kind.
    pub fn keys(&self) -> impl Iterator<Item = ObjectKey> + '_ {
        self.builtin_keys().chain(self.custom.values().flat_map(|all| all.keys()).cloned())
    }

    /// Where objects of a kind are kept.
    pub(crate) fn store<T: Object>(&self) -> &Store<T> {
        T::store(&self.stores)
    }

    /// All objects of a kind that is not built in, by namespace and name.
    pub(crate) fn custom(&self, kind: Kind) -> impl Iterator<Item = (&ObjectKey, &Custom)> {
        let all = self.custom.get(&(kind.group.into(), kind.kind.into()));
        all.into_iter().flat_map(|all| all.iter()).map(|(key, custom)| (key, custom.as_ref()))
    }

    /// All objects of all kinds that are not built in.
    pub(crate) fn customs(&self) -> impl Iterator<Item = (&ObjectKey, &Custom)> {
        self.custom.values().flat_map(|all| all.iter()).map(|(key, custom)| (key, custom.as_ref()))
    }

    /// The object of a kind that is not built in, by its name.
    pub(crate) fn custom_named(&self, key: &ObjectKey) -> Option<&Custom> {
        let all = self.custom.get(&(Box::from(&*key.group), Box::from(&*key.kind)))?;
        all.get(key).map(AsRef::as_ref)
    }

    /// All objects of a kind, whole, by namespace and name: of those kinds that were asked for so, and of all that are
    /// not built in.
    pub(crate) fn whole(&self, kind: Kind) -> impl Iterator<Item = (&ObjectKey, &Arc<Custom>)> {
        let all = self.wholes(kind.group, kind.kind).get(&(kind.group.into(), kind.kind.into()));
        all.into_iter().flat_map(|all| all.iter())
    }

    /// The whole object of this name.
    pub(crate) fn whole_named(&self, key: &ObjectKey) -> Option<&Arc<Custom>> {
        let all = self.wholes(&key.group, &key.kind).get(&(Box::from(&*key.group), Box::from(&*key.kind)))?;
        all.get(key)
    }

    fn wholes(&self, group: &str, kind: &str) -> &Customs {
        if is_read(group, kind) { &self.whole } else { &self.custom }
    }

    /// What is kept of an object as a whole, if anything.
    fn keep(&self, group: &str, kind: &str, value: &Value) -> Option<(ObjectKey, Custom)> {
        let kept = self.kept.iter().find(|kept| kept.is(group, kind))?;
        let head = value.get("metadata").cloned().unwrap_or_default();
        // What can't be read is told by whoever reads it next.
        let metadata: ObjectMeta = decode::from_json(head).ok()?;
        let key = key_of(*kept, &metadata);
        let mut value = value.clone();
        tidy(&mut value);
        if let Value::Object(object) = &mut value
            && [kinds::SECRET, kinds::CONFIG_MAP].iter().any(|it| it.is(group, kind))
        {
            object.retain(|field, _| matches!(field.as_str(), "apiVersion" | "kind" | "metadata"));
        }
        Some((key, Custom { metadata, value }))
    }

    fn insert_whole(&mut self, whole: Option<(ObjectKey, Custom)>) {
        if let Some((key, custom)) = whole {
            let kind = (Box::from(&*key.group), Box::from(&*key.kind));
            Arc::make_mut(self.whole.entry(kind).or_default()).insert(key, Arc::new(custom));
        }
    }

    /// Metadata of the object of this name, of whatever kind.
    pub(crate) fn metadata(&self, key: &ObjectKey) -> Option<&ObjectMeta> {
        if is_read(&key.group, &key.kind) {
            return self.stores.metadata(key);
        }
        let all = self.custom.get(&(Box::from(&*key.group), Box::from(&*key.kind)))?;
        all.get(key).map(|custom| &custom.metadata)
    }

    /// What objects in files say of themselves.
    pub(crate) fn records(&self) -> impl Iterator<Item = &Record> {
        self.records.values().map(AsRef::as_ref)
    }

    fn insert<T: Object, R: Kept<T>>(&mut self, read: R) -> Result<(), DecodeError> {
        let object = read.kept(&mut self.specs);
        let metadata = object.metadata();
        let namespace = if T::KIND.namespaced { metadata.namespace.clone() } else { String::new() };
        let name = metadata.display_name().into_owned();
        if name.is_empty() {
            return Err(DecodeError::NoName);
        }
        T::store_mut(&mut self.stores).insert(&namespace, &name, object);
        Ok(())
    }

    fn forget_custom(&mut self, key: &ObjectKey) {
        let kind = (Box::from(&*key.group), Box::from(&*key.kind));
        for objects in [&mut self.custom, &mut self.whole] {
            if let Some(all) = objects.get_mut(&kind) {
                Arc::make_mut(all).remove(key);
            }
        }
        self.records.remove(key);
    }
}

/// Takes out what only the server keeps books with, so that an object is the same from a file and from a cluster. Maps
/// of metadata that are empty without it are not there either: the API server leaves them out.
fn tidy(value: &mut Value) {
    redact(value);
    if let Some(metadata) = value.get_mut("metadata").and_then(Value::as_object_mut) {
        for field in ["annotations", "labels"] {
            if metadata.get(field).and_then(Value::as_object).is_some_and(serde_json::Map::is_empty) {
                metadata.shift_remove(field);
            }
        }
    }
}

#[cfg(test)]
mod tests;

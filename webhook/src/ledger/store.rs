//! Ledgers in the API server: read, and replaced if they are still what was read.

use std::{sync::Arc, time::Duration};

use passmuster::{
    API_VERSION,
    cluster::{Connection, Error, Listed, Metadata, get},
    model::{builtin_kinds::builtin, resource::Resource},
    quota::{
        ledger::{ALLOCATED, Book, LedgerSpec, NAMESPACES, QuotaLedger, Slot},
        project::ProjectQuota,
    },
};
use serde_json::{Value, json};

use super::{
    charge::number,
    follow::read_ledger,
    view::{Seen, View},
};
use crate::{
    kinds::own,
    objects::{Objects, Written},
};

/// How long one request may take. Whoever waits for it has a deadline of some seconds.
const PATIENCE: Duration = Duration::from_secs(3);

/// The ledgers of all projects.
#[derive(Clone)]
pub(super) struct Store {
    objects: Objects,
    connection: Connection,
    view: Arc<View>,
}

impl Store {
    pub(super) fn new(connection: &Connection, view: Arc<View>) -> Self {
        let mut connection = connection.clone();
        connection.request_timeout = Some(PATIENCE);
        Self { objects: Objects::new(connection.clone()), connection, view }
    }

    fn ledgers() -> Resource {
        own(QuotaLedger::KIND, QuotaLedger::PLURAL)
    }

    fn quotas() -> Resource {
        own(ProjectQuota::KIND, "projectquotas")
    }

    /// Asks for a project's ledger, and takes note of it.
    pub(super) async fn refresh(&self, project: &str) -> Result<(), Error> {
        let path = Self::ledgers().object_path(None, project);
        match self.objects.get(&path).await? {
            Some(object) => {
                let seen = read_ledger(&object).map_err(|error| Error::decode(&path, error))?;
                self.view.change(|state| state.learn(project, seen));
            }
            None => drop(self.view.change(|state| state.books.remove(project))),
        }
        Ok(())
    }

    /// Stores a ledger in place of that of a version, or a new one; false when it is not that version any more.
    pub(super) async fn put(&self, project: &str, version: &str, book: &Book) -> Result<bool, Error> {
        let kind = ProjectQuota::KIND;
        let mut object = json!({
            "apiVersion": API_VERSION,
            "kind": QuotaLedger::KIND.kind,
            "metadata": {
                "name": project,
                // With its quota it goes.
                "ownerReferences": [{
                    "apiVersion": API_VERSION, "kind": kind.kind, "name": project, "uid": book.quota.uid,
                }],
            },
        });
        let path = Self::ledgers().path(None);
        let spec = LedgerSpec::from(book);
        object["spec"] = serde_json::to_value(&spec).map_err(|error| Error::decode(&path, error))?;
        let written = if version.is_empty() {
            self.objects.create(&path, &object).await?
        } else {
            object["metadata"]["resourceVersion"] = version.into();
            self.objects.replace(&Self::ledgers().object_path(None, project), &object).await?
        };
        let Written::Stored(stored) = written else { return Ok(false) };
        let version = stored.pointer("/metadata/resourceVersion").and_then(Value::as_str).unwrap_or_default();
        let seen = Seen { version: version.to_owned(), book: book.clone() };
        self.view.change(|state| state.learn(project, seen));
        Ok(true)
    }

    /// The uid of a project's quota; none when there is none.
    pub(super) async fn quota_uid(&self, project: &str) -> Result<Option<String>, Error> {
        let object = self.objects.get(&Self::quotas().object_path(None, project)).await?;
        let uid = |object: Value| object.pointer("/metadata/uid").and_then(Value::as_str).map(str::to_owned);
        Ok(object.and_then(uid))
    }

    /// The version of the object at a place, as of now; none when there is none. Nothing but metadata is asked for.
    pub(super) async fn version_at(&self, slot: &Slot) -> Result<Option<u64>, Error> {
        let known = self.view.read(|state| state.followed.get(&slot.resource).cloned());
        let named = match slot.resource.as_ref() {
            NAMESPACES => builtin().by_kind("", "Namespace").cloned(),
            ALLOCATED => builtin().by_kind("", "ResourceQuota").cloned(),
            _ => known.or_else(|| {
                self.view.read(|state| {
                    let mut types = state.discovery.preferred();
                    types.find(|resource| resource.group_resource() == slot.resource.as_ref()).cloned()
                })
            }),
        };
        // A type that the server does not have has no objects.
        let Some(resource) = named else { return Ok(None) };
        match get(&self.connection, &Metadata(resource), &slot.namespace, &slot.name).await? {
            Some(Listed::Object(metadata)) => Ok(Some(number(&metadata.resource_version))),
            Some(Listed::Unreadable(why)) => Err(Error::decode(slot.name.to_string(), why)),
            Some(Listed::Anew) | None => Ok(None),
        }
    }

    /// Writes the status of a project's quota, if the object is still the one that it is about.
    pub(super) async fn put_status(&self, project: &str, object: &Value) -> Result<bool, Error> {
        let path = format!("{}/status", Self::quotas().object_path(None, project));
        Ok(matches!(self.objects.replace(&path, object).await?, Written::Stored(_)))
    }

    /// An object as it is stored.
    pub(super) async fn object(&self, path: &str) -> Result<Option<Value>, Error> {
        self.objects.get(path).await
    }
}

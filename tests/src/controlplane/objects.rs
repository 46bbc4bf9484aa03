//! Objects of any kind, status included, exactly as a test writes them: no client-side defaults, no annotations.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};

use super::ControlPlane;
use crate::Error;
use crate::eventually::poll;

/// Where objects of the kinds seen so far live: `(apiVersion, kind)` to plural, scope and whether status is apart.
#[derive(Debug, Default)]
pub(super) struct Types(Mutex<HashMap<(String, String), Type>>);

#[derive(Debug, Clone)]
struct Type {
    plural: String,
    namespaced: bool,
    status_apart: bool,
}

impl ControlPlane {
    /// Creates an object, then writes its status if it has one, and returns what is stored. Without a namespace it
    /// goes into `default`.
    pub fn create(&self, object: &Value) -> Result<Value, Error> {
        let (kind, collection) = self.locate(object)?;
        let stored = self.api.create(&collection, object)?;
        match object.get("status") {
            Some(status) if kind.status_apart => self.write_status(&stored, status),
            _ => Ok(stored),
        }
    }

    /// Writes the status of an object that exists.
    pub fn write_status(&self, object: &Value, status: &Value) -> Result<Value, Error> {
        let path = self.path_of(object)?;
        let mut object = self.api.get(&path)?;
        object["status"] = status.clone();
        self.api.replace(&format!("{path}/status"), &object)
    }

    /// Removes an object, whatever would hold it back: grace periods, finalizers. That there is none is no error.
    pub fn remove(&self, object: &Value) -> Result<(), Error> {
        let path = self.path_of(object)?;
        match self.api.delete(&path) {
            Err(Error::Status { status: 404, .. }) => return Ok(()),
            deleted => drop(deleted?),
        }
        poll(Duration::from_secs(20), "the end of an object", || {
            let left = match self.api.get(&path) {
                Err(Error::Status { status: 404, .. }) => return Some(()),
                left => left.ok()?,
            };
            // Nobody is there who would do what finalizers wait for.
            let none = json!({"metadata": {"finalizers": null}});
            let _ = match object["kind"].as_str() {
                Some("Namespace") => {
                    let end = json!({"metadata": left["metadata"], "spec": {"finalizers": []}});
                    self.api.replace(&format!("{path}/finalize"), &end)
                }
                _ => self.api.patch(&path, &none),
            };
            None
        })
    }

    /// Defines a custom resource that takes anything, and waits until it is served: `KIND.VERSION.GROUP` and its
    /// plural.
    pub fn define(
        &self,
        kind: &str,
        versions: &[&str],
        group: &str,
        plural: &str,
        namespaced: bool,
    ) -> Result<(), Error> {
        let versions_served = versions.iter().enumerate().map(|(n, version)| {
            let anything = json!({"type": "object", "x-kubernetes-preserve-unknown-fields": true});
            json!({"name": version, "served": true, "storage": n == 0, "schema": {"openAPIV3Schema": anything}})
        });
        let definition = json!({
            "metadata": {
                "name": format!("{plural}.{group}"),
                // Only so are groups of Kubernetes' own taken.
                "annotations": {"api-approved.kubernetes.io": "unapproved, for tests"},
            },
            "spec": {
                "group": group,
                "scope": if namespaced { "Namespaced" } else { "Cluster" },
                "names": {"kind": kind, "plural": plural, "singular": kind.to_lowercase()},
                "versions": versions_served.collect::<Vec<_>>(),
            },
        });
        self.serve(&definition)
    }

    /// Creates a definition of a custom resource, and waits until each of its versions is served.
    pub fn serve(&self, definition: &Value) -> Result<(), Error> {
        self.api.create("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", definition)?;
        let spec = &definition["spec"];
        let (group, kind) = (text(&spec["group"]), text(&spec["names"]["kind"]));
        for version in spec["versions"].as_array().into_iter().flatten() {
            let api_version = format!("{group}/{}", text(&version["name"]));
            let collection = format!("/apis/{api_version}/{}", text(&spec["names"]["plural"]));
            // Discovery and the objects come one after the other, in no order that is promised.
            poll(Duration::from_secs(60), "the custom resource is served", || {
                self.type_of("apis", &api_version, &kind).ok()?;
                self.api.get(&collection).ok()
            })?;
        }
        Ok(())
    }

    /// Where an object is stored.
    pub fn path_of(&self, object: &Value) -> Result<String, Error> {
        let (_, collection) = self.locate(object)?;
        Ok(format!("{collection}/{}", object["metadata"]["name"].as_str().unwrap_or_default()))
    }

    fn locate(&self, object: &Value) -> Result<(Type, String), Error> {
        let (api_version, kind) = (text(&object["apiVersion"]), text(&object["kind"]));
        let root = if api_version.contains('/') { "apis" } else { "api" };
        let of_kind = self.type_of(root, &api_version, &kind)?;
        let namespace = object["metadata"]["namespace"].as_str().unwrap_or("default");
        let within = if of_kind.namespaced { format!("/namespaces/{namespace}") } else { String::new() };
        let collection = format!("/{root}/{api_version}{within}/{}", of_kind.plural);
        Ok((of_kind, collection))
    }

    fn type_of(&self, root: &str, api_version: &str, kind: &str) -> Result<Type, Error> {
        let mut types = self.types.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (api_version.to_owned(), kind.to_owned());
        if let Some(found) = types.get(&key) {
            return Ok(found.clone());
        }
        let path = format!("/{root}/{api_version}");
        let list = self.api.get(&path)?;
        let resources = list["resources"].as_array().map(Vec::as_slice).unwrap_or_default();
        let named = |name: &str| resources.iter().any(|resource| resource["name"] == name);
        let found = resources.iter().find_map(|resource| {
            let plural = resource["name"].as_str().filter(|name| !name.contains('/'))?;
            (resource["kind"] == kind).then(|| Type {
                plural: plural.to_owned(),
                namespaced: resource["namespaced"] == true,
                status_apart: named(&format!("{plural}/status")),
            })
        });
        let missing = || Error::Request {
            method: "GET".to_owned(),
            path,
            reason: format!("the server does not have the kind {kind}"),
        };
        let found = found.ok_or_else(missing)?;
        types.insert(key, found.clone());
        Ok(found)
    }
}

/// The text that a value is; empty where it is none.
fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

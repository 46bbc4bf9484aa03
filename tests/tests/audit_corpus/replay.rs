//! The objects of a case, in a real API server.

use std::collections::BTreeSet;

use passmuster::{audit::CorpusCase, model::ObjectKey};
use passmuster_tests::ControlPlane;
use serde_json::{Value, json};

/// An API server that has the objects of one case after the other.
pub(crate) struct Replay<'p> {
    plane: &'p ControlPlane,
    /// Namespaces that were made on the way.
    namespaces: BTreeSet<String>,
}

/// What is stored of a case.
pub(crate) struct Stored {
    /// All of its objects.
    pub(crate) keys: BTreeSet<ObjectKey>,
    /// The objects as the API server has them.
    pub(crate) objects: Vec<Value>,
}

fn namespace_of(name: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
}

impl<'p> Replay<'p> {
    pub(crate) fn on(plane: &'p ControlPlane) -> Self {
        Self { plane, namespaces: BTreeSet::new() }
    }

    /// Stores the objects of a case, status and all; an error where one is refused, after those before it were removed.
    pub(crate) fn store(&mut self, case: &CorpusCase) -> Result<Stored, String> {
        let objects = crate::objects(case);
        let own: BTreeSet<&str> = objects
            .iter()
            .filter(|object| object["kind"] == "Namespace")
            .filter_map(|object| object["metadata"]["name"].as_str())
            .collect();
        for name in &own {
            if self.namespaces.remove(*name) {
                self.plane.remove(&namespace_of(name)).map_err(|error| error.to_string())?;
            }
        }
        let mut keys = BTreeSet::new();
        for object in &objects {
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            let (namespace, name) =
                (text(&object["metadata"]["namespace"]), text(&object["metadata"]["name"]));
            let version = text(&object["apiVersion"]);
            let group = version.rsplit_once('/').map_or("", |(group, _)| group).to_owned();
            if !namespace.is_empty()
                && !own.contains(namespace.as_str())
                && self.namespaces.insert(namespace.clone())
            {
                // Some are there from the beginning.
                let _ = self.plane.create(&namespace_of(&namespace));
            }
            keys.insert(ObjectKey::new(group, text(&object["kind"]), namespace, name));
        }
        let mut stored = Stored { keys, objects: Vec::new() };
        let (first, then): (Vec<_>, Vec<_>) =
            objects.iter().partition(|object| object["kind"] == "Namespace");
        for object in first.into_iter().chain(then) {
            let created = self.plane.create(object);
            stored.objects.push(object.clone());
            if let Err(error) = created {
                self.remove(&stored)?;
                return Err(format!("not stored: {error}"));
            }
        }
        Ok(stored)
    }

    /// Removes what was stored.
    pub(crate) fn remove(&self, stored: &Stored) -> Result<(), String> {
        for object in stored.objects.iter().rev() {
            self.plane.remove(object).map_err(|error| format!("not removed: {error}"))?;
        }
        Ok(())
    }
}

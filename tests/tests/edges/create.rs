//! A case's objects put on a server: with the uids that the server gives, complete enough for it to take them, and
//! gone again afterwards.

use std::collections::{BTreeMap, BTreeSet};

use passmuster_tests::{ControlPlane, Error};
use serde_json::{Map, Value, json};

use crate::world::{make_namespaces, text};

/// What the server holds of a case, until it is removed again.
pub(crate) struct Created<'a> {
    plane: &'a ControlPlane,
    objects: Vec<Value>,
}

impl<'a> Created<'a> {
    /// Creates the objects, those first whose uids others need; all of them or none.
    pub(crate) fn create(plane: &'a ControlPlane, objects: Vec<Value>) -> Result<Self, String> {
        make_namespaces(plane, &objects);
        let mut created = Self { plane, objects: Vec::new() };
        let mut uids = BTreeMap::new();
        for mut object in in_order(objects) {
            let uid = object["metadata"].as_object_mut().and_then(|metadata| metadata.remove("uid"));
            replace_uids(&mut object, &uids);
            complete(&mut object);
            let stored = match put(plane, &object) {
                Ok(stored) => stored,
                Err(error) => {
                    created.remove()?;
                    return Err(format!("{error}\n{object}"));
                }
            };
            if let Some(uid) = uid {
                uids.insert(text(&uid).to_owned(), stored["metadata"]["uid"].clone());
            }
            created.objects.push(object);
        }
        Ok(created)
    }

    /// Leaves all as it was before.
    pub(crate) fn remove(self) -> Result<(), String> {
        for object in self.objects.iter().rev() {
            let removed = if object["kind"] == "Namespace" {
                let keys = object["metadata"]["labels"].as_object().into_iter().flatten();
                let none: Map<String, Value> = keys.map(|(key, _)| (key.clone(), Value::Null)).collect();
                let path = self.plane.path_of(object).unwrap();
                self.plane.api().patch(&path, &json!({"metadata": {"labels": none}})).map(drop)
            } else {
                self.plane.remove(object)
            };
            removed.map_err(|error| format!("not removed: {error}"))?;
        }
        Ok(())
    }
}

/// Objects whose uids others name before those.
fn in_order(mut objects: Vec<Value>) -> Vec<Value> {
    let mut ordered = Vec::new();
    while !objects.is_empty() {
        let to_come: BTreeSet<String> =
            objects.iter().map(|object| text(&object["metadata"]["uid"]).to_owned()).collect();
        let ready = |object: &Value| {
            let mut named = BTreeSet::new();
            named_uids(object, &mut named);
            named.remove(text(&object["metadata"]["uid"]));
            named.iter().all(|uid| !to_come.contains(uid))
        };
        let at = objects.iter().position(ready).unwrap_or_default();
        ordered.push(objects.remove(at));
    }
    ordered
}

/// A field or annotation that holds a uid.
fn holds_uid(key: &str) -> bool {
    key == "uid" || key == "kubernetes.io/service-account.uid"
}

fn named_uids(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                match value {
                    Value::String(uid) if holds_uid(key) => drop(found.insert(uid.clone())),
                    value => named_uids(value, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| named_uids(item, found)),
        _ => {}
    }
}

fn replace_uids(value: &mut Value, uids: &BTreeMap<String, Value>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                match uids.get(text(value)).filter(|_| holds_uid(key)) {
                    Some(real) => *value = real.clone(),
                    None => replace_uids(value, uids),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| replace_uids(item, uids)),
        _ => {}
    }
}

/// Cases say what matters; a server wants every required field.
pub(crate) fn complete(object: &mut Value) {
    let template = |restart: &str| {
        json!({"metadata": {"labels": {"app": "x"}},
            "spec": {"restartPolicy": restart, "containers": [{"name": "main", "image": "x"}]}})
    };
    let modes = json!(["ReadWriteOnce"]);
    let storage = json!({"storage": "1Gi"});
    let spec = match text(&object["kind"]) {
        "Pod" => template("Always")["spec"].clone(),
        "Deployment" | "ReplicaSet" | "DaemonSet" | "StatefulSet" => {
            json!({"selector": {"matchLabels": {"app": "x"}}, "template": template("Always")})
        }
        "Job" => json!({"template": template("Never")}),
        "CronJob" => {
            json!({"schedule": "0 0 * * *", "jobTemplate": {"spec": {"template": template("Never")}}})
        }
        "Service" => json!({"ports": [{"port": 80}]}),
        "PersistentVolumeClaim" => json!({"accessModes": modes, "resources": {"requests": storage}}),
        "PersistentVolume" => {
            let mut spec = json!({"accessModes": modes, "capacity": storage, "hostPath": {"path": "/x"}});
            // Some cases give a volume's claim alone.
            if object["spec"].get("capacity").is_none() {
                spec["claimRef"] = object["spec"]["claimRef"].take();
                object["spec"] = Value::Null;
            }
            spec
        }
        "ResourceSlice" => {
            let pool = json!({"name": "x", "generation": 1, "resourceSliceCount": 1});
            json!({"driver": "x.example.com", "nodeName": "x", "pool": pool})
        }
        "ResourceClaim" | "Lease" => json!({}),
        "CSINode" => json!({"drivers": []}),
        "ControllerRevision" => {
            object["data"] = json!({});
            object["revision"] = json!(1);
            return;
        }
        "EndpointSlice" if object.get("endpoints").is_none() => {
            object["endpoints"] = json!([]);
            return;
        }
        _ => return,
    };
    if object.get("spec").is_none_or(Value::is_null) {
        object["spec"] = spec;
    }
}

/// Creates an object, or relabels the namespace that is there for good.
fn put(plane: &ControlPlane, object: &Value) -> Result<Value, Error> {
    let path = plane.path_of(object)?;
    if object["kind"] == "Namespace" {
        let labels = json!({"metadata": {"labels": object["metadata"]["labels"]}});
        return plane.api().patch(&path, &labels).or_else(|_| plane.create(object));
    }
    let mut first = object.clone();
    let debug = first["spec"].as_object_mut().and_then(|spec| spec.remove("ephemeralContainers"));
    let mut stored = plane.create(&first)?;
    let Some(debug) = debug else { return Ok(stored) };
    stored["spec"]["ephemeralContainers"] = debug;
    plane.api().replace(&format!("{path}/ephemeralcontainers"), &stored)
}

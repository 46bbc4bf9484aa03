//! Workloads in files stand for the pods that they would make.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::graph::edges::group_of;

/// Annotation of a pod that a template stands for, with the workload's kind.
const MARK: &str = "passmuster.dev/from-template";

/// Group, kind, namespace, name.
type Key = (String, String, String, String);

/// Collects workloads, and makes one pod for each that has none, so that services, budgets and policies find it.
///
/// A pod or replica set among the objects that names a workload as its owner is what that workload made: the workload
/// then needs no stand-in, and neither does a workload that another one among the objects made.
#[derive(Debug, Default)]
pub struct Templates {
    /// Pods that stand for templates.
    pods: BTreeMap<Key, Value>,
    /// Who owns a workload.
    owners: BTreeMap<Key, Vec<Key>>,
    /// Who owns a pod.
    owners_of_pods: Vec<Key>,
    /// Names of pods that are taken.
    names: BTreeSet<(String, String)>,
}

/// The pods that stand for the templates of these objects.
pub fn pods_of_templates<'a>(objects: impl IntoIterator<Item = &'a Value>) -> Vec<Value> {
    let mut templates = Templates::default();
    objects.into_iter().for_each(|object| templates.observe(object));
    templates.into_pods()
}

impl Templates {
    /// Takes what an object says. Its namespace must be settled.
    pub fn observe(&mut self, object: &Value) {
        let Some(key) = key_of(object) else {
            return;
        };
        let (group, kind) = (key.0.as_str(), key.1.as_str());
        if (group, kind) == ("", "Pod") {
            self.owners_of_pods.extend(owners_of(object, &key.2));
            self.names.insert((key.2, key.3));
            return;
        }
        let template = match (group, kind) {
            ("", "ReplicationController")
            | ("apps", "ReplicaSet" | "Deployment" | "StatefulSet" | "DaemonSet")
            | ("batch", "Job")
            | ("argoproj.io", "Rollout")
            | ("serving.knative.dev", "Service") => "/spec/template",
            ("batch", "CronJob") => "/spec/jobTemplate/spec/template",
            _ => return,
        };
        let owners = owners_of(object, &key.2);
        if !owners.is_empty() {
            self.owners.insert(key.clone(), owners);
        }
        // Scaled to nothing, it makes no pods.
        let none = object.pointer("/spec/replicas").and_then(Value::as_u64) == Some(0);
        if let Some(template) = object.pointer(template).filter(|template| template.is_object() && !none) {
            let pod = pod(object, &key, template);
            self.pods.insert(key, pod);
        }
    }

    /// One pod for each workload that has none, sorted by workload.
    pub fn into_pods(mut self) -> Vec<Value> {
        // Up from the pods that there are, and past the workloads that others made.
        let mut next = std::mem::take(&mut self.owners_of_pods);
        let mut served = BTreeSet::new();
        while let Some(key) = next.pop() {
            if served.insert(key.clone()) {
                next.extend(self.owners.get(&key).into_iter().flatten().cloned());
            }
        }
        let made = |key: &Key| {
            self.owners.get(key).is_some_and(|owners| owners.iter().any(|owner| self.known(owner)))
        };
        let wanted: Vec<Key> =
            self.pods.keys().filter(|key| !served.contains(*key) && !made(key)).cloned().collect();
        let mut pods = Vec::with_capacity(wanted.len());
        for key in wanted {
            if let Some(mut pod) = self.pods.remove(&key) {
                let name = self.free_name(&key);
                if let Some(metadata) = pod.get_mut("metadata").and_then(Value::as_object_mut) {
                    metadata.insert("name".to_owned(), name.into());
                }
                pods.push(pod);
            }
        }
        pods
    }

    fn known(&self, key: &Key) -> bool {
        self.pods.contains_key(key) || self.owners.contains_key(key)
    }

    /// `nginx-template`; with the kind behind it when another pod has that name.
    fn free_name(&mut self, (_, kind, namespace, name): &Key) -> String {
        let first = format!("{name}-template");
        let second = format!("{first}-{}", kind.to_lowercase());
        let free = [first, second.clone()]
            .into_iter()
            .find(|name| self.names.insert((namespace.clone(), name.clone())));
        free.unwrap_or(second)
    }
}

fn key_of(object: &Value) -> Option<Key> {
    let metadata = object.get("metadata")?;
    let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
    let name = Some(text(metadata.get("name"))).filter(|name| !name.is_empty());
    let name = name.unwrap_or_else(|| text(metadata.get("generateName")));
    let group = group_of(object.get("apiVersion")?.as_str()?).to_owned();
    Some((group, text(object.get("kind")), text(metadata.get("namespace")), name))
}

fn owners_of(object: &Value, namespace: &str) -> Vec<Key> {
    let owners = object.pointer("/metadata/ownerReferences").and_then(Value::as_array);
    let owner = |owner: &Value| {
        let text = |field: &str| owner.get(field).and_then(Value::as_str).unwrap_or_default();
        let group = group_of(text("apiVersion")).to_owned();
        (group, text("kind").to_owned(), namespace.to_owned(), text("name").to_owned())
    };
    owners.into_iter().flatten().map(owner).collect()
}

fn pod(workload: &Value, (_, kind, namespace, name): &Key, template: &Value) -> Value {
    let copied = |pointer: &str| template.pointer(pointer).filter(|value| value.is_object()).cloned();
    let mut annotations = copied("/metadata/annotations").unwrap_or_else(|| Map::new().into());
    if let Some(annotations) = annotations.as_object_mut() {
        annotations.insert(MARK.to_owned(), kind.as_str().into());
    }
    let owner = json!({
        "apiVersion": workload.get("apiVersion"),
        "kind": kind,
        "name": name,
        "controller": true,
    });
    let mut metadata = Map::new();
    metadata.insert("name".to_owned(), name.as_str().into());
    if !namespace.is_empty() {
        metadata.insert("namespace".to_owned(), namespace.as_str().into());
    }
    metadata.insert("labels".to_owned(), copied("/metadata/labels").unwrap_or_else(|| Map::new().into()));
    metadata.insert("annotations".to_owned(), annotations);
    metadata.insert("ownerReferences".to_owned(), Value::Array(vec![owner]));
    json!({
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": metadata,
        "spec": copied("/spec").unwrap_or_else(|| Map::new().into()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn workload(api_version: &str, kind: &str, name: &str) -> Value {
        let template = json!({"metadata": {"labels": {"app": name}}, "spec": {"containers": []}});
        let spec = if kind == "CronJob" {
            json!({"jobTemplate": {"spec": {"template": template}}})
        } else {
            json!({"template": template})
        };
        json!({"apiVersion": api_version, "kind": kind, "metadata": {"name": name, "namespace": "shop"}, "spec": spec})
    }

    fn owned(mut object: Value, api_version: &str, kind: &str, name: &str) -> Value {
        object["metadata"]["ownerReferences"] =
            json!([{"apiVersion": api_version, "kind": kind, "name": name}]);
        object
    }

    fn names(objects: &[Value]) -> Vec<String> {
        let name = |pod: &Value| pod["metadata"]["name"].as_str().unwrap().to_owned();
        pods_of_templates(objects).iter().map(name).collect()
    }

    #[test]
    fn every_workload_stands_for_one_pod() {
        let pods = pods_of_templates([&workload("apps/v1", "Deployment", "web")]);
        let expected = json!([{
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {
                "name": "web-template",
                "namespace": "shop",
                "labels": {"app": "web"},
                "annotations": {MARK: "Deployment"},
                "ownerReferences": [
                    {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web", "controller": true},
                ],
            },
            "spec": {"containers": []},
        }]);
        assert_eq!(Value::Array(pods), expected);
        let all = [
            workload("v1", "ReplicationController", "a"),
            workload("apps/v1", "ReplicaSet", "b"),
            workload("apps/v1", "DaemonSet", "c"),
            workload("apps/v1", "StatefulSet", "c"),
            workload("batch/v1", "Job", "d"),
            workload("batch/v1", "CronJob", "e"),
            workload("example.com/v1", "Deployment", "f"),
            workload("argoproj.io/v1alpha1", "Rollout", "h"),
            json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "g"}}),
        ];
        let expected = [
            "a-template",
            "c-template",
            "b-template",
            "c-template-statefulset",
            "h-template",
            "e-template",
            "d-template",
        ];
        assert_eq!(names(&all), expected);
    }

    #[test]
    fn what_has_its_pods_needs_no_other() {
        let deployment = workload("apps/v1", "Deployment", "web");
        let replicas = owned(workload("apps/v1", "ReplicaSet", "web-1"), "apps/v1", "Deployment", "web");
        let pod =
            json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web-1-x", "namespace": "shop"}});
        let pod = owned(pod, "apps/v1", "ReplicaSet", "web-1");
        assert_eq!(names(&[pod, replicas.clone(), deployment.clone()]), [""; 0]);
        assert_eq!(names(&[replicas, deployment.clone()]), ["web-template"], "one for both");
        let mut none = deployment;
        none["spec"]["replicas"] = 0.into();
        assert_eq!(names(&[none]), [""; 0]);
    }

    #[test]
    fn names_of_real_pods_are_not_taken_again() {
        let pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web-template", "namespace": "shop"}});
        assert_eq!(names(&[workload("apps/v1", "Deployment", "web"), pod]), ["web-template-deployment"]);
    }
}

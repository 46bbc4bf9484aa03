//! A generated pod: containers, and the fields that are set on it one after the other, so that a failure can be made
//! small by leaving some out.

use std::fmt;

use passmuster::audit::pod_security::Policy;
use serde_json::{Map, Value, json};

/// A list of containers that a pod can be created with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum List {
    Init,
    Main,
}

impl List {
    fn field(self) -> &'static str {
        match self {
            Self::Init => "initContainers",
            Self::Main => "containers",
        }
    }
}

/// Where a field is set.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum On {
    Spec,
    /// The container of this name.
    Container(&'static str),
    /// An annotation of the pod, whose key is the field.
    Annotation,
}

/// A field and its value. A path that ends in `[]` adds to a list.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Set {
    pub(crate) on: On,
    pub(crate) path: String,
    pub(crate) value: Value,
}

impl fmt::Display for Set {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {} = {}", self.on, self.path, self.value)
    }
}

/// What a pod is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Pod,
    Deployment,
    ReplicaSet,
    StatefulSet,
    DaemonSet,
    Job,
    CronJob,
    ReplicationController,
    PodTemplate,
}

impl Kind {
    pub(crate) const TEMPLATES: [Self; 8] = [
        Self::Deployment,
        Self::ReplicaSet,
        Self::StatefulSet,
        Self::DaemonSet,
        Self::Job,
        Self::CronJob,
        Self::ReplicationController,
        Self::PodTemplate,
    ];

    /// The collection, below the namespace.
    pub(crate) fn path(self, namespace: &str) -> String {
        let (api, plural) = match self {
            Self::Pod => ("api/v1", "pods"),
            Self::ReplicationController => ("api/v1", "replicationcontrollers"),
            Self::PodTemplate => ("api/v1", "podtemplates"),
            Self::Deployment => ("apis/apps/v1", "deployments"),
            Self::ReplicaSet => ("apis/apps/v1", "replicasets"),
            Self::StatefulSet => ("apis/apps/v1", "statefulsets"),
            Self::DaemonSet => ("apis/apps/v1", "daemonsets"),
            Self::Job => ("apis/batch/v1", "jobs"),
            Self::CronJob => ("apis/batch/v1", "cronjobs"),
        };
        format!("/{api}/namespaces/{namespace}/{plural}")
    }

    /// The object around a pod's metadata and spec.
    fn wrap(self, mut metadata: Value, mut spec: Value) -> Value {
        let name = json!({"name": "it"});
        let labels = json!({"app": "it"});
        if self == Self::Pod {
            metadata["name"] = json!("it");
            return json!({"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec});
        }
        metadata["labels"] = labels.clone();
        if matches!(self, Self::Job | Self::CronJob) {
            spec["restartPolicy"] = json!("Never");
        }
        let template = json!({"metadata": metadata, "spec": spec});
        let (api, kind, spec) = match self {
            Self::Pod => unreachable!("done above"),
            Self::PodTemplate => {
                return json!({"apiVersion": "v1", "kind": "PodTemplate", "metadata": name, "template": template});
            }
            Self::ReplicationController => {
                ("v1", "ReplicationController", json!({"selector": labels, "template": template}))
            }
            Self::Job => ("batch/v1", "Job", json!({"template": template})),
            Self::CronJob => (
                "batch/v1",
                "CronJob",
                json!({"schedule": "* * * * *", "jobTemplate": {"spec": {"template": template}}}),
            ),
            other => {
                let kind = match other {
                    Self::Deployment => "Deployment",
                    Self::ReplicaSet => "ReplicaSet",
                    Self::StatefulSet => "StatefulSet",
                    _ => "DaemonSet",
                };
                ("apps/v1", kind, json!({"selector": {"matchLabels": labels}, "template": template}))
            }
        };
        json!({"apiVersion": api, "kind": kind, "metadata": name, "spec": spec})
    }
}

/// How the API server is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum How {
    /// The namespace warns.
    Warn,
    /// The namespace enforces: pods only.
    Enforce,
}

/// One question.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Case {
    pub(crate) kind: Kind,
    pub(crate) containers: Vec<(List, &'static str)>,
    pub(crate) sets: Vec<Set>,
    pub(crate) policy: Policy,
    pub(crate) how: How,
}

impl Case {
    /// The object.
    pub(crate) fn object(&self) -> Value {
        let mut metadata = json!({});
        let mut spec = json!({});
        for (list, name) in &self.containers {
            push(&mut spec, &[list.field()], json!({"name": name, "image": "registry.example.com/it:1"}));
        }
        for set in &self.sets {
            let parts: Vec<&str> = set.path.split('.').collect();
            match &set.on {
                On::Spec => put(&mut spec, &parts, set.value.clone()),
                On::Annotation => put(&mut metadata, &["annotations", &set.path], set.value.clone()),
                On::Container(name) => {
                    let Some((list, at)) = self.place(name) else {
                        continue;
                    };
                    put(&mut spec[list.field()][at], &parts, set.value.clone());
                }
            }
        }
        self.kind.wrap(metadata, spec)
    }

    fn place(&self, name: &str) -> Option<(List, usize)> {
        let list = self.containers.iter().find(|(_, other)| *other == name)?.0;
        let same = self.containers.iter().filter(|(other, _)| *other == list);
        same.enumerate().find(|(_, (_, other))| *other == name).map(|(at, _)| (list, at))
    }
}

fn put(at: &mut Value, path: &[&str], value: Value) {
    match path {
        [] => *at = value,
        [last] if last.ends_with("[]") => push(at, &[last.trim_end_matches("[]")], value),
        [first, rest @ ..] => put(object(at).entry((*first).to_owned()).or_insert(Value::Null), rest, value),
    }
}

fn push(at: &mut Value, path: &[&str], value: Value) {
    match path {
        [] => match at {
            Value::Array(items) => items.push(value),
            other => *other = json!([value]),
        },
        [first, rest @ ..] => push(object(at).entry((*first).to_owned()).or_insert(Value::Null), rest, value),
    }
}

fn object(at: &mut Value) -> &mut Map<String, Value> {
    if !at.is_object() {
        *at = json!({});
    }
    at.as_object_mut().unwrap()
}

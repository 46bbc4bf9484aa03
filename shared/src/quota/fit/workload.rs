//! From manifests of workloads to the pods and claims that they make.

use serde_json::{Map, Value, json};

use crate::{graph::edges::group_of, model::ObjectKey};

/// Something that makes pods, or an object by itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Workload {
    /// The object.
    pub key: ObjectKey,
    /// The pod that each of its pods is like, its namespace and labels with it.
    pub pod: Value,
    /// How many pods it makes.
    pub replicas: u32,
    /// How it replaces its pods.
    pub rollout: Rollout,
    /// Claims that each pod gets for itself.
    pub claims: Vec<Value>,
    /// What else to know about the number of its pods.
    pub note: Option<String>,
}

/// How pods are replaced when the template changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rollout {
    /// How many more than wanted may be there.
    pub surge: Scaled,
    /// How many fewer may be ready.
    pub unavailable: Scaled,
    /// Whether old pods go only as new ones come; otherwise an old pod goes before its successor comes.
    pub rolling: bool,
}

/// A number, or a part of the replicas in percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scaled {
    /// So many.
    Count(u32),
    /// So many percent.
    Percent(u32),
}

impl Default for Scaled {
    fn default() -> Self {
        Self::Count(0)
    }
}

impl Scaled {
    /// Reads `5` or `"25%"`; what is neither is what the field is when it is left out.
    fn read(value: Option<&Value>, or: Self) -> Self {
        match value {
            Some(Value::Number(number)) => {
                number.as_u64().and_then(|n| u32::try_from(n).ok()).map_or(or, Self::Count)
            }
            Some(Value::String(text)) => {
                let percent = text.strip_suffix('%').and_then(|digits| digits.parse().ok());
                percent.map(Self::Percent).or_else(|| text.parse().ok().map(Self::Count)).unwrap_or(or)
            }
            _ => or,
        }
    }

    /// Of so many replicas, rounded up, as a surge is.
    pub fn up(self, replicas: u32) -> u32 {
        match self {
            Self::Count(count) => count,
            Self::Percent(percent) => saturate((u64::from(percent) * u64::from(replicas)).div_ceil(100)),
        }
    }

    /// Of so many replicas, rounded down, as what may be unavailable is.
    pub fn down(self, replicas: u32) -> u32 {
        match self {
            Self::Count(count) => count,
            Self::Percent(percent) => saturate(u64::from(percent) * u64::from(replicas) / 100),
        }
    }
}

fn saturate(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

impl Rollout {
    /// Surge and unavailable of so many replicas (`ResolveFenceposts`): where both come out as nothing, one pod may
    /// be unavailable.
    pub fn of(&self, replicas: u32) -> (u32, u32) {
        match (self.surge.up(replicas), self.unavailable.down(replicas)) {
            (0, 0) => (0, 1),
            (surge, unavailable) => (surge, unavailable.min(replicas)),
        }
    }
}

/// What an object of a manifest, or of the cluster, makes. `None` for what makes no pods.
///
/// `nodes` tells how many nodes a DaemonSet with this node selector runs on.
pub fn workload(object: &Value, nodes: &dyn Fn(&Map<String, Value>) -> u32) -> Option<Workload> {
    let text = |pointer: &str| object.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let number =
        |pointer: &str, or: u32| object.pointer(pointer).and_then(Value::as_u64).map_or(or, saturate);
    let group = group_of(text("/apiVersion"));
    let kind = text("/kind");
    let name =
        [text("/metadata/name"), text("/metadata/generateName")].into_iter().find(|name| !name.is_empty())?;
    let namespace = text("/metadata/namespace");
    let key = ObjectKey::new(group, kind, namespace, name);
    let mut rollout = Rollout::default();
    let mut claims = Vec::new();
    let mut note = None;
    let mut template = "/spec/template";
    let replicas = match (group, kind) {
        ("", "Pod") => {
            return Some(Workload { key, pod: object.clone(), replicas: 1, rollout, claims, note });
        }
        ("apps", "Deployment") => {
            let of = |field: &str| object.pointer(&format!("/spec/strategy/rollingUpdate/{field}"));
            rollout.rolling = text("/spec/strategy/type") != "Recreate";
            if rollout.rolling {
                rollout.surge = Scaled::read(of("maxSurge"), Scaled::Percent(25));
                rollout.unavailable = Scaled::read(of("maxUnavailable"), Scaled::Percent(25));
            }
            number("/spec/replicas", 1)
        }
        ("apps", "ReplicaSet") | ("", "ReplicationController") => number("/spec/replicas", 1),
        ("apps", "StatefulSet") => {
            let templates = object.pointer("/spec/volumeClaimTemplates").and_then(Value::as_array);
            rollout.rolling = text("/spec/updateStrategy/type") != "OnDelete";
            rollout.unavailable = Scaled::Count(1);
            claims = templates.into_iter().flatten().map(|claim| claim_of(claim, namespace, name)).collect();
            number("/spec/replicas", 1)
        }
        ("apps", "DaemonSet") => {
            let of = |field: &str| object.pointer(&format!("/spec/updateStrategy/rollingUpdate/{field}"));
            rollout.rolling = text("/spec/updateStrategy/type") != "OnDelete";
            if rollout.rolling {
                rollout.surge = Scaled::read(of("maxSurge"), Scaled::Count(0));
                rollout.unavailable = Scaled::read(of("maxUnavailable"), Scaled::Count(1));
            }
            note = Some(
                "one pod on each node that its node selector takes; taints are not looked at".to_owned(),
            );
            let selector = object.pointer("/spec/template/spec/nodeSelector").and_then(Value::as_object);
            nodes(selector.unwrap_or(&Map::new()))
        }
        ("batch", "Job") => jobs_pods(object, "/spec"),
        ("batch", "CronJob") => {
            template = "/spec/jobTemplate/spec/template";
            let pods = jobs_pods(object, "/spec/jobTemplate/spec");
            if !matches!(text("/spec/concurrencyPolicy"), "Forbid" | "Replace") {
                note = Some(format!(
                    "of one job; its jobs may overlap (concurrencyPolicy Allow), and each more takes {pods} pods more"
                ));
            }
            let suspended = object.pointer("/spec/suspend").and_then(Value::as_bool) == Some(true);
            if suspended { 0 } else { pods }
        }
        _ => return None,
    };
    let template = object.pointer(template).filter(|template| template.is_object())?;
    Some(Workload { pod: pod_of(template, &key), key, replicas, rollout, claims, note })
}

/// How many pods of a job run at once.
fn jobs_pods(object: &Value, spec: &str) -> u32 {
    let number =
        |field: &str| object.pointer(&format!("{spec}/{field}")).and_then(Value::as_u64).map(saturate);
    let suspended = object.pointer(&format!("{spec}/suspend")).and_then(Value::as_bool) == Some(true);
    let parallelism = number("parallelism").unwrap_or(1);
    let most = number("completions").map_or(parallelism, |completions| parallelism.min(completions));
    if suspended { 0 } else { most }
}

fn pod_of(template: &Value, key: &ObjectKey) -> Value {
    let part = |field: &str| template.pointer(field).cloned().unwrap_or_else(|| json!({}));
    json!({
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "generateName": format!("{}-", key.name),
            "namespace": key.namespace.as_ref(),
            "labels": part("/metadata/labels"),
            "annotations": part("/metadata/annotations"),
        },
        "spec": part("/spec"),
    })
}

fn claim_of(template: &Value, namespace: &str, set: &str) -> Value {
    let mut claim = template.clone();
    if let Some(claim) = claim.as_object_mut() {
        claim.insert("apiVersion".to_owned(), "v1".into());
        claim.insert("kind".to_owned(), "PersistentVolumeClaim".into());
        if let Some(metadata) = claim.get_mut("metadata").and_then(Value::as_object_mut) {
            let name = metadata.get("name").and_then(Value::as_str).unwrap_or_default();
            let name = format!("{name}-{set}-");
            metadata.insert("generateName".to_owned(), name.into());
            metadata.shift_remove("name");
            metadata.insert("namespace".to_owned(), namespace.into());
        }
    }
    claim
}

/// How far autoscaling may go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Autoscaler {
    /// Its name.
    pub name: String,
    /// What it scales.
    pub target: ObjectKey,
    /// The most replicas that it may ask for.
    pub most: u32,
}

impl Autoscaler {
    /// Reads a `HorizontalPodAutoscaler`; `None` for any other object.
    pub fn read(object: &Value) -> Option<Self> {
        let text = |pointer: &str| object.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        if text("/kind") != "HorizontalPodAutoscaler" {
            return None;
        }
        let (group, kind) =
            (group_of(text("/spec/scaleTargetRef/apiVersion")), text("/spec/scaleTargetRef/kind"));
        Some(Self {
            name: text("/metadata/name").to_owned(),
            target: ObjectKey::new(
                group,
                kind,
                text("/metadata/namespace"),
                text("/spec/scaleTargetRef/name"),
            ),
            most: object.pointer("/spec/maxReplicas").and_then(Value::as_u64).map_or(1, saturate),
        })
    }
}

#[cfg(test)]
#[expect(clippy::needless_pass_by_value, reason = "json! only borrows, and tables read better by value")]
mod tests {
    use super::*;

    fn read(object: &Value) -> Workload {
        workload(object, &|_| 3).unwrap()
    }

    fn object(api_version: &str, kind: &str, spec: Value) -> Value {
        json!({"apiVersion": api_version, "kind": kind, "metadata": {"name": "web", "namespace": "shop"}, "spec": spec})
    }

    #[test]
    fn numbers_of_pods() {
        let template = json!({"metadata": {"labels": {"a": "b"}}, "spec": {"containers": []}});
        let with = |mut spec: Value| {
            spec["template"] = template.clone();
            spec
        };
        let pods = |api_version: &str, kind: &str, spec: Value| {
            read(&object(api_version, kind, with(spec))).replicas
        };
        assert_eq!(pods("apps/v1", "Deployment", json!({})), 1);
        assert_eq!(pods("apps/v1", "StatefulSet", json!({"replicas": 0})), 0);
        assert_eq!(pods("apps/v1", "DaemonSet", json!({})), 3);
        assert_eq!(pods("batch/v1", "Job", json!({"parallelism": 5, "completions": 2})), 2);
        assert_eq!(pods("batch/v1", "Job", json!({"parallelism": 5, "suspend": true})), 0);
        let cron =
            object("batch/v1", "CronJob", json!({"jobTemplate": {"spec": with(json!({"parallelism": 4}))}}));
        let cron = read(&cron);
        assert_eq!(cron.replicas, 4);
        assert!(cron.note.unwrap().contains("concurrencyPolicy Allow"));
        assert!(workload(&object("v1", "Service", json!({})), &|_| 0).is_none());
    }

    #[test]
    fn surge_is_rounded_up_and_the_other_down() {
        let rollout = Rollout { surge: Scaled::Percent(25), unavailable: Scaled::Percent(25), rolling: true };
        assert_eq!(rollout.of(10), (3, 2));
        assert_eq!(rollout.of(1), (1, 0));
        let none = Rollout { surge: Scaled::Count(0), unavailable: Scaled::Percent(1), rolling: true };
        assert_eq!(none.of(10), (0, 1), "one must go for another to come");
    }
}

//! The workload that a pod belongs to, by its topmost controller.

use std::collections::HashMap;

use super::peak::Workload;
use crate::{
    graph::edges::group_of,
    model::{ObjectMeta, OwnerReference},
};

/// Controllers that stand between pods and workloads: the ReplicaSets of Deployments, the Jobs of CronJobs.
pub const BETWEEN: &[(&str, &str)] = &[("apps", "ReplicaSet"), ("batch", "Job")];

/// Who controls those that stand between pods and workloads.
#[derive(Debug, Clone, Default)]
pub struct Owners(HashMap<(String, String), Workload>);

impl Owners {
    /// Learns who controls an object that stands between, by its uid. Without a controller it is the workload itself.
    pub fn learn(&mut self, metadata: &ObjectMeta) {
        if let Some(owner) = metadata.controller() {
            self.0.insert((metadata.namespace.clone(), metadata.uid.clone()), workload(owner));
        }
    }

    /// The workload of a pod; a pod that nobody controls is its own.
    pub fn of(&self, pod: &ObjectMeta) -> Workload {
        match pod.controller() {
            None => Workload::new("Pod", pod.display_name()),
            Some(owner) => match self.0.get(&(pod.namespace.clone(), owner.uid.clone())) {
                Some(workload) => workload.clone(),
                None => guessed(pod, owner),
            },
        }
    }
}

fn workload(owner: &OwnerReference) -> Workload {
    Workload::new(owner.kind.as_str(), owner.name.as_str())
}

/// Where ReplicaSets may not be read: a Deployment names its ReplicaSets after itself and the hash that it labels their
/// pods with.
fn guessed(pod: &ObjectMeta, owner: &OwnerReference) -> Workload {
    let hash = pod.labels.get("pod-template-hash");
    let deployment = hash.and_then(|hash| owner.name.strip_suffix(hash.as_str())?.strip_suffix('-'));
    match deployment.filter(|_| owner.kind == "ReplicaSet" && group_of(&owner.api_version) == "apps") {
        Some(name) => Workload::new("Deployment", name),
        None => workload(owner),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn metadata(value: serde_json::Value) -> ObjectMeta {
        serde_json::from_value(value).unwrap()
    }

    fn owned(kind: &str, name: &str, uid: &str, hash: Option<&str>) -> ObjectMeta {
        let owner =
            json!({"apiVersion": "apps/v1", "kind": kind, "name": name, "uid": uid, "controller": true});
        let mut value = json!({"name": "p", "namespace": "n", "uid": "p", "ownerReferences": [owner]});
        if let Some(hash) = hash {
            value["labels"] = json!({"pod-template-hash": hash});
        }
        metadata(value)
    }

    #[test]
    fn the_topmost_controller_is_the_workload() {
        let mut owners = Owners::default();
        let mut set = owned("Deployment", "web", "d", None);
        set.uid = "r".to_owned();
        owners.learn(&set);
        assert_eq!(
            owners.of(&owned("ReplicaSet", "anything", "r", None)),
            Workload::new("Deployment", "web")
        );
        assert_eq!(owners.of(&owned("StatefulSet", "db", "s", None)), Workload::new("StatefulSet", "db"));
        assert_eq!(owners.of(&metadata(json!({"name": "alone"}))), Workload::new("Pod", "alone"));
    }

    #[test]
    fn a_replica_set_that_was_not_read_tells_by_its_name() {
        let owners = Owners::default();
        let deployment = Workload::new("Deployment", "web-app");
        assert_eq!(owners.of(&owned("ReplicaSet", "web-app-6d4", "r", Some("6d4"))), deployment);
        let bare = Workload::new("ReplicaSet", "web-app-6d4");
        assert_eq!(owners.of(&owned("ReplicaSet", "web-app-6d4", "r", None)), bare);
    }
}

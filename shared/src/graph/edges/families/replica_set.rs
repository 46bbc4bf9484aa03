//! Replica sets: what their template names, unless a deployment says the same.

use prost::Message;
use serde::Deserialize;

use crate::{
    graph::{
        Noise,
        edges::{
            Case, Emit, Family, Reader, Source,
            pod_spec::{PodSpecFields, pod_spec_edges, pod_spec_fields, pod_spec_rules},
            pod_spec_cases::pod_spec_cases,
        },
        status,
    },
    model::{
        Kind, ObjectMeta, Status,
        api::{Condition, PodTemplateSpec, is_condition_true},
        kinds,
    },
};

static FIELDS: PodSpecFields = pod_spec_fields!("spec.template.spec");

pub(super) static FAMILY: Family = Family {
    title: "Replica sets",
    readers: &[Reader::of::<ReplicaSet>()],
    edges: pod_spec_rules!(kinds::REPLICA_SET, FIELDS, []),
    cases: pod_spec_cases!(
        "ReplicaSet.apps/shop/web",
        "
apiVersion: apps/v1
kind: ReplicaSet
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: ",
        "Always",
        [Case {
            name: "uid: of a replica set that a deployment made, the deployment has the template; of any other, it is its own",
            objects: r"
apiVersion: apps/v1
kind: ReplicaSet
metadata:
  name: made
  namespace: shop
  ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web, uid: d1, controller: true}]
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {serviceAccountName: robot, containers: [{name: main, image: web}]}
---
apiVersion: apps/v1
kind: ReplicaSet
metadata:
  name: by-another-controller
  namespace: shop
  ownerReferences: [{apiVersion: argoproj.io/v1alpha1, kind: Rollout, name: web, uid: r1, controller: true}]
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {serviceAccountName: robot, containers: [{name: main, image: web}]}
---
apiVersion: apps/v1
kind: ReplicaSet
metadata:
  name: not-controlled
  namespace: shop
  ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web, uid: d1}]
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {serviceAccountName: robot, containers: [{name: main, image: web}]}
",
            edges: &[
                "ReplicaSet.apps/shop/by-another-controller runs_as ServiceAccount/shop/robot!",
                "ReplicaSet.apps/shop/not-controlled runs_as ServiceAccount/shop/robot!",
            ],
        }]
    ),
};

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ReplicaSet {
    #[prost(message, optional, tag = "1")]
    metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    spec: Option<ReplicaSetSpec>,
    #[prost(message, optional, tag = "3")]
    status: Option<ReplicaSetStatus>,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ReplicaSetSpec {
    #[prost(int32, optional, tag = "1")]
    replicas: Option<i32>,
    #[prost(message, optional, tag = "3")]
    template: Option<PodTemplateSpec>,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ReplicaSetStatus {
    #[prost(int32, tag = "1")]
    replicas: i32,
    #[prost(int32, tag = "4")]
    ready_replicas: i32,
    #[prost(message, repeated, tag = "6")]
    conditions: Vec<Condition>,
}

impl Source for ReplicaSet {
    const KIND: Kind = kinds::REPLICA_SET;

    fn metadata(&self) -> Option<&ObjectMeta> {
        self.metadata.as_ref()
    }

    fn edges(&self, emit: &mut Emit<'_>) {
        if emit.metadata().is_controlled_by(kinds::DEPLOYMENT) {
            return;
        }
        let template = self.spec.as_ref().and_then(|spec| spec.template.as_ref());
        if let Some(spec) = template.and_then(|template| template.spec.as_ref()) {
            pod_spec_edges(emit, &FIELDS, spec);
        }
    }

    fn status(&self) -> Status {
        let Some(status) = &self.status else { return Status::default() };
        let wanted = self.spec.as_ref().and_then(|spec| spec.replicas).unwrap_or(1);
        let failed = is_condition_true(&status.conditions, "ReplicaFailure");
        let health = status::replicas(status.ready_replicas, wanted, failed);
        // kubectl has the wanted number in a column of its own.
        Status { ready: Some(status.ready_replicas.to_string()), status: None, health }
    }

    /// A deployment that was itself scaled to nothing wants none of its current replica set: that one stays.
    fn noise(&self) -> Option<Noise> {
        let metadata = self.metadata.as_ref()?;
        let wanted = self.spec.as_ref().and_then(|spec| spec.replicas).unwrap_or(1);
        let running = self.status.as_ref().map_or(0, |status| status.replicas);
        let of_deployment = metadata.annotations.get("deployment.kubernetes.io/desired-replicas");
        let left_behind = metadata.is_controlled_by(kinds::DEPLOYMENT)
            && wanted == 0
            && running == 0
            && of_deployment.is_none_or(|desired| desired != "0");
        left_behind.then_some(Noise::OldReplicaSet)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn noise(owner: &str, wanted: i32, running: i32, annotations: &serde_json::Value) -> Option<Noise> {
        let owner =
            json!({"apiVersion": "apps/v1", "kind": owner, "name": "web", "uid": "d1", "controller": true});
        let metadata = json!({"name": "web-1", "ownerReferences": [owner], "annotations": annotations});
        let set =
            json!({"metadata": metadata, "spec": {"replicas": wanted}, "status": {"replicas": running}});
        serde_json::from_value::<ReplicaSet>(set).unwrap().noise()
    }

    #[test]
    fn what_a_rollout_left_behind_is_noise() {
        let of_three = json!({"deployment.kubernetes.io/desired-replicas": "3"});
        let of_none = json!({"deployment.kubernetes.io/desired-replicas": "0"});
        assert_eq!(noise("Deployment", 0, 0, &of_three), Some(Noise::OldReplicaSet));
        assert_eq!(noise("Deployment", 0, 0, &json!({})), Some(Noise::OldReplicaSet));
        assert_eq!(noise("Deployment", 0, 0, &of_none), None, "the deployment itself wants none");
        assert_eq!(noise("Deployment", 0, 1, &of_three), None, "still terminating");
        assert_eq!(noise("Deployment", 3, 3, &of_three), None);
        assert_eq!(noise("Rollout", 0, 0, &json!({})), None, "not a deployment's");
    }
}

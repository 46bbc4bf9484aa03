//! Replication controllers: what their template names.

use prost::Message;
use serde::Deserialize;

use crate::{
    graph::{
        edges::{
            Emit, Family, Reader, Source,
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
    title: "Replication controllers",
    readers: &[Reader::of::<ReplicationController>()],
    edges: pod_spec_rules!(kinds::REPLICATION_CONTROLLER, FIELDS, []),
    cases: pod_spec_cases!(
        "ReplicationController/shop/web",
        "
apiVersion: v1
kind: ReplicationController
metadata: {name: web, namespace: shop}
spec:
  selector: {app: web}
  template:
    metadata: {labels: {app: web}}
    spec: ",
        "Always",
        []
    ),
};

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ReplicationController {
    #[prost(message, optional, tag = "1")]
    metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    spec: Option<ReplicationControllerSpec>,
    #[prost(message, optional, tag = "3")]
    status: Option<ReplicationControllerStatus>,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ReplicationControllerSpec {
    #[prost(int32, optional, tag = "1")]
    replicas: Option<i32>,
    #[prost(message, optional, tag = "3")]
    template: Option<PodTemplateSpec>,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ReplicationControllerStatus {
    #[prost(int32, tag = "4")]
    ready_replicas: i32,
    #[prost(message, repeated, tag = "6")]
    conditions: Vec<Condition>,
}

impl Source for ReplicationController {
    const KIND: Kind = kinds::REPLICATION_CONTROLLER;

    fn metadata(&self) -> Option<&ObjectMeta> {
        self.metadata.as_ref()
    }

    fn edges(&self, emit: &mut Emit<'_>) {
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
}

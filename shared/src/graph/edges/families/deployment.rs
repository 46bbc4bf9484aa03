//! Deployments: what their template names.

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
        Health, Kind, ObjectMeta, Status,
        api::{Condition, PodTemplateSpec, condition_status, is_condition_true},
        kinds,
    },
};

static FIELDS: PodSpecFields = pod_spec_fields!("spec.template.spec");

pub(super) static FAMILY: Family = Family {
    title: "Deployments",
    readers: &[Reader::of::<Deployment>()],
    edges: pod_spec_rules!(kinds::DEPLOYMENT, FIELDS, []),
    cases: pod_spec_cases!(
        "Deployment.apps/shop/web",
        "
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: ",
        "Always",
        []
    ),
};

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Deployment {
    #[prost(message, optional, tag = "1")]
    metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    spec: Option<DeploymentSpec>,
    #[prost(message, optional, tag = "3")]
    status: Option<DeploymentStatus>,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct DeploymentSpec {
    #[prost(int32, optional, tag = "1")]
    replicas: Option<i32>,
    #[prost(message, optional, tag = "3")]
    template: Option<PodTemplateSpec>,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct DeploymentStatus {
    #[prost(int32, tag = "3")]
    updated_replicas: i32,
    #[prost(message, repeated, tag = "6")]
    conditions: Vec<Condition>,
    #[prost(int32, tag = "7")]
    ready_replicas: i32,
}

impl Source for Deployment {
    const KIND: Kind = kinds::DEPLOYMENT;

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
        // The rollout missed its deadline, or pods can't be created.
        let failed = condition_status(&status.conditions, "Progressing") == Some("False")
            || is_condition_true(&status.conditions, "ReplicaFailure");
        let health = match status::replicas(status.ready_replicas, wanted, failed) {
            Health::Healthy if status.updated_replicas < wanted => Health::Progressing,
            health => health,
        };
        Status { ready: Some(format!("{}/{wanted}", status.ready_replicas)), status: None, health }
    }
}

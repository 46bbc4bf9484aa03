//! Daemon sets: what their template names.

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
    model::{Kind, ObjectMeta, Status, api::PodTemplateSpec, kinds},
};

static FIELDS: PodSpecFields = pod_spec_fields!("spec.template.spec");

pub(super) static FAMILY: Family = Family {
    title: "Daemon sets",
    readers: &[Reader::of::<DaemonSet>()],
    edges: pod_spec_rules!(kinds::DAEMON_SET, FIELDS, []),
    cases: pod_spec_cases!(
        "DaemonSet.apps/shop/web",
        "
apiVersion: apps/v1
kind: DaemonSet
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
struct DaemonSet {
    #[prost(message, optional, tag = "1")]
    metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    spec: Option<DaemonSetSpec>,
    #[prost(message, optional, tag = "3")]
    status: Option<DaemonSetStatus>,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct DaemonSetSpec {
    #[prost(message, optional, tag = "2")]
    template: Option<PodTemplateSpec>,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct DaemonSetStatus {
    #[prost(int32, tag = "3")]
    desired_number_scheduled: i32,
    #[prost(int32, tag = "4")]
    number_ready: i32,
}

impl Source for DaemonSet {
    const KIND: Kind = kinds::DAEMON_SET;

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
        let health = status::replicas(status.number_ready, status.desired_number_scheduled, false);
        // kubectl has the wanted number in a column of its own.
        Status { ready: Some(status.number_ready.to_string()), status: None, health }
    }
}

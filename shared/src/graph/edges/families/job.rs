//! Jobs: what their template names, unless a cron job says the same.

use prost::Message;
use serde::Deserialize;

use crate::{
    graph::{
        edges::{
            Case, Emit, Family, Reader, Source,
            pod_spec::{PodSpecFields, pod_spec_edges, pod_spec_fields, pod_spec_rules},
            pod_spec_cases::pod_spec_cases,
        },
        status,
    },
    model::{
        Kind, ObjectMeta, Status,
        api::{Condition, PodTemplateSpec},
        kinds,
    },
};

static FIELDS: PodSpecFields = pod_spec_fields!("spec.template.spec");

pub(super) static FAMILY: Family = Family {
    title: "Jobs",
    readers: &[Reader::of::<Job>()],
    edges: pod_spec_rules!(kinds::JOB, FIELDS, []),
    cases: pod_spec_cases!(
        "Job.batch/shop/web",
        "
apiVersion: batch/v1
kind: Job
metadata: {name: web, namespace: shop}
spec:
  template:
    spec: ",
        "Never",
        [Case {
            name: "uid: of a job that a cron job made, the cron job has the template; of any other, it is its own",
            objects: r"
apiVersion: batch/v1
kind: Job
metadata:
  name: made
  namespace: shop
  ownerReferences: [{apiVersion: batch/v1, kind: CronJob, name: web, uid: c1, controller: true}]
spec:
  template:
    spec: {restartPolicy: Never, serviceAccountName: robot, containers: [{name: main, image: web}]}
---
apiVersion: batch/v1
kind: Job
metadata:
  name: by-another-controller
  namespace: shop
  ownerReferences: [{apiVersion: jobset.x-k8s.io/v1alpha2, kind: JobSet, name: web, uid: j1, controller: true}]
spec:
  template:
    spec: {restartPolicy: Never, serviceAccountName: robot, containers: [{name: main, image: web}]}
---
apiVersion: batch/v1
kind: Job
metadata:
  name: not-controlled
  namespace: shop
  ownerReferences: [{apiVersion: batch/v1, kind: CronJob, name: web, uid: c1}]
spec:
  template:
    spec: {restartPolicy: Never, serviceAccountName: robot, containers: [{name: main, image: web}]}
",
            edges: &[
                "Job.batch/shop/by-another-controller runs_as ServiceAccount/shop/robot!",
                "Job.batch/shop/not-controlled runs_as ServiceAccount/shop/robot!",
            ],
        }]
    ),
};

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Job {
    #[prost(message, optional, tag = "1")]
    metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    spec: Option<JobSpec>,
    #[prost(message, optional, tag = "3")]
    status: Option<JobStatus>,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct JobSpec {
    #[prost(message, optional, tag = "6")]
    template: Option<PodTemplateSpec>,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct JobStatus {
    #[prost(message, repeated, tag = "1")]
    conditions: Vec<Condition>,
}

impl Source for Job {
    const KIND: Kind = kinds::JOB;

    fn metadata(&self) -> Option<&ObjectMeta> {
        self.metadata.as_ref()
    }

    fn edges(&self, emit: &mut Emit<'_>) {
        if emit.metadata().is_controlled_by(kinds::CRON_JOB) {
            return;
        }
        let template = self.spec.as_ref().and_then(|spec| spec.template.as_ref());
        if let Some(spec) = template.and_then(|template| template.spec.as_ref()) {
            pod_spec_edges(emit, &FIELDS, spec);
        }
    }

    fn status(&self) -> Status {
        let deleted = self.metadata.as_ref().is_some_and(|metadata| metadata.deletion_timestamp.is_some());
        self.status.as_ref().map_or_else(Status::default, |status| status::job(&status.conditions, deleted))
    }
}

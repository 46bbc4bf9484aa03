//! Cron jobs: what the template of their jobs names.

use prost::Message;
use serde::Deserialize;

use crate::{
    graph::edges::{
        Emit, Family, Reader, Source,
        pod_spec::{PodSpecFields, pod_spec_edges, pod_spec_fields, pod_spec_rules},
        pod_spec_cases::pod_spec_cases,
    },
    model::{Kind, ObjectMeta, api::PodTemplateSpec, kinds},
};

static FIELDS: PodSpecFields = pod_spec_fields!("spec.jobTemplate.spec.template.spec");

pub(super) static FAMILY: Family = Family {
    title: "Cron jobs",
    readers: &[Reader::of::<CronJob>()],
    edges: pod_spec_rules!(kinds::CRON_JOB, FIELDS, []),
    cases: pod_spec_cases!(
        "CronJob.batch/shop/web",
        "
apiVersion: batch/v1
kind: CronJob
metadata: {name: web, namespace: shop}
spec:
  schedule: '0 * * * *'
  jobTemplate:
    spec:
      template:
        spec: ",
        "Never",
        []
    ),
};

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct CronJob {
    #[prost(message, optional, tag = "1")]
    metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    spec: Option<CronJobSpec>,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct CronJobSpec {
    #[prost(message, optional, tag = "5")]
    job_template: Option<JobTemplate>,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct JobTemplate {
    #[prost(message, optional, tag = "2")]
    spec: Option<JobSpec>,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct JobSpec {
    #[prost(message, optional, tag = "6")]
    template: Option<PodTemplateSpec>,
}

impl Source for CronJob {
    const KIND: Kind = kinds::CRON_JOB;

    fn metadata(&self) -> Option<&ObjectMeta> {
        self.metadata.as_ref()
    }

    fn edges(&self, emit: &mut Emit<'_>) {
        let job = self.spec.as_ref().and_then(|spec| spec.job_template.as_ref()?.spec.as_ref());
        let template = job.and_then(|job| job.template.as_ref());
        if let Some(spec) = template.and_then(|template| template.spec.as_ref()) {
            pod_spec_edges(emit, &FIELDS, spec);
        }
    }
}

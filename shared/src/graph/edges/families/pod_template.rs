//! Pod templates that stand alone: what their pods will name.

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

static FIELDS: PodSpecFields = pod_spec_fields!("template.spec");

pub(super) static FAMILY: Family = Family {
    title: "Pod templates",
    readers: &[Reader::of::<PodTemplate>()],
    edges: pod_spec_rules!(kinds::POD_TEMPLATE, FIELDS, []),
    cases: pod_spec_cases!(
        "PodTemplate/shop/web",
        "
apiVersion: v1
kind: PodTemplate
metadata: {name: web, namespace: shop}
template:
  metadata: {labels: {app: web}}
  spec: ",
        "Always",
        []
    ),
};

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct PodTemplate {
    #[prost(message, optional, tag = "1")]
    metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    template: Option<PodTemplateSpec>,
}

impl Source for PodTemplate {
    const KIND: Kind = kinds::POD_TEMPLATE;

    fn metadata(&self) -> Option<&ObjectMeta> {
        self.metadata.as_ref()
    }

    fn edges(&self, emit: &mut Emit<'_>) {
        if let Some(spec) = self.template.as_ref().and_then(|template| template.spec.as_ref()) {
            pod_spec_edges(emit, &FIELDS, spec);
        }
    }
}

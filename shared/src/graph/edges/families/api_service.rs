//! Aggregated APIs are served by services.

use prost::Message;
use serde::Deserialize;

use crate::{
    graph::edges::{Case, EdgeRule, Emit, Family, Reader, Source, Target},
    model::{Kind, ObjectMeta, api::ServiceReference, kinds},
};

const SERVICE: &str = "spec.service";

pub(super) static FAMILY: Family = Family {
    title: "Aggregated APIs",
    readers: &[Reader::of::<ApiService>()],
    edges: &[EdgeRule {
        source: kinds::API_SERVICE,
        edge: "served_by",
        target: Target::Kind(kinds::SERVICE),
        via: SERVICE,
    }],
    cases: &[Case {
        name: "an aggregated API is served by a service of the namespace it names; a local one by the API server itself",
        objects: r"
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: {name: v1.served.example.com}
spec:
  group: served.example.com
  version: v1
  groupPriorityMinimum: 100
  versionPriority: 100
  insecureSkipTLSVerify: true
  service: {namespace: extra, name: api, port: 443}
---
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: {name: v1.unserved.example.com}
spec:
  group: unserved.example.com
  version: v1
  groupPriorityMinimum: 100
  versionPriority: 100
  insecureSkipTLSVerify: true
  service: {namespace: extra, name: gone, port: 443}
---
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: {name: v1.local.example.com}
spec: {group: local.example.com, version: v1, groupPriorityMinimum: 100, versionPriority: 100}
---
apiVersion: v1
kind: Service
metadata: {name: api, namespace: extra}
spec: {ports: [{port: 443}]}
---
apiVersion: v1
kind: Service
metadata: {name: gone, namespace: elsewhere}
spec: {ports: [{port: 443}]}
",
        edges: &[
            "APIService.apiregistration.k8s.io/v1.served.example.com served_by Service/extra/api",
            "APIService.apiregistration.k8s.io/v1.unserved.example.com served_by Service/extra/gone!",
        ],
    }],
};

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ApiService {
    #[prost(message, optional, tag = "1")]
    metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    spec: Option<ApiServiceSpec>,
}

#[derive(Clone, PartialEq, Eq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ApiServiceSpec {
    #[prost(message, optional, tag = "1")]
    service: Option<ServiceReference>,
}

impl Source for ApiService {
    const KIND: Kind = kinds::API_SERVICE;

    fn metadata(&self) -> Option<&ObjectMeta> {
        self.metadata.as_ref()
    }

    fn edges(&self, emit: &mut Emit<'_>) {
        if let Some(to) = self.spec.as_ref().and_then(|spec| spec.service.as_ref()) {
            let _ = emit.refer("served_by", kinds::SERVICE, &to.name, SERVICE).in_namespace(&to.namespace);
        }
    }
}

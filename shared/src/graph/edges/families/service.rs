//! Services select pods.

use prost::Message;
use serde::Deserialize;
use std::collections::BTreeMap;

use crate::{
    graph::edges::{Case, EdgeRule, Emit, Family, Reader, Source, Target},
    model::{Kind, ObjectMeta, Selector, kinds},
};

pub(super) static FAMILY: Family = Family {
    title: "Services",
    readers: &[Reader::of::<Service>()],
    edges: &[EdgeRule {
        source: kinds::SERVICE,
        edge: "targets",
        target: Target::Kind(kinds::POD),
        via: "spec.selector",
    }],
    cases: &[Case {
        name: "a service targets the pods of its namespace that have all its labels; without a selector, none",
        objects: r"
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web, tier: front}, ports: [{port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: no-selector, namespace: shop}
spec: {ports: [{port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: external, namespace: shop}
spec: {type: ExternalName, externalName: example.com, selector: {app: web}}
---
apiVersion: v1
kind: Pod
metadata: {name: web-1, namespace: shop, labels: {app: web, tier: front, more: is-fine}}
spec: {containers: [{name: main, image: web}]}
---
apiVersion: v1
kind: Pod
metadata: {name: half, namespace: shop, labels: {app: web}}
spec: {containers: [{name: main, image: web}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web-1, namespace: elsewhere, labels: {app: web, tier: front}}
spec: {containers: [{name: main, image: web}]}
",
        edges: &["Service/shop/web targets Pod/shop/web-1"],
    }],
};

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Service {
    #[prost(message, optional, tag = "1")]
    metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    spec: Option<ServiceSpec>,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ServiceSpec {
    #[prost(btree_map = "string, string", tag = "2")]
    selector: BTreeMap<String, String>,
    #[prost(string, tag = "4")]
    r#type: String,
}

impl Source for Service {
    const KIND: Kind = kinds::SERVICE;

    fn metadata(&self) -> Option<&ObjectMeta> {
        self.metadata.as_ref()
    }

    fn edges(&self, emit: &mut Emit<'_>) {
        let Some(spec) = &self.spec else { return };
        // An empty selector is a service whose endpoints someone else writes; an external name has none at all.
        if !spec.selector.is_empty() && spec.r#type != "ExternalName" {
            emit.select("targets", kinds::POD, Selector::labels(&spec.selector), "spec.selector");
        }
    }
}

//! Ingress classes name their controller's parameters.

use prost::Message;
use serde::Deserialize;

use crate::{
    graph::edges::{Case, EdgeRule, Emit, Family, Reader, Source, Target},
    model::{Kind, ObjectMeta, kinds},
};

const PARAMETERS: &str = "spec.parameters";

pub(super) static FAMILY: Family = Family {
    title: "Ingress classes",
    readers: &[Reader::of::<IngressClass>()],
    edges: &[EdgeRule {
        source: kinds::INGRESS_CLASS,
        edge: "parameters",
        target: Target::Any,
        via: PARAMETERS,
    }],
    cases: &[Case {
        name: "parameters are an object of the cluster, or of the namespace that the field names",
        objects: r"
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {name: parameters-in-namespace}
spec:
  controller: example.com/ingress
  parameters: {kind: ConfigMap, name: settings, scope: Namespace, namespace: shop}
---
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {name: parameters-in-cluster}
spec:
  controller: example.com/ingress
  parameters: {apiGroup: ingress.example.com, kind: Settings, name: settings, scope: Cluster}
---
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {name: parameters-none}
spec: {controller: example.com/ingress}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: shop}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: elsewhere}
",
        edges: &[
            "IngressClass.networking.k8s.io/parameters-in-namespace parameters ConfigMap/shop/settings",
            "IngressClass.networking.k8s.io/parameters-in-cluster parameters \
             Settings.ingress.example.com/settings!",
        ],
    }],
};

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct IngressClass {
    #[prost(message, optional, tag = "1")]
    metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    spec: Option<IngressClassSpec>,
}

#[derive(Clone, PartialEq, Eq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct IngressClassSpec {
    #[prost(message, optional, tag = "2")]
    parameters: Option<IngressClassParametersReference>,
}

#[derive(Clone, PartialEq, Eq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct IngressClassParametersReference {
    #[prost(string, tag = "1")]
    api_group: String,
    #[prost(string, tag = "2")]
    kind: String,
    #[prost(string, tag = "3")]
    name: String,
    // The scope (tag 4) says no more than whether there is a namespace.
    #[prost(string, tag = "5")]
    namespace: String,
}

impl Source for IngressClass {
    const KIND: Kind = kinds::INGRESS_CLASS;

    fn metadata(&self) -> Option<&ObjectMeta> {
        self.metadata.as_ref()
    }

    fn edges(&self, emit: &mut Emit<'_>) {
        if let Some(to) = self.spec.as_ref().and_then(|spec| spec.parameters.as_ref()) {
            let _ = emit
                .refer_any("parameters", &to.api_group, &to.kind, &to.name, PARAMETERS)
                .in_namespace(&to.namespace);
        }
    }
}

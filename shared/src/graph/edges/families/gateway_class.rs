//! Gateway classes name their controller's parameters.

use prost::Message;
use serde::Deserialize;

use crate::{
    graph::edges::{Case, EdgeRule, Emit, Family, Reader, Source, Target},
    model::{Kind, ObjectMeta, kinds},
};

const PARAMETERS: &str = "spec.parametersRef";

pub(super) static FAMILY: Family = Family {
    title: "Gateway classes",
    readers: &[Reader::of::<GatewayClass>()],
    edges: &[EdgeRule {
        source: kinds::GATEWAY_CLASS,
        edge: "parameters",
        target: Target::Any,
        via: PARAMETERS,
    }],
    cases: &[Case {
        name: "parameters are an object of the cluster, or of the namespace that the field names",
        objects: r"
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: public}
spec:
  controllerName: example.com/gateway
  parametersRef: {group: '', kind: ConfigMap, name: settings, namespace: infra}
---
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: private}
spec:
  controllerName: example.com/gateway
  parametersRef: {group: gateway.example.com, kind: Settings, name: settings}
---
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: plain}
spec: {controllerName: example.com/gateway}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: infra}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: shop}
",
        edges: &[
            "GatewayClass.gateway.networking.k8s.io/public parameters ConfigMap/infra/settings",
            "GatewayClass.gateway.networking.k8s.io/private parameters Settings.gateway.example.com/settings!",
        ],
    }],
};

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct GatewayClass {
    #[prost(message, optional, tag = "1")]
    metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    spec: Option<super::gateway::Parameters>,
}

impl Source for GatewayClass {
    const KIND: Kind = kinds::GATEWAY_CLASS;

    fn metadata(&self) -> Option<&ObjectMeta> {
        self.metadata.as_ref()
    }

    fn edges(&self, emit: &mut Emit<'_>) {
        let parameters = self.spec.as_ref().and_then(|spec| spec.parameters_ref.as_ref());
        super::gateway::refer(emit, "parameters", parameters, PARAMETERS);
    }
}

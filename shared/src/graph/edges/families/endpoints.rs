//! Endpoints list what stands behind the service of the same name.

use prost::Message;
use serde::Deserialize;

use crate::{
    graph::{
        Noise,
        edges::{Case, EdgeRule, Emit, Family, Reader, Source, Target},
    },
    model::{Kind, ObjectMeta, api::ObjectReference, kinds},
};

const READY: &str = "subsets[].addresses[].targetRef";
const NOT_READY: &str = "subsets[].notReadyAddresses[].targetRef";
const READY_NODE: &str = "subsets[].addresses[].nodeName";
const NOT_READY_NODE: &str = "subsets[].notReadyAddresses[].nodeName";

const fn backs_onto_rule(target: Target, via: &'static str) -> EdgeRule {
    EdgeRule { source: kinds::ENDPOINTS, edge: "backs_onto", target, via }
}

pub(super) static FAMILY: Family = Family {
    title: "Endpoints",
    readers: &[Reader::of::<Endpoints>()],
    edges: &[
        EdgeRule {
            source: kinds::ENDPOINTS,
            edge: "endpoints_of",
            target: Target::Kind(kinds::SERVICE),
            via: "metadata.name",
        },
        backs_onto_rule(Target::OneOf(&[kinds::POD, kinds::NODE]), READY),
        backs_onto_rule(Target::OneOf(&[kinds::POD, kinds::NODE]), NOT_READY),
        backs_onto_rule(Target::Kind(kinds::NODE), READY_NODE),
        backs_onto_rule(Target::Kind(kinds::NODE), NOT_READY_NODE),
    ],
    cases: &[Case {
        name: "endpoints belong to the service of their name and namespace, and back onto pods and nodes",
        objects: r"
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {ports: [{port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: api, namespace: elsewhere}
spec: {ports: [{port: 80}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web-1, namespace: shop}
spec: {containers: [{name: main, image: web}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web-2, namespace: shop}
spec: {containers: [{name: main, image: web}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web-1, namespace: elsewhere}
spec: {containers: [{name: main, image: web}]}
---
apiVersion: v1
kind: Node
metadata: {name: endpoints-node}
---
apiVersion: v1
kind: Node
metadata: {name: endpoints-other-node}
---
apiVersion: v1
kind: Endpoints
metadata: {name: web, namespace: shop}
subsets:
- addresses:
  - {ip: 10.1.0.1, targetRef: {kind: Pod, namespace: shop, name: web-1}}
  - {ip: 10.1.0.3, nodeName: endpoints-node}
  notReadyAddresses:
  - {ip: 10.1.0.2, nodeName: endpoints-other-node, targetRef: {kind: Pod, namespace: shop, name: web-2}}
  ports: [{port: 80}]
---
apiVersion: v1
kind: Endpoints
metadata: {name: api, namespace: shop}
subsets: [{addresses: [{ip: 10.1.0.9}], ports: [{port: 80}]}]
",
        edges: &[
            "Endpoints/shop/web endpoints_of? Service/shop/web",
            "Endpoints/shop/web backs_onto Pod/shop/web-1",
            "Endpoints/shop/web backs_onto Pod/shop/web-2",
            "Endpoints/shop/web backs_onto Node/endpoints-node",
            "Endpoints/shop/web backs_onto Node/endpoints-other-node",
            "Endpoints/shop/api endpoints_of? Service/shop/api!",
        ],
    }],
};

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Endpoints {
    #[prost(message, optional, tag = "1")]
    metadata: Option<ObjectMeta>,
    #[prost(message, repeated, tag = "2")]
    subsets: Vec<EndpointSubset>,
}

#[derive(Clone, PartialEq, Eq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct EndpointSubset {
    #[prost(message, repeated, tag = "1")]
    addresses: Vec<EndpointAddress>,
    #[prost(message, repeated, tag = "2")]
    not_ready_addresses: Vec<EndpointAddress>,
}

#[derive(Clone, PartialEq, Eq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct EndpointAddress {
    #[prost(message, optional, tag = "2")]
    target_ref: Option<ObjectReference>,
    #[prost(string, tag = "4")]
    node_name: String,
}

impl Source for Endpoints {
    const KIND: Kind = kinds::ENDPOINTS;

    fn metadata(&self) -> Option<&ObjectMeta> {
        self.metadata.as_ref()
    }

    fn noise(&self) -> Option<Noise> {
        Some(Noise::Endpoints)
    }

    fn edges(&self, emit: &mut Emit<'_>) {
        // No field names the service, and endpoints without one are a record that leader election used to keep.
        let name = emit.metadata().name.as_str();
        let _ = emit.refer("endpoints_of", kinds::SERVICE, name, "metadata.name").optional(Some(true));
        for subset in &self.subsets {
            addresses(emit, &subset.addresses, READY, READY_NODE);
            addresses(emit, &subset.not_ready_addresses, NOT_READY, NOT_READY_NODE);
        }
    }
}

fn addresses(emit: &mut Emit<'_>, addresses: &[EndpointAddress], via: &'static str, node_via: &'static str) {
    for address in addresses {
        if let Some(target) = &address.target_ref {
            backs_onto(emit, target, via);
        }
        let _ = emit.refer("backs_onto", kinds::NODE, &address.node_name, node_via);
    }
}

/// The object behind an address. Nothing but pods and, for the kubelets' own service, nodes is ever written
/// there.
pub(super) fn backs_onto(emit: &mut Emit<'_>, target: &ObjectReference, via: &'static str) {
    match target.kind.as_str() {
        "Pod" => {
            let _ = emit
                .refer("backs_onto", kinds::POD, &target.name, via)
                .in_namespace(&target.namespace)
                .with_uid(&target.uid);
        }
        // The kubelets' endpoints carry the node's name as its uid.
        "Node" => {
            let _ = emit.refer("backs_onto", kinds::NODE, &target.name, via);
        }
        _ => {}
    }
}

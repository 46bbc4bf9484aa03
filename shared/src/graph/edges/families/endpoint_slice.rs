//! Endpoint slices list what stands behind a service.

use prost::Message;
use serde::Deserialize;

use crate::{
    graph::edges::{Case, EdgeRule, Emit, Family, Reader, Source, Target},
    model::{Kind, ObjectMeta, api::ObjectReference, kinds},
};

const OF_SERVICE: &str = "metadata.labels['kubernetes.io/service-name']";
const TARGET: &str = "endpoints[].targetRef";
const NODE: &str = "endpoints[].nodeName";

pub(super) static FAMILY: Family = Family {
    title: "Endpoint slices",
    readers: &[Reader::of::<EndpointSlice>()],
    edges: &[
        EdgeRule {
            source: kinds::ENDPOINT_SLICE,
            edge: "slice_of",
            target: Target::Kind(kinds::SERVICE),
            via: OF_SERVICE,
        },
        EdgeRule {
            source: kinds::ENDPOINT_SLICE,
            edge: "backs_onto",
            target: Target::OneOf(&[kinds::POD, kinds::NODE]),
            via: TARGET,
        },
        EdgeRule {
            source: kinds::ENDPOINT_SLICE,
            edge: "backs_onto",
            target: Target::Kind(kinds::NODE),
            via: NODE,
        },
    ],
    cases: &[
        Case {
            name: "a slice belongs to the service that its label names, in its own namespace",
            objects: r"
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {ports: [{port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: elsewhere}
spec: {ports: [{port: 80}]}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: web-x1, namespace: shop, labels: {kubernetes.io/service-name: web}}
addressType: IPv4
endpoints: [{addresses: [10.1.0.1]}]
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: web, namespace: shop, labels: {app: web}}
addressType: IPv4
endpoints: []
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: left-over, namespace: shop, labels: {kubernetes.io/service-name: gone}}
addressType: IPv4
endpoints: []
",
            edges: &[
                "EndpointSlice.discovery.k8s.io/shop/web-x1 slice_of Service/shop/web",
                "EndpointSlice.discovery.k8s.io/shop/left-over slice_of Service/shop/gone!",
            ],
        },
        Case {
            name: "an endpoint backs onto its pod and its node; an address alone onto nothing",
            objects: r"
apiVersion: v1
kind: Node
metadata: {name: endpoint-node}
---
apiVersion: v1
kind: Pod
metadata: {name: web-1, namespace: shop, labels: {app: web}}
spec: {containers: [{name: main, image: web}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web-1, namespace: elsewhere, labels: {app: web}}
spec: {containers: [{name: main, image: web}]}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: web-x1, namespace: shop}
addressType: IPv4
endpoints:
- {addresses: [10.1.0.1], targetRef: {kind: Pod, namespace: shop, name: web-1}}
- {addresses: [10.1.0.2], conditions: {ready: false}, targetRef: {kind: Pod, namespace: shop, name: gone}}
- {addresses: [10.1.0.3]}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: on-node, namespace: shop}
addressType: IPv4
endpoints:
- {addresses: [10.1.0.4], nodeName: endpoint-node}
- {addresses: [10.1.0.5], nodeName: endpoint-node}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: kubelets, namespace: shop}
addressType: IPv4
endpoints:
- {addresses: [10.1.0.6], targetRef: {kind: Node, name: endpoint-node}}
",
            edges: &[
                "EndpointSlice.discovery.k8s.io/shop/web-x1 backs_onto Pod/shop/web-1",
                "EndpointSlice.discovery.k8s.io/shop/web-x1 backs_onto Pod/shop/gone!",
                "EndpointSlice.discovery.k8s.io/shop/on-node backs_onto Node/endpoint-node",
                "EndpointSlice.discovery.k8s.io/shop/kubelets backs_onto Node/endpoint-node",
            ],
        },
        Case {
            name: "uid: a stateful set's new pod is not the endpoint that its predecessor of the same name was",
            objects: r"
apiVersion: v1
kind: Pod
metadata: {name: db-0, namespace: shop, uid: new}
spec: {containers: [{name: main, image: db}]}
---
apiVersion: v1
kind: Pod
metadata: {name: db-1, namespace: shop, uid: same}
spec: {containers: [{name: main, image: db}]}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: db-x1, namespace: shop}
addressType: IPv4
endpoints:
- {addresses: [10.1.0.1], targetRef: {kind: Pod, namespace: shop, name: db-0, uid: old}}
- {addresses: [10.1.0.2], targetRef: {kind: Pod, namespace: shop, name: db-1, uid: same}}
",
            edges: &["EndpointSlice.discovery.k8s.io/shop/db-x1 backs_onto Pod/shop/db-1"],
        },
    ],
};

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct EndpointSlice {
    #[prost(message, optional, tag = "1")]
    metadata: Option<ObjectMeta>,
    #[prost(message, repeated, tag = "2")]
    endpoints: Vec<Endpoint>,
}

#[derive(Clone, PartialEq, Eq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Endpoint {
    #[prost(message, optional, tag = "4")]
    target_ref: Option<ObjectReference>,
    #[prost(string, tag = "6")]
    node_name: String,
}

impl Source for EndpointSlice {
    const KIND: Kind = kinds::ENDPOINT_SLICE;

    fn metadata(&self) -> Option<&ObjectMeta> {
        self.metadata.as_ref()
    }

    fn edges(&self, emit: &mut Emit<'_>) {
        // The owner reference may be absent (slices written by hand); the label is what kube-proxy goes by.
        if let Some(service) = emit.metadata().labels.get("kubernetes.io/service-name") {
            let _ = emit.refer("slice_of", kinds::SERVICE, service, OF_SERVICE);
        }
        for endpoint in &self.endpoints {
            if let Some(target) = &endpoint.target_ref {
                super::endpoints::backs_onto(emit, target, TARGET);
            }
            let _ = emit.refer("backs_onto", kinds::NODE, &endpoint.node_name, NODE);
        }
    }
}

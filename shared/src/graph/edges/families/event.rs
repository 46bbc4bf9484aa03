//! Events tell what happened to objects.

use prost::Message;
use serde::Deserialize;

use crate::{
    graph::{
        Noise,
        edges::{Case, EdgeRule, Emit, Family, Reader, Source, Target, group_of},
    },
    model::{Kind, ObjectMeta, api::ObjectReference, kinds},
};

const INVOLVED: &str = "involvedObject";
const REGARDING: &str = "regarding";
const RELATED: &str = "related";

const fn rule(source: Kind, edge: &'static str, via: &'static str) -> EdgeRule {
    EdgeRule { source, edge, target: Target::Any, via }
}

pub(super) static FAMILY: Family = Family {
    title: "Events",
    readers: &[Reader::of::<CoreEvent>(), Reader::of::<Event>()],
    edges: &[
        rule(kinds::EVENT, "regards", INVOLVED),
        rule(kinds::EVENT, "relates_to", RELATED),
        rule(kinds::EVENTS_EVENT, "regards", REGARDING),
        rule(kinds::EVENTS_EVENT, "relates_to", RELATED),
    ],
    cases: &[
        Case {
            name: "an event regards the object of this group, kind, namespace and name, and outlives it",
            objects: r"
apiVersion: v1
kind: Event
metadata: {name: created, namespace: shop}
involvedObject: {apiVersion: apps/v1, kind: ReplicaSet, namespace: shop, name: web}
related: {apiVersion: v1, kind: Pod, namespace: shop, name: web-1}
type: Normal
reason: SuccessfulCreate
source: {component: replicaset-controller}
---
apiVersion: v1
kind: Event
metadata: {name: pulled, namespace: shop}
involvedObject: {apiVersion: v1, kind: Pod, namespace: shop, name: gone, fieldPath: 'spec.containers{main}'}
type: Normal
reason: Pulled
source: {component: kubelet}
---
apiVersion: v1
kind: Pod
metadata: {name: web-1, namespace: shop}
spec: {containers: [{name: main, image: web}]}
---
apiVersion: v1
kind: Pod
metadata: {name: gone, namespace: elsewhere}
spec: {containers: [{name: main, image: web}]}
---
apiVersion: apps/v1
kind: ReplicaSet
metadata: {name: web, namespace: shop}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: main, image: web}]}}
",
            edges: &[
                "Event/shop/created regards? ReplicaSet.apps/shop/web",
                "Event/shop/created relates_to? Pod/shop/web-1",
                "Event/shop/pulled regards? Pod/shop/gone!",
            ],
        },
        Case {
            name: "uid: an event regards the object of its uid, except that events of nodes have their name there",
            objects: r"
apiVersion: v1
kind: Event
metadata: {name: node-ready, namespace: default}
involvedObject: {apiVersion: v1, kind: Node, name: n1, uid: n1}
---
apiVersion: v1
kind: Event
metadata: {name: killed, namespace: shop}
involvedObject: {apiVersion: v1, kind: Pod, namespace: shop, name: db-0, uid: old}
related: {apiVersion: v1, kind: Pod, namespace: shop, name: db-0, uid: new}
---
apiVersion: v1
kind: Node
metadata: {name: n1, uid: 5f0c}
---
apiVersion: v1
kind: Pod
metadata: {name: db-0, namespace: shop, uid: new}
spec: {containers: [{name: main, image: db}]}
",
            edges: &[
                "Event/default/node-ready regards? Node/n1",
                "Event/shop/killed relates_to? Pod/shop/db-0",
            ],
        },
        Case {
            name: "the other API group has other names for the same fields",
            objects: r"
apiVersion: events.k8s.io/v1
kind: Event
metadata: {name: scheduled, namespace: shop}
regarding: {apiVersion: v1, kind: Pod, namespace: shop, name: web-1}
related: {apiVersion: v1, kind: Node, name: event-node}
eventTime: '2026-01-02T03:04:05.000000Z'
reportingController: example.com/scheduler
reportingInstance: scheduler-1
action: Binding
reason: Scheduled
type: Normal
---
apiVersion: v1
kind: Pod
metadata: {name: web-1, namespace: shop}
spec: {containers: [{name: main, image: web}]}
---
apiVersion: v1
kind: Node
metadata: {name: event-node}
---
apiVersion: v1
kind: Pod
metadata: {name: event-node, namespace: shop}
spec: {containers: [{name: main, image: web}]}
",
            edges: &[
                "Event.events.k8s.io/shop/scheduled regards? Pod/shop/web-1",
                "Event.events.k8s.io/shop/scheduled relates_to? Node/event-node",
            ],
        },
    ],
};

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct CoreEvent {
    #[prost(message, optional, tag = "1")]
    metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    involved_object: Option<ObjectReference>,
    #[prost(message, optional, tag = "13")]
    related: Option<ObjectReference>,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Event {
    #[prost(message, optional, tag = "1")]
    metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "8")]
    regarding: Option<ObjectReference>,
    #[prost(message, optional, tag = "9")]
    related: Option<ObjectReference>,
}

impl Source for CoreEvent {
    const KIND: Kind = kinds::EVENT;

    fn metadata(&self) -> Option<&ObjectMeta> {
        self.metadata.as_ref()
    }

    fn edges(&self, emit: &mut Emit<'_>) {
        refer(emit, "regards", self.involved_object.as_ref(), INVOLVED);
        refer(emit, "relates_to", self.related.as_ref(), RELATED);
    }

    fn noise(&self) -> Option<Noise> {
        Some(Noise::Event)
    }
}

impl Source for Event {
    const KIND: Kind = kinds::EVENTS_EVENT;

    fn metadata(&self) -> Option<&ObjectMeta> {
        self.metadata.as_ref()
    }

    fn edges(&self, emit: &mut Emit<'_>) {
        refer(emit, "regards", self.regarding.as_ref(), REGARDING);
        refer(emit, "relates_to", self.related.as_ref(), RELATED);
    }

    fn noise(&self) -> Option<Noise> {
        Some(Noise::Event)
    }
}

/// Every reference is optional: an event outlives what it tells of.
fn refer(emit: &mut Emit<'_>, edge: &'static str, to: Option<&ObjectReference>, via: &'static str) {
    let Some(to) = to else { return };
    let refined =
        emit.refer_any(edge, group_of(&to.api_version), &to.kind, &to.name, via).optional(Some(true));
    // An object without a namespace belongs to the cluster, whatever namespace the event was put into.
    let refined =
        if to.namespace.is_empty() { refined.in_cluster() } else { refined.in_namespace(&to.namespace) };
    // Kubelets write the node's name where its uid belongs.
    if to.kind != kinds::NODE.kind {
        let _ = refined.with_uid(&to.uid);
    }
}

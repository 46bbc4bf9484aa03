//! Runtime classes restrict their pods to the nodes that have the runtime.

use std::collections::BTreeMap;

use prost::Message;
use serde::Deserialize;

use crate::{
    graph::{
        Within,
        edges::{Case, EdgeRule, Emit, Family, Reader, Source, Target},
    },
    model::{Kind, ObjectMeta, Selector, kinds},
};

const NODES: &str = "scheduling.nodeSelector";

pub(super) static FAMILY: Family = Family {
    title: "Runtime classes",
    readers: &[Reader::of::<RuntimeClass>()],
    edges: &[EdgeRule {
        source: kinds::RUNTIME_CLASS,
        edge: "restricts_to",
        target: Target::Kind(kinds::NODE),
        via: NODES,
    }],
    cases: &[Case {
        name: "a runtime class restricts to the nodes that have all its labels; without labels it restricts nothing",
        objects: r"
apiVersion: node.k8s.io/v1
kind: RuntimeClass
metadata: {name: restricting}
handler: sandbox
scheduling: {nodeSelector: {runtime.example.com/sandbox: 'true', runtime.example.com/arch: arm}}
---
apiVersion: node.k8s.io/v1
kind: RuntimeClass
metadata: {name: tolerating}
handler: sandbox
scheduling: {tolerations: [{operator: Exists}]}
---
apiVersion: v1
kind: Node
metadata: {name: restrict-1, labels: {runtime.example.com/sandbox: 'true', runtime.example.com/arch: arm}}
---
apiVersion: v1
kind: Node
metadata: {name: restrict-2, labels: {runtime.example.com/sandbox: 'true', runtime.example.com/arch: other}}
---
apiVersion: v1
kind: Node
metadata: {name: restrict-3, labels: {runtime.example.com/sandbox: 'true'}}
",
        edges: &["RuntimeClass.node.k8s.io/restricting restricts_to Node/restrict-1"],
    }],
};

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct RuntimeClass {
    #[prost(message, optional, tag = "1")]
    metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "4")]
    scheduling: Option<Scheduling>,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Scheduling {
    #[prost(btree_map = "string, string", tag = "1")]
    node_selector: BTreeMap<String, String>,
}

impl Source for RuntimeClass {
    const KIND: Kind = kinds::RUNTIME_CLASS;

    fn metadata(&self) -> Option<&ObjectMeta> {
        self.metadata.as_ref()
    }

    fn edges(&self, emit: &mut Emit<'_>) {
        let Some(scheduling) = &self.scheduling else { return };
        if !scheduling.node_selector.is_empty() {
            let selector = Selector::labels(&scheduling.node_selector);
            emit.select_within("restricts_to", kinds::NODE, Within::Cluster, selector, NODES);
        }
    }
}

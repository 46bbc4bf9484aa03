//! CSI nodes say which drivers a node has.

use prost::Message;
use serde::Deserialize;

use crate::{
    graph::edges::{Case, Emit, Family, Reader, Source, field::Field},
    model::{Kind, ObjectMeta, kinds},
};

const NODE: Field = Field { edge: "node_info_of", kind: kinds::NODE, via: "metadata.name" };
const DRIVERS: Field = Field { edge: "registers", kind: kinds::CSI_DRIVER, via: "spec.drivers[].name" };

pub(super) static FAMILY: Family = Family {
    title: "CSI nodes",
    readers: &[Reader::of::<CsiNode>()],
    edges: &[NODE.rule(kinds::CSI_NODE), DRIVERS.rule(kinds::CSI_NODE)],
    cases: &[Case {
        name: "a CSI node is about the node of its name, and registers drivers",
        objects: r"
apiVersion: storage.k8s.io/v1
kind: CSINode
metadata: {name: csi-worker}
spec:
  drivers:
  - {name: registered.example.com, nodeID: csi-worker-2, topologyKeys: [topology.example.com/zone]}
  - {name: undescribed.example.com, nodeID: csi-worker}
---
apiVersion: v1
kind: Node
metadata: {name: csi-worker}
---
apiVersion: v1
kind: Node
metadata: {name: csi-worker-2}
---
apiVersion: storage.k8s.io/v1
kind: CSIDriver
metadata: {name: registered.example.com}
---
apiVersion: storage.k8s.io/v1
kind: CSIDriver
metadata: {name: csi-worker}
",
        edges: &[
            "CSINode.storage.k8s.io/csi-worker node_info_of Node/csi-worker",
            "CSINode.storage.k8s.io/csi-worker registers? CSIDriver.storage.k8s.io/registered.example.com",
            "CSINode.storage.k8s.io/csi-worker registers? CSIDriver.storage.k8s.io/undescribed.example.com!",
        ],
    }],
};

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct CsiNode {
    #[prost(message, optional, tag = "1")]
    metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    spec: Option<CsiNodeSpec>,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct CsiNodeSpec {
    #[prost(message, repeated, tag = "1")]
    drivers: Vec<CsiNodeDriver>,
}

#[derive(Clone, PartialEq, Eq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct CsiNodeDriver {
    #[prost(string, tag = "1")]
    name: String,
}

impl Source for CsiNode {
    const KIND: Kind = kinds::CSI_NODE;

    fn metadata(&self) -> Option<&ObjectMeta> {
        self.metadata.as_ref()
    }

    fn edges(&self, emit: &mut Emit<'_>) {
        let node = &emit.metadata().name;
        let _ = NODE.refer(emit, node);
        // A driver works without an object that describes it.
        for driver in self.spec.iter().flat_map(|spec| &spec.drivers) {
            let _ = DRIVERS.refer(emit, &driver.name).optional(Some(true));
        }
    }
}

//! Resource slices: the node that has the devices, and the driver that says so.

use prost::Message;
use serde::Deserialize;

use crate::{
    graph::edges::{Case, Emit, Family, Reader, Source, field::Field},
    model::{Kind, ObjectMeta, kinds},
};

/// A driver of devices is a name, not an object: unlike CSI's, the API has no kind for it.
const DRIVER_KIND: Kind = Kind::cluster("resource.k8s.io", "Driver");

const DRIVER: Field = Field { edge: "published_by", kind: DRIVER_KIND, via: "spec.driver" };
const NODE: Field = Field { edge: "on_node", kind: kinds::NODE, via: "spec.nodeName" };

pub(super) static FAMILY: Family = Family {
    title: "Resource slices",
    readers: &[Reader::of::<ResourceSlice>()],
    edges: &[DRIVER.rule(kinds::RESOURCE_SLICE), NODE.rule(kinds::RESOURCE_SLICE)],
    cases: &[Case {
        name: "a slice is published by a driver, for one node or for all",
        objects: r"
apiVersion: resource.k8s.io/v1
kind: ResourceSlice
metadata: {name: slice-of-a-node}
spec: {driver: gpu.example.com, nodeName: gpu-worker, pool: {name: gpu-worker, generation: 1, resourceSliceCount: 1}}
---
apiVersion: resource.k8s.io/v1
kind: ResourceSlice
metadata: {name: slice-of-all-nodes}
spec: {driver: net.example.com, allNodes: true, pool: {name: gpu-worker, generation: 1, resourceSliceCount: 1}}
---
apiVersion: v1
kind: Node
metadata: {name: gpu-worker}
",
        edges: &[
            "ResourceSlice.resource.k8s.io/slice-of-a-node published_by Driver.resource.k8s.io/gpu.example.com",
            "ResourceSlice.resource.k8s.io/slice-of-a-node on_node Node/gpu-worker",
            "ResourceSlice.resource.k8s.io/slice-of-all-nodes published_by Driver.resource.k8s.io/net.example.com",
        ],
    }],
};

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ResourceSlice {
    #[prost(message, optional, tag = "1")]
    metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    spec: Option<ResourceSliceSpec>,
}

#[derive(Clone, PartialEq, Eq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ResourceSliceSpec {
    #[prost(string, tag = "1")]
    driver: String,
    #[prost(string, tag = "3")]
    node_name: String,
}

impl Source for ResourceSlice {
    const KIND: Kind = kinds::RESOURCE_SLICE;

    fn metadata(&self) -> Option<&ObjectMeta> {
        self.metadata.as_ref()
    }

    fn edges(&self, emit: &mut Emit<'_>) {
        let Some(spec) = &self.spec else { return };
        let _ = DRIVER.refer(emit, &spec.driver).imaginary();
        let _ = NODE.refer(emit, &spec.node_name);
    }
}

//! What containers, nodes and volumes really use, at one moment.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    model::{DecodeError, ObjectMeta, decode},
    quantity::{Format, Quantity, Wire},
};

/// Group of the objects that tell what pods and nodes use.
const METRICS: &str = "metrics.k8s.io";
/// Group of the objects that tell what volumes use; nobody serves them, snapshots hold them.
const OWN: &str = "passmuster.dev";

/// What one container, pod or node uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Used {
    /// Cores.
    pub cpu: Quantity,
    /// Bytes of the working set.
    pub memory: Quantity,
}

impl Used {
    /// How much of a resource; `None` of what is not measured.
    pub fn of(&self, resource: &str) -> Option<Quantity> {
        match resource {
            "cpu" => Some(self.cpu),
            "memory" => Some(self.memory),
            _ => None,
        }
    }
}

/// How full a volume is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct VolumeUsed {
    /// Bytes in use.
    pub used: Quantity,
    /// Bytes that it holds.
    pub capacity: Quantity,
}

/// By namespace and name.
type ByName<T> = BTreeMap<Box<str>, BTreeMap<Box<str>, T>>;

/// What containers, nodes and volumes use now. What is not in it was not measured.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Usage {
    pods: ByName<BTreeMap<Box<str>, Used>>,
    nodes: BTreeMap<Box<str>, Used>,
    volumes: ByName<VolumeUsed>,
}

/// The parts of `PodMetrics`, `NodeMetrics` and `VolumeUsage` that are read.
#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Measured {
    metadata: ObjectMeta,
    usage: BTreeMap<String, Wire>,
    containers: Vec<MeasuredContainer>,
    used_bytes: Wire,
    capacity_bytes: Wire,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct MeasuredContainer {
    name: String,
    usage: BTreeMap<String, Wire>,
}

impl Usage {
    /// Whether objects of a kind tell what is used.
    pub(crate) fn is_told_by(group: &str, kind: &str) -> bool {
        matches!((group, kind), (METRICS, "PodMetrics" | "NodeMetrics") | (OWN, "VolumeUsage"))
    }

    /// Takes such an object.
    pub(crate) fn take(&mut self, kind: &str, value: Value) -> Result<(), DecodeError> {
        let told: Measured = decode::from_json(value)?;
        let (namespace, name) = (&*told.metadata.namespace, &*told.metadata.name);
        match kind {
            "PodMetrics" => {
                for container in &told.containers {
                    self.set_container(namespace, name, &container.name, used(&container.usage));
                }
            }
            "NodeMetrics" => self.set_node(name, used(&told.usage)),
            _ => {
                let bytes = |told: &Wire| told.quantity().with_format(Format::BinarySi);
                let (used, capacity) = (bytes(&told.used_bytes), bytes(&told.capacity_bytes));
                let volume = VolumeUsed { used, capacity };
                self.set_volume(namespace, name, volume);
            }
        }
        Ok(())
    }

    /// The objects that tell it, for a snapshot; sorted.
    pub fn documents(&self) -> Vec<Value> {
        let amounts = |used: &Used| json!({"cpu": used.cpu, "memory": used.memory});
        let pods = self.pods.iter().flat_map(|(namespace, pods)| {
            pods.iter().map(move |(pod, containers)| {
                let containers =
                    containers.iter().map(|(name, used)| json!({"name": name, "usage": amounts(used)}));
                json!({
                    "apiVersion": format!("{METRICS}/v1beta1"),
                    "kind": "PodMetrics",
                    "metadata": {"name": pod, "namespace": namespace},
                    "containers": containers.collect::<Vec<_>>(),
                })
            })
        });
        let nodes = self.nodes.iter().map(|(node, used)| {
            json!({
                "apiVersion": format!("{METRICS}/v1beta1"),
                "kind": "NodeMetrics",
                "metadata": {"name": node},
                "usage": amounts(used),
            })
        });
        let volumes = self.volumes.iter().flat_map(|(namespace, volumes)| {
            volumes.iter().map(move |(claim, volume)| {
                json!({
                    "apiVersion": crate::API_VERSION,
                    "kind": "VolumeUsage",
                    "metadata": {"name": claim, "namespace": namespace},
                    "usedBytes": volume.used,
                    "capacityBytes": volume.capacity,
                })
            })
        });
        pods.chain(nodes).chain(volumes).collect()
    }

    /// Says what a container uses.
    pub fn set_container(&mut self, namespace: &str, pod: &str, container: &str, used: Used) {
        let pods = self.pods.entry(namespace.into()).or_default();
        pods.entry(pod.into()).or_default().insert(container.into(), used);
    }

    /// Says what a node uses.
    pub fn set_node(&mut self, node: &str, used: Used) {
        self.nodes.insert(node.into(), used);
    }

    /// Says how full the volume of a claim is.
    pub fn set_volume(&mut self, namespace: &str, claim: &str, used: VolumeUsed) {
        self.volumes.entry(namespace.into()).or_default().insert(claim.into(), used);
    }

    /// What a container uses.
    pub(crate) fn container(&self, namespace: &str, pod: &str, container: &str) -> Option<Used> {
        self.pods.get(namespace)?.get(pod)?.get(container).copied()
    }

    /// What a pod uses: the sum over its containers.
    pub(crate) fn pod(&self, namespace: &str, pod: &str) -> Option<Used> {
        let containers = self.pods.get(namespace)?.get(pod)?.values();
        Some(containers.fold(Used::default(), |sum, one| Used {
            cpu: sum.cpu + one.cpu,
            memory: sum.memory + one.memory,
        }))
    }

    /// What a node uses.
    pub(crate) fn node(&self, node: &str) -> Option<Used> {
        self.nodes.get(node).copied()
    }

    /// How full the volume of a claim is.
    pub(crate) fn volume(&self, namespace: &str, claim: &str) -> Option<VolumeUsed> {
        self.volumes.get(namespace)?.get(claim).copied()
    }

    /// Whether the usage of any volume was read.
    pub(crate) fn has_volumes(&self) -> bool {
        !self.volumes.is_empty()
    }
}

fn used(usage: &BTreeMap<String, Wire>) -> Used {
    let of = |resource: &str| usage.get(resource).map(Wire::quantity).unwrap_or_default();
    Used { cpu: of("cpu"), memory: of("memory") }
}

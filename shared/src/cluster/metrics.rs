//! What pods and nodes use now: metrics.k8s.io.
//!
//! The server's answer has no pages and goes by pod; it is read while it arrives, and only the sums over containers
//! are kept.

use std::collections::BTreeMap;

use prost::Message;
use serde::Deserialize;

use super::{Connection, Error, List, Listed, Typed};
use crate::{
    audit::{Usage, Used},
    model::resource::Resource,
    quantity::{Quantity, Wire},
    quota::Amounts,
};

const GROUP: &str = "metrics.k8s.io";
const VERSION: &str = "v1beta1";
/// What is missing when nobody serves it: for [`Error::skipped`].
pub const METRICS_API: &str = "metrics.k8s.io/v1beta1";

/// What one pod uses now: the sum over its containers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PodMetrics {
    /// Its namespace.
    pub namespace: String,
    /// The pod.
    pub pod: String,
    /// Cores.
    pub cpu: Quantity,
    /// Bytes of its working set.
    pub memory: Quantity,
}

impl PodMetrics {
    /// The same, by resource.
    pub fn usage(&self) -> Amounts {
        amounts(self.cpu, self.memory)
    }
}

/// What one node uses now, the system's part included.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NodeMetrics {
    /// The node.
    pub node: String,
    /// Cores.
    pub cpu: Quantity,
    /// Bytes of its working set.
    pub memory: Quantity,
}

impl NodeMetrics {
    /// The same, by resource.
    pub fn usage(&self) -> Amounts {
        amounts(self.cpu, self.memory)
    }
}

fn amounts(cpu: Quantity, memory: Quantity) -> Amounts {
    [("cpu".to_owned(), cpu), ("memory".to_owned(), memory)].into_iter().collect()
}

/// What every pod of a namespace, or of all, uses now; sorted. Where no metrics server is installed that is an error
/// of reason `NotFound`, and of `Unavailable` while it is down: [`Error::skipped`] with [`METRICS_API`] makes the
/// record.
pub async fn pod_metrics(connection: &Connection, namespace: Option<&str>) -> Result<Vec<PodMetrics>, Error> {
    // By name: what is told again after an answer broke off counts once.
    let mut pods = BTreeMap::new();
    let read = List::of(Typed::<PodItem>::new(&resource("PodMetrics", "pods", true)), namespace);
    read.read(connection, &mut |listed: Listed<PodItem>| {
        if let Listed::Object(item) = listed {
            let sum = |resource: &str| item.containers.iter().map(|one| used(&one.usage, resource)).sum();
            pods.insert((item.metadata.namespace, item.metadata.name), (sum("cpu"), sum("memory")));
        }
    })
    .await?;
    let metrics = pods.into_iter();
    Ok(metrics.map(|((namespace, pod), (cpu, memory))| PodMetrics { namespace, pod, cpu, memory }).collect())
}

/// What every container of a namespace, or of all, uses now. Absent as [`pod_metrics`] is.
pub(super) async fn container_metrics(
    connection: &Connection,
    namespace: Option<&str>,
    usage: &mut Usage,
) -> Result<(), Error> {
    let read = List::of(Typed::<PodItem>::new(&resource("PodMetrics", "pods", true)), namespace);
    read.read(connection, &mut |listed: Listed<PodItem>| {
        if let Listed::Object(PodItem { metadata, containers }) = listed {
            for container in containers {
                let used =
                    Used { cpu: used(&container.usage, "cpu"), memory: used(&container.usage, "memory") };
                usage.set_container(&metadata.namespace, &metadata.name, &container.name, used);
            }
        }
    })
    .await?;
    Ok(())
}

/// What every node uses now; sorted. Absent as [`pod_metrics`] is.
pub async fn node_metrics(connection: &Connection) -> Result<Vec<NodeMetrics>, Error> {
    let mut nodes = BTreeMap::new();
    let read = List::of(Typed::<NodeItem>::new(&resource("NodeMetrics", "nodes", false)), None);
    read.read(connection, &mut |listed: Listed<NodeItem>| {
        if let Listed::Object(item) = listed {
            nodes.insert(item.metadata.name, (used(&item.usage, "cpu"), used(&item.usage, "memory")));
        }
    })
    .await?;
    Ok(nodes.into_iter().map(|(node, (cpu, memory))| NodeMetrics { node, cpu, memory }).collect())
}

fn resource(kind: &str, plural: &str, namespaced: bool) -> Resource {
    Resource {
        group: GROUP.to_owned(),
        version: VERSION.to_owned(),
        kind: kind.to_owned(),
        plural: plural.to_owned(),
        namespaced,
        ..Resource::default()
    }
}

fn used(usage: &BTreeMap<String, Wire>, resource: &str) -> Quantity {
    usage.get(resource).map(Wire::quantity).unwrap_or_default()
}

// Tags: generated.proto of k8s.io/metrics. Of the metadata only names: the labels of every pod are in it too.

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(default)]
struct Name {
    #[prost(string, tag = "1")]
    name: String,
    #[prost(string, tag = "3")]
    namespace: String,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(default)]
struct PodItem {
    #[prost(message, required, tag = "1")]
    metadata: Name,
    #[prost(message, repeated, tag = "4")]
    containers: Vec<Container>,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(default)]
struct Container {
    #[prost(string, tag = "1")]
    name: String,
    #[prost(btree_map = "string, message", tag = "2")]
    usage: BTreeMap<String, Wire>,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(default)]
struct NodeItem {
    #[prost(message, required, tag = "1")]
    metadata: Name,
    #[prost(btree_map = "string, message", tag = "4")]
    usage: BTreeMap<String, Wire>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::decode;

    #[test]
    fn the_same_from_json_and_protobuf() {
        let json = serde_json::json!({
            "metadata": {"name": "web", "namespace": "shop", "labels": {"app": "web"}},
            "timestamp": "2026-11-21T10:00:00Z",
            "window": "15s",
            "containers": [{"name": "a", "usage": {"cpu": "156340n", "memory": "20Mi"}}, {"name": "b", "usage": null}],
        });
        let item: PodItem = decode::from_json(json).unwrap();
        assert_eq!(decode::from_protobuf::<PodItem>(&item.encode_to_vec()).unwrap(), item);
        assert_eq!(used(&item.containers[0].usage, "cpu"), Quantity::parse("156340n").unwrap());
        assert_eq!(used(&item.containers[1].usage, "cpu"), Quantity::ZERO);
        assert_eq!((item.metadata.namespace.as_str(), item.metadata.name.as_str()), ("shop", "web"));
    }
}

//! What containers, nodes and volumes use now: metrics.k8s.io, and the kubelets through the API server.

use futures::{StreamExt as _, stream};
use serde::Deserialize;

use super::AT_ONCE;
use crate::{
    audit::{Usage, Used, VolumeUsed},
    cluster::{
        Connection, Error, METRICS_API, encode,
        metrics::{container_metrics, node_metrics},
    },
    model::Skipped,
    quantity::Quantity,
};

/// What volumes are told by: for [`Error::skipped`].
const SUMMARY: &str = "nodes/proxy";

/// What was read of usage.
#[derive(Debug, Default)]
pub(super) struct Read {
    /// None: the metrics of pods or nodes could not be read.
    pub(super) usage: Option<Usage>,
    /// Why metrics could not be read.
    pub(super) skipped: Vec<Skipped>,
    /// Why some kubelets could not be asked for their volumes.
    pub(super) volumes_skipped: Vec<Skipped>,
}

/// Reads what is used in these namespaces, or everywhere when there is none.
pub(super) async fn read(connection: &Connection, namespaces: &[String], volumes: bool) -> Read {
    let mut read = Read::default();
    let mut usage = Usage::default();
    let places: Vec<Option<&str>> = match namespaces {
        [] => vec![None],
        some => some.iter().map(|namespace| Some(namespace.as_str())).collect(),
    };
    for namespace in places {
        if let Err(error) = container_metrics(connection, namespace, &mut usage).await {
            read.skipped.push(error.skipped(METRICS_API, namespace));
        }
    }
    let mut nodes = Vec::new();
    match node_metrics(connection).await {
        Ok(all) => {
            for node in all {
                usage.set_node(&node.node, Used { cpu: node.cpu, memory: node.memory });
                nodes.push(node.node);
            }
        }
        Err(error) => read.skipped.push(error.skipped(METRICS_API, None)),
    }
    if volumes {
        read.volumes_skipped = read_volumes(connection, &nodes, &mut usage).await;
    }
    read.usage = read.skipped.is_empty().then_some(usage);
    read
}

/// Asks every node how full its volumes are. What the first node refuses is not asked of the others.
async fn read_volumes(connection: &Connection, nodes: &[String], usage: &mut Usage) -> Vec<Skipped> {
    let Some((first, others)) = nodes.split_first() else { return Vec::new() };
    match summary(connection, first).await {
        Ok(told) => told.tell(usage),
        Err(error) => return vec![error.skipped(SUMMARY, None)],
    }
    let told: Vec<Result<Summary, Error>> =
        stream::iter(others).map(|node| summary(connection, node)).buffer_unordered(AT_ONCE).collect().await;
    let mut skipped = Vec::new();
    for told in told {
        match told {
            Ok(told) => told.tell(usage),
            Err(error) => skipped.push(error.skipped(SUMMARY, None)),
        }
    }
    skipped
}

async fn summary(connection: &Connection, node: &str) -> Result<Summary, Error> {
    connection.get_json(&format!("/api/v1/nodes/{}/proxy/stats/summary", encode(node))).await
}

/// The parts of a kubelet's `/stats/summary` that are read.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Summary {
    pods: Vec<PodStats>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct PodStats {
    volume: Vec<VolumeStats>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct VolumeStats {
    used_bytes: Option<i64>,
    capacity_bytes: Option<i64>,
    pvc_ref: Option<ClaimName>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ClaimName {
    name: String,
    namespace: String,
}

impl Summary {
    fn tell(&self, usage: &mut Usage) {
        for volume in self.pods.iter().flat_map(|pod| &pod.volume) {
            if let (Some(claim), Some(used), Some(capacity)) =
                (&volume.pvc_ref, volume.used_bytes, volume.capacity_bytes)
            {
                let (used, capacity) = (Quantity::from_bytes(used), Quantity::from_bytes(capacity));
                usage.set_volume(&claim.namespace, &claim.name, VolumeUsed { used, capacity });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn volumes_of_claims_alone() {
        let told: Summary = serde_json::from_value(serde_json::json!({"node": {"nodeName": "n"}, "pods": [
            {"volume": [{"name": "scratch", "usedBytes": 1, "capacityBytes": 2},
                {"name": "v", "usedBytes": 5, "capacityBytes": 10, "pvcRef": {"name": "data", "namespace": "shop"}}]},
            {"podRef": {"name": "p"}},
        ]}))
        .unwrap();
        let mut usage = Usage::default();
        told.tell(&mut usage);
        let documents = usage.documents();
        assert_eq!(documents.len(), 1);
        assert_eq!(documents[0]["metadata"]["name"], "data");
    }
}

//! The objects of a large cluster: nodes, and namespaces full of workloads.

use serde_json::{Value, json};

mod load;
mod random;
mod stored;
mod workloads;

pub use load::{Loaded, load};
pub use random::Random;
pub use stored::store;

/// How much of everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Namespaces, `team-000` and on.
    pub namespaces: usize,
    /// Deployments in each namespace, `app-00` and on.
    pub deployments: usize,
    /// Pods of each deployment.
    pub replicas: usize,
    /// Simulated nodes, `node-0000` and on.
    pub nodes: usize,
}

impl Size {
    /// How many pods that makes.
    pub fn pods(self) -> usize {
        self.namespaces * self.deployments * self.replicas
    }
}

/// The nodes that kwok looks after.
pub fn nodes(count: usize) -> Vec<Value> {
    let node = |i| {
        let name = format!("node-{i:04}");
        let resources = json!({"cpu": "64", "memory": "256Gi", "pods": "250", "ephemeral-storage": "500Gi"});
        json!({
            "apiVersion": "v1",
            "kind": "Node",
            "metadata": {
                "name": name,
                "annotations": {"kwok.x-k8s.io/node": "fake"},
                "labels": {
                    "kubernetes.io/hostname": name,
                    "topology.kubernetes.io/zone": format!("z{}", i % 3),
                    "type": "kwok",
                },
            },
            "spec": {},
            "status": {"allocatable": resources, "capacity": resources},
        })
    };
    (0..count).map(node).collect()
}

/// The objects of each namespace, the namespace itself first. The same size gives the same objects.
pub fn namespaces(size: Size) -> Vec<Vec<Value>> {
    let mut random = Random::new(7);
    let namespace = |n: usize| {
        let name = format!("team-{n:03}");
        let mut objects = vec![
            json!({
                "apiVersion": "v1",
                "kind": "Namespace",
                "metadata": {"name": name, "labels": {"project": format!("project-{:02}", n / 5)}},
            }),
            quota(&name),
            limits(&name),
        ];
        for d in 0..size.deployments {
            objects.extend(workloads::app(&name, d, size.replicas, &mut random));
        }
        objects
    };
    (0..size.namespaces).map(namespace).collect()
}

fn quota(namespace: &str) -> Value {
    let hard = json!({"requests.cpu": "200", "requests.memory": "400Gi", "limits.cpu": "400", "pods": "1000",
        "requests.storage": "2Ti"});
    json!({
        "apiVersion": "v1",
        "kind": "ResourceQuota",
        "metadata": {"name": "quota", "namespace": namespace},
        "spec": {"hard": hard},
    })
}

fn limits(namespace: &str) -> Value {
    let container = json!({
        "type": "Container",
        "default": {"cpu": "1", "memory": "512Mi"},
        "defaultRequest": {"cpu": "50m", "memory": "64Mi"},
    });
    json!({
        "apiVersion": "v1",
        "kind": "LimitRange",
        "metadata": {"name": "defaults", "namespace": namespace},
        "spec": {"limits": [container]},
    })
}

//! The objects as a cluster has them, and as files have them.

use std::sync::Arc;

use passmuster::audit::World;
use passmuster_tests::ControlPlane;
use serde_json::{Value, json};

use crate::generate::Cluster;

const GROUP: &str = "rbac.authorization.k8s.io";

fn list(server: &ControlPlane, resource: &str) -> Vec<Value> {
    let path = format!("/apis/{GROUP}/v1/{resource}");
    server.api().get(&path).unwrap()["items"].as_array().unwrap().clone()
}

/// Everything, as the API server has it.
pub(crate) fn live(server: &ControlPlane) -> World {
    let mut world = World::of_cluster();
    for (resource, kind) in [
        ("clusterroles", "ClusterRole"),
        ("roles", "Role"),
        ("clusterrolebindings", "ClusterRoleBinding"),
        ("rolebindings", "RoleBinding"),
    ] {
        for object in list(server, resource) {
            assert!(world.take_live(GROUP, kind, object).unwrap());
        }
    }
    world.coverage.cover_everything();
    world
}

/// What was generated, as it was written: nobody has put roles together. The cluster's own bindings are there, since
/// they count, but none of its own cluster roles: we have to know those.
pub(crate) fn files(server: &ControlPlane, cluster: &Cluster) -> World {
    let version: Arc<str> = Arc::from(format!("{GROUP}/v1"));
    let mut world = World::of_files();
    for (resource, kind) in
        [("roles", "Role"), ("clusterrolebindings", "ClusterRoleBinding"), ("rolebindings", "RoleBinding")]
    {
        for mut object in list(server, resource) {
            let bootstrap = &object["metadata"]["labels"]["kubernetes.io/bootstrapping"];
            if *bootstrap == json!("rbac-defaults") {
                object["metadata"].as_object_mut().unwrap().remove("uid");
                world.take_document(&version, kind, object).unwrap();
            }
        }
    }
    for object in &cluster.objects {
        world.take_document(&version, object["kind"].as_str().unwrap(), object.clone()).unwrap();
    }
    world.coverage.cover_everything();
    world
}

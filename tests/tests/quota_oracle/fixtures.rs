//! What belongs to the whole cluster, once: classes of every sort, devices, and a type of its own.

use std::sync::OnceLock;

use passmuster_tests::ControlPlane;
use serde_json::{Value, json};

/// The control plane, with all this in it.
pub(crate) fn plane() -> &'static ControlPlane {
    static PLANE: OnceLock<&'static ControlPlane> = OnceLock::new();
    PLANE.get_or_init(|| {
        let plane = ControlPlane::shared();
        plane.define("Widget", &["v1"], "oracle.example.com", "widgets", true).unwrap();
        for object in fixtures() {
            plane.create(&object).unwrap();
        }
        plane
    })
}

fn fixtures() -> Vec<Value> {
    let named = |api: &str, kind: &str, name: &str, rest: Value| {
        let mut object = json!({"apiVersion": api, "kind": kind, "metadata": {"name": name}});
        object.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        object
    };
    let mut all = vec![
        named("scheduling.k8s.io/v1", "PriorityClass", "low", json!({"value": 10})),
        named(
            "scheduling.k8s.io/v1",
            "PriorityClass",
            "high.up",
            json!({"value": 1000, "preemptionPolicy": "Never"}),
        ),
        named(
            "node.k8s.io/v1",
            "RuntimeClass",
            "heavy",
            json!({"handler": "h", "overhead": {"podFixed": {"cpu": "250m", "memory": "120Mi"}}}),
        ),
        named(
            "node.k8s.io/v1",
            "RuntimeClass",
            "light",
            json!({"handler": "l", "overhead": {"podFixed": {"memory": "7M"}}}),
        ),
        named(
            "storage.k8s.io/v1",
            "StorageClass",
            "gold",
            json!({"provisioner": "oracle.example.com", "allowVolumeExpansion": true}),
        ),
        named(
            "storage.k8s.io/v1",
            "VolumeAttributesClass",
            "fast",
            json!({"driverName": "oracle.example.com", "parameters": {"a": "b"}}),
        ),
        named(
            "resource.k8s.io/v1",
            "DeviceClass",
            "gpu",
            json!({"spec": {"extendedResourceName": "example.com/gpu"}}),
        ),
        named("resource.k8s.io/v1", "DeviceClass", "fpga", json!({"spec": {}})),
    ];
    // Some pods' devices are there, so that the scheduler makes claims for what they request.
    for node in 0..3 {
        let name = format!("node-{node:04}");
        let devices: Vec<Value> = (0..20).map(|device| json!({"name": format!("d{device}")})).collect();
        all.push(named(
            "resource.k8s.io/v1",
            "ResourceSlice",
            &format!("slice-{node}"),
            json!({"spec": {"driver": "oracle.example.com", "nodeName": name, "devices": devices,
                "pool": {"name": name, "generation": 1, "resourceSliceCount": 1}}}),
        ));
    }
    all
}

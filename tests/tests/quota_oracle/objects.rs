//! Generated services, claims and other objects.

use passmuster_tests::population::Random;
use serde_json::{Value, json};

use crate::{
    apply::{Item, Step},
    pods,
};

fn object(api: &str, kind: &str, name: &str) -> Value {
    json!({"apiVersion": api, "kind": kind, "metadata": {"name": name}})
}

fn plain(object: Value) -> Item {
    Item { object, steps: Vec::new(), owner: None }
}

/// A service. Node ports are left to the server, which has few of them.
pub(crate) fn service(random: &mut Random, name: &str) -> Item {
    let mut service = object("v1", "Service", name);
    let ports: Vec<Value> =
        (0..random.range(1, 4)).map(|port| json!({"name": format!("p{port}"), "port": 80 + port})).collect();
    let kind = random.choose(&["ClusterIP", "NodePort", "LoadBalancer", "LoadBalancer", "ExternalName"]);
    service["spec"] = json!({"type": kind, "ports": ports});
    match kind {
        "ExternalName" => service["spec"]["externalName"] = json!("example.com"),
        "LoadBalancer" if random.percent(60) => {
            service["spec"]["allocateLoadBalancerNodePorts"] = json!(random.percent(30));
        }
        _ => {}
    }
    let mut steps = Vec::new();
    if random.percent(25) && kind != "ExternalName" {
        steps.push(Step::Patch(json!({"spec": {"type": random.choose(&["NodePort", "LoadBalancer"])}})));
    }
    if random.percent(20) && kind == "LoadBalancer" {
        steps.push(Step::Patch(json!({"spec": {"allocateLoadBalancerNodePorts": false}})));
    }
    Item { object: service, steps, owner: None }
}

fn bytes(random: &mut Random) -> Value {
    let number = random.range(1, 5000);
    match random.range(0, 5) {
        0 => json!(format!("{number}Mi")),
        1 => json!(format!("{number}500m")),
        2 => json!(format!("{number}.5Ki")),
        3 => json!(number),
        _ => json!(format!("{number}M")),
    }
}

/// A persistent volume claim.
pub(crate) fn claim(random: &mut Random, name: &str) -> Item {
    let mut claim = object("v1", "PersistentVolumeClaim", name);
    let size = bytes(random);
    claim["spec"] = json!({"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": size}}});
    match random.range(0, 5) {
        0 => {}
        1 => claim["spec"]["storageClassName"] = json!(""),
        2 => claim["metadata"]["annotations"] = json!({"volume.beta.kubernetes.io/storage-class": "old"}),
        3 => claim["spec"]["storageClassName"] = json!("gold"),
        _ => claim["spec"]["storageClassName"] = json!("silver"),
    }
    if random.percent(40) {
        claim["spec"]["volumeAttributesClassName"] = json!(random.choose(&["fast", "slow"]));
    }
    let mut steps = Vec::new();
    if random.percent(40) {
        steps.push(Step::Status(json!({"allocatedResources": {"storage": bytes(random)}})));
    }
    if random.percent(25) {
        steps.push(Step::Status(
            json!({"currentVolumeAttributesClassName": random.choose(&["fast", "slow", "third"])}),
        ));
    }
    if random.percent(20) {
        let target = json!({"targetVolumeAttributesClassName": random.choose(&["fast", "slow"]), "status": "InProgress"});
        steps.push(Step::Status(json!({"modifyVolumeStatus": target})));
    }
    Item { object: claim, steps, owner: None }
}

fn devices(random: &mut Random) -> Value {
    let mut asked = json!({"deviceClassName": random.choose(&["gpu", "fpga", "unknown"])});
    match random.range(0, 3) {
        0 => asked["allocationMode"] = json!("All"),
        1 => asked["count"] = json!(random.range(1, 9)),
        _ => {}
    }
    asked
}

/// A claim of devices.
pub(crate) fn resource_claim(random: &mut Random, name: &str) -> Item {
    let requests: Vec<Value> = (0..random.range(1, 4))
        .map(|n| {
            if random.percent(55) {
                return json!({"name": format!("r{n}"), "exactly": devices(random)});
            }
            let several: Vec<Value> = (0..random.range(1, 4))
                .map(|m| {
                    let mut one = devices(random);
                    one["name"] = json!(format!("s{m}"));
                    one
                })
                .collect();
            json!({"name": format!("r{n}"), "firstAvailable": several})
        })
        .collect();
    let mut claim = object("resource.k8s.io/v1", "ResourceClaim", name);
    claim["spec"] = json!({"devices": {"requests": requests}});
    plain(claim)
}

/// A claim that says it was made for what a pod requests, true or not.
fn paid_claim(random: &mut Random, name: &str, pod: String) -> Item {
    let mut item = resource_claim(random, name);
    item.object["metadata"]["annotations"] =
        json!({"resource.kubernetes.io/extended-resource-claim": "true"});
    item.owner = Some(pod);
    item
}

/// An object that is only counted, of a type that every server has.
pub(crate) fn builtin(random: &mut Random, name: &str) -> Item {
    counted(random, name, 1)
}

/// An object that is only counted.
pub(crate) fn other(random: &mut Random, name: &str) -> Item {
    counted(random, name, 0)
}

fn counted(random: &mut Random, name: &str, without: usize) -> Item {
    let kinds = [
        ("v1", "ConfigMap", json!({"data": {"a": "b"}})),
        ("v1", "Secret", json!({"stringData": {"a": "b"}})),
        ("v1", "ServiceAccount", json!({})),
        (
            "v1",
            "ReplicationController",
            json!({"spec": {"replicas": 0, "selector": {"a": name}, "template": {"metadata": {"labels": {"a": name}}, "spec": {"containers": [{"name": "c", "image": "i"}]}}}}),
        ),
        (
            "apps/v1",
            "Deployment",
            json!({"spec": {"replicas": 0, "selector": {"matchLabels": {"a": name}}, "template": {"metadata": {"labels": {"a": name}}, "spec": {"containers": [{"name": "c", "image": "i"}]}}}}),
        ),
        ("rbac.authorization.k8s.io/v1", "Role", json!({"rules": []})),
        ("oracle.example.com/v1", "Widget", json!({})),
    ];
    let (api, kind, rest) = &kinds[random.range(0, kinds.len() - without)];
    let mut found = object(api, kind, name);
    found.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
    plain(found)
}

/// So many objects of a namespace.
pub(crate) fn items(random: &mut Random, count: usize) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    for n in 0..count {
        let name = format!("o{n}");
        let item = match random.range(0, 100) {
            0..50 => pods::item(random, &name),
            50..60 => service(random, &name),
            60..74 => claim(random, &name),
            74..82 => resource_claim(random, &name),
            82..88 => {
                let pods: Vec<&str> =
                    items.iter().filter(|item| item.object["kind"] == "Pod").map(Item::name).collect();
                if pods.is_empty() {
                    resource_claim(random, &name)
                } else {
                    let pod = random.choose(&pods).to_owned();
                    paid_claim(random, &name, pod)
                }
            }
            _ => other(random, &name),
        };
        items.push(item);
    }
    items
}

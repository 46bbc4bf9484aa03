//! What is asked for in one namespace, sort by sort, and the quota that it meets there.

use passmuster_tests::population::Random;
use serde_json::{Value, json};

use crate::{
    apply::{Item, Step},
    objects, pods, quotas,
};

/// Sorts of objects.
pub(crate) const SORTS: usize = 6;

/// Objects of one sort, so that nothing else lets the controller count while requests are on their way.
pub(crate) fn item(random: &mut Random, sort: usize, name: &str) -> Item {
    let mut item = match sort {
        0 | 1 => Item { object: pods::pod(random, name), steps: Vec::new(), owner: None },
        2 => objects::service(random, name),
        3 => objects::resource_claim(random, name),
        4 => objects::claim(random, name),
        _ => objects::builtin(random, name),
    };
    if sort < 2 {
        // Neither is it placed, nor are claims made for it.
        item.object["spec"]["schedulerName"] = json!("nobody");
    }
    item
}

/// A quota of which much is used up soon.
pub(crate) fn tight(random: &mut Random, sort: usize) -> Value {
    let hard = match sort {
        0 => {
            json!({"pods": "9", "requests.cpu": "20", "requests.memory": "30G", "requests.example.com/gpu": "3", "count/pods": "30"})
        }
        1 => {
            json!({"pods": "12", "limits.cpu": "60", "memory": "50Gi", "requests.deviceclass.resource.kubernetes.io/fpga": "2"})
        }
        2 => json!({"services": "10", "services.nodeports": "12", "services.loadbalancers": "4"}),
        3 => {
            json!({"count/resourceclaims.resource.k8s.io": "9", "gpu.deviceclass.resource.k8s.io/devices": "70",
            "fpga.deviceclass.resource.k8s.io/devices": "40"})
        }
        4 => json!({"persistentvolumeclaims": "15", "requests.storage": "20Gi",
            "gold.storageclass.storage.k8s.io/requests.storage": "3G", "old.storageclass.storage.k8s.io/persistentvolumeclaims": "1"}),
        _ => {
            json!({"configmaps": "3", "count/secrets": "2", "count/deployments.apps": "2", "count/serviceaccounts": "4"})
        }
    };
    let mut spec = if sort < 2 && random.percent(50) { quotas::spec(random) } else { json!({}) };
    let selects_claims = spec["scopeSelector"].to_string().contains("VolumeAttributesClass");
    let best_effort = spec.to_string().contains("\"BestEffort\"");
    spec["hard"] = if best_effort || selects_claims { json!({"count/pods": "5"}) } else { hard };
    spec
}

/// A change of an object of the first three sorts.
pub(crate) fn step(random: &mut Random, sort: usize) -> Step {
    match sort {
        0 | 1 if random.percent(50) => Step::Patch(json!({"spec": {"activeDeadlineSeconds": 1000}})),
        0 | 1 => {
            let cpu = json!({"cpu": format!("{}m", random.range(1, 9000)), "memory": "1Gi"});
            Step::Resize(json!({"spec": {"containers": [{"name": "c0", "resources": {"requests": cpu}}]}}))
        }
        _ => {
            Step::Patch(json!({"spec": {"type": random.choose(&["ClusterIP", "NodePort", "LoadBalancer"])}}))
        }
    }
}

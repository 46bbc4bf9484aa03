//! Generated quotas: any keys, in every scope that the API server takes with them.

use passmuster_tests::population::Random;
use serde_json::{Map, Value, json};

/// Keys that count pods and are taken with any scope of pods.
const PODS: &[&str] = &["pods", "count/pods"];
/// Keys that count what pods request, taken with any scope of pods but `BestEffort`.
const COMPUTE: &[&str] = &["cpu", "memory", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory"];
/// Keys that are taken with any scope.
const ANYWHERE: &[&str] = &[
    "requests.example.com/gpu",
    "requests.example.com/nic",
    "requests.deviceclass.resource.kubernetes.io/gpu",
    "requests.deviceclass.resource.kubernetes.io/fpga",
    "requests.deviceclass.resource.kubernetes.io/unknown",
    "example.com/gpu",
    "count/services",
    "count/secrets",
    "gpu.deviceclass.resource.k8s.io/devices",
];
/// Keys of claims.
const CLAIMS: &[&str] = &[
    "persistentvolumeclaims",
    "count/persistentvolumeclaims",
    "requests.storage",
    "gold.storageclass.storage.k8s.io/requests.storage",
    "gold.storageclass.storage.k8s.io/persistentvolumeclaims",
    "old.storageclass.storage.k8s.io/requests.storage",
    "silver.storageclass.storage.k8s.io/persistentvolumeclaims",
];
/// Keys that are taken without a scope only, or make sense there only.
const UNSCOPED: &[&str] = &[
    "ephemeral-storage",
    "requests.ephemeral-storage",
    "limits.ephemeral-storage",
    "hugepages-2Mi",
    "requests.hugepages-2Mi",
    "services",
    "services.nodeports",
    "services.loadbalancers",
    "configmaps",
    "secrets",
    "resourcequotas",
    "replicationcontrollers",
    "count/configmaps",
    "count/resourcequotas",
    "count/replicationcontrollers",
    "count/serviceaccounts",
    "count/deployments.apps",
    "count/roles.rbac.authorization.k8s.io",
    "count/widgets.oracle.example.com",
    "count/resourceclaims.resource.k8s.io",
    "count/events",
    "fpga.deviceclass.resource.k8s.io/devices",
    "unknown.deviceclass.resource.k8s.io/devices",
];
/// A key of a type that the server does not have: it never says how much is used.
pub(crate) const UNSERVED: &str = "count/nothings.oracle.example.com";

fn hard(random: &mut Random, pools: &[&[&str]]) -> Value {
    let mut hard = Map::new();
    for key in pools.iter().copied().flatten() {
        if random.percent(45) {
            hard.insert((*key).to_owned(), json!(random.range(50, 1000)));
        }
    }
    if hard.is_empty() {
        hard.insert("count/pods".to_owned(), json!(1));
    }
    Value::Object(hard)
}

fn requirement(random: &mut Random, scope: &str, values: &[&str]) -> Value {
    let operator = random.choose(&["In", "NotIn", "Exists", "DoesNotExist"]);
    let mut requirement = json!({"scopeName": scope, "operator": operator});
    if matches!(operator, "In" | "NotIn") {
        let some: Vec<&str> = (0..random.range(1, 3)).map(|_| random.choose(values)).collect();
        requirement["values"] = json!(some);
    }
    requirement
}

fn scoped(random: &mut Random) -> Value {
    let exists = |scope: &str| json!({"scopeName": scope, "operator": "Exists"});
    let terminating = random.choose(&["Terminating", "NotTerminating"]);
    let effort = random.choose(&["BestEffort", "NotBestEffort"]);
    // The last is no value of a label, which makes the selector invalid; the server takes it and counts nothing.
    let long = "x".repeat(70);
    let classes: &[&str] = if random.percent(90) { &["low", "high.up", "other"] } else { &["low", &long] };
    let mut spec = json!({});
    let mut best_effort = false;
    match random.range(0, 7) {
        0 => spec["scopes"] = json!([terminating]),
        1 => {
            spec["scopes"] = json!([effort]);
            best_effort = effort == "BestEffort";
        }
        2 => {
            spec["scopes"] = json!([terminating]);
            spec["scopeSelector"] = json!({"matchExpressions": [exists(effort)]});
            best_effort = effort == "BestEffort";
        }
        3 => {
            spec["scopeSelector"] =
                json!({"matchExpressions": [requirement(random, "PriorityClass", classes)]});
        }
        4 => {
            let two = [
                requirement(random, "PriorityClass", classes),
                requirement(random, "PriorityClass", classes),
            ];
            spec["scopeSelector"] = json!({"matchExpressions": two});
        }
        5 => spec["scopes"] = json!([random.choose(&["CrossNamespacePodAffinity", "PriorityClass"])]),
        _ => {
            let classes = requirement(random, "VolumeAttributesClass", &["fast", "slow", "third"]);
            spec["scopeSelector"] = json!({"matchExpressions": [classes]});
            spec["hard"] = hard(random, &[CLAIMS, ANYWHERE]);
            return spec;
        }
    }
    spec["hard"] =
        if best_effort { hard(random, &[PODS, ANYWHERE]) } else { hard(random, &[PODS, COMPUTE, ANYWHERE]) };
    spec
}

/// The `spec` of a quota.
pub(crate) fn spec(random: &mut Random) -> Value {
    if random.percent(60) {
        return scoped(random);
    }
    let mut spec = json!({"hard": hard(random, &[PODS, COMPUTE, ANYWHERE, CLAIMS, UNSCOPED])});
    if random.percent(30) {
        spec["hard"][UNSERVED] = json!(1);
    }
    spec
}

//! What `explain` adds up is what the API server has charged.

use passmuster::quantity::Quantity;
use passmuster_tests::{ControlPlane, eventually, population::Random};
use serde_json::{Value, json};

use crate::{
    LONG, amount, items, quota_usage, random,
    shop::{container, enforced, pod, quota, still},
    text,
};

fn resources(random: &mut Random) -> Value {
    let mut resources = json!({"requests": {}, "limits": {}});
    let memory = ["16Mi", "100M", "1Gi", "64Mi"];
    for (name, amounts) in [("cpu", &["50m", "100m", "1", "250m"]), ("memory", &memory)] {
        let request = random.choose(amounts);
        if random.percent(80) {
            resources["requests"][name] = request.into();
        }
        if random.percent(50) {
            // Never less than any request.
            resources["limits"][name] = if name == "cpu" { "2" } else { "2Gi" }.into();
        }
    }
    if random.percent(20) {
        resources["requests"]["example.com/gpu"] = "1".into();
        resources["limits"]["example.com/gpu"] = "1".into();
    }
    resources
}

fn generated(random: &mut Random, namespace: &str, name: &str) -> Value {
    let containers: Vec<Value> =
        (0..random.range(1, 4)).map(|n| container(&format!("c{n}"), resources(random))).collect();
    let init: Vec<Value> = (0..random.range(0, 4))
        .map(|n| {
            let mut container = container(&format!("i{n}"), resources(random));
            if random.percent(50) {
                container["restartPolicy"] = "Always".into();
            }
            container
        })
        .collect();
    let mut spec = json!({"containers": containers, "initContainers": init});
    if random.percent(25) {
        spec["resources"] = json!({"requests": {"cpu": "12"}, "limits": {"cpu": "20", "memory": "20Gi"}});
    }
    if random.percent(30) {
        spec["activeDeadlineSeconds"] = json!(3600);
    }
    still(namespace, name, spec)
}

const KEYS: [&str; 8] = [
    "requests.cpu",
    "limits.cpu",
    "requests.memory",
    "limits.memory",
    "requests.ephemeral-storage",
    "requests.example.com/gpu",
    "pods",
    "count/pods",
];

#[test]
fn the_sum_is_what_the_quota_is_charged() {
    let plane = ControlPlane::shared();
    let mut random = random("the_sum_is_what_the_quota_is_charged");
    let namespace = plane.namespace("explain");
    for n in 0..40 {
        let pod = generated(&mut random, &namespace, &format!("p{n}"));
        plane.create(&pod).unwrap_or_else(|error| panic!("{error}: {pod}"));
    }
    // Made afterwards, they refuse nothing: not every container says everything.
    let plenty: Value =
        KEYS.iter().map(|key| ((*key).to_owned(), json!("1000Gi"))).collect::<serde_json::Map<_, _>>().into();
    let all = quota(&namespace, "all", plenty);
    let mut short = quota(&namespace, "short", json!({"requests.cpu": "1000", "pods": "1000"}));
    short["spec"]["scopes"] = json!(["Terminating"]);
    enforced(&all);
    enforced(&short);
    let used = |quota: &Value, key: &str| {
        let live = plane.api().get(&plane.path_of(quota).unwrap()).unwrap();
        amount(&live["status"]["used"][key])
    };
    for key in KEYS {
        let answer = quota_usage(&namespace, &["explain", key, "-o", "json"]).success().json();
        let section = &answer["sections"][0];
        assert_eq!(amount(&section["sum"]), used(&all, key), "{key}");
        let parts: Quantity = items(&section["workloads"])
            .iter()
            .flat_map(|workload| items(&workload["objects"]))
            .map(|object| amount(&object["amount"]))
            .sum();
        assert_eq!(amount(&section["sum"]), parts, "{key}");
        for beside in items(&section["quotas"]) {
            assert_eq!(beside["used"], beside["counted"], "{key}: {beside}");
        }
    }
    let cpu = quota_usage(&namespace, &["explain", "cpu", "-o", "json"]).success().json();
    let beside = items(&cpu["sections"][0]["quotas"]);
    let short_beside = beside.iter().find(|beside| beside["quota"] == "short").unwrap();
    assert_eq!(amount(&short_beside["counted"]), used(&short, "requests.cpu"));
    assert!(short_beside["outOfScope"].as_u64().unwrap() > 0, "{short_beside}");
}

#[test]
fn pods_stand_below_their_workload_and_ended_ones_apart() {
    let plane = ControlPlane::shared();
    let namespace = plane.namespace("tree");
    enforced(&quota(&namespace, "q", json!({"requests.cpu": "4", "pods": "20"})));
    let spec = json!({"containers": [container("app", json!({"requests": {"cpu": "100m"}}))]});
    plane.create(&crate::shop::deployment(&namespace, "web", 2, json!({}), spec.clone())).unwrap();
    let mut job = json!({"apiVersion": "batch/v1", "kind": "CronJob", "metadata": {"name": "nightly", "namespace": namespace},
        "spec": {"schedule": "0 0 1 1 *", "jobTemplate": {"spec": {"template": {"spec": spec}}}}});
    job["spec"]["jobTemplate"]["spec"]["template"]["spec"]["restartPolicy"] = "Never".into();
    job["spec"]["jobTemplate"]["spec"]["template"]["spec"]["schedulerName"] = "nobody".into();
    plane.create(&job).unwrap();
    plane.kubectl(&["create", "job", "-n", &namespace, "--from=cronjob/nightly", "tonight"]);
    let mut done =
        pod(&namespace, "done", json!({"containers": [container("app", json!({"requests": {"cpu": "1"}}))]}));
    done["spec"]["schedulerName"] = "nobody".into();
    let done = plane.create(&done).unwrap();
    plane.write_status(&done, &json!({"phase": "Succeeded"})).unwrap();

    let section = eventually(LONG, "all pods are there", || {
        let answer = quota_usage(&namespace, &["explain", "cpu", "-o", "json"]).success().json();
        let section = answer["sections"][0].clone();
        (section["sum"] == "300m" && items(&section["uncharged"]).len() == 1).then_some(section)
    });
    let owners: Vec<(String, String)> = items(&section["workloads"])
        .iter()
        .map(|share| (text(&share["owner"]).to_owned(), text(&share["amount"]).to_owned()))
        .collect();
    let expected = [("Deployment/web", "200m"), ("CronJob/nightly", "100m")];
    assert_eq!(owners, expected.map(|(owner, amount)| (owner.to_owned(), amount.to_owned())));
    assert_eq!(section["uncharged"][0]["why"], "it has succeeded");
    let table = quota_usage(&namespace, &["explain", "cpu"]).success().stdout;
    assert!(table.starts_with(&format!("requests.cpu in namespace {namespace}: 300m\n")), "{table}");
    assert!(table.contains("= app 100m"), "{table}");
}

#[test]
fn what_no_quota_counts_is_an_error() {
    let run = quota_usage("default", &["explain", "count/deployments"]).exits(1);
    assert!(run.stderr.starts_with("error: no quota counts anything by \"count/deployments\""), "{run}");
}

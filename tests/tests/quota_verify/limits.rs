//! What LimitRanges make of a pod is what a dry run of the API server makes of it.

use bytes::Bytes;
use http::Method;
use passmuster::quota::fit::{Classes, LimitRange, admitted};
use passmuster_tests::{ControlPlane, population::Random};
use serde_json::{Value, json};

use crate::{
    random,
    shop::{container, pod},
    text,
};

fn amounts(random: &mut Random, percent: usize) -> Value {
    let mut list = json!({});
    for (name, amounts) in
        [("cpu", ["50m", "100m", "0.5", "2"]), ("memory", ["16Mi", "0.1Gi", "100M", "1Gi"])]
    {
        if random.percent(percent) {
            list[name] = random.choose(&amounts).into();
        }
    }
    list
}

fn resources(random: &mut Random) -> Value {
    let mut resources = json!({"requests": amounts(random, 50), "limits": amounts(random, 50)});
    // The server refuses a request above its limit before anything that is compared here.
    let above = |name: &str| {
        let amount = |list: &str| {
            resources[list][name].as_str().map(|text| text.parse::<passmuster::quantity::Quantity>().unwrap())
        };
        matches!((amount("requests"), amount("limits")), (Some(request), Some(limit)) if request > limit)
    };
    for name in ["cpu", "memory"] {
        if above(name) {
            return json!({});
        }
    }
    if random.percent(20) {
        resources["requests"] = Value::Null;
    }
    resources
}

fn range(random: &mut Random, namespace: &str, name: &str) -> Value {
    let mut item = json!({"type": if random.percent(70) { "Container" } else { "Pod" }});
    let container = item["type"] == "Container";
    if random.percent(40) {
        item["max"] = json!({"cpu": "1", "memory": "512Mi"});
    }
    if random.percent(40) {
        item["min"] = json!({"cpu": "60m"});
    }
    if random.percent(30) {
        item["maxLimitRequestRatio"] = json!({"cpu": random.choose(&["2", "1.5", "3"])});
    }
    if container && random.percent(50) {
        item["default"] = json!({"cpu": "1", "memory": "256Mi"});
    }
    if container && random.percent(50) {
        item["defaultRequest"] = json!({"cpu": "100m"});
    }
    json!({"apiVersion": "v1", "kind": "LimitRange", "metadata": {"name": name, "namespace": namespace},
        "spec": {"limits": [item]}})
}

fn generated(random: &mut Random, namespace: &str) -> Value {
    let containers: Vec<Value> =
        (0..random.range(1, 3)).map(|n| container(&format!("c{n}"), resources(random))).collect();
    let init: Vec<Value> = (0..random.range(0, 2))
        .map(|n| {
            let mut container = container(&format!("i{n}"), resources(random));
            if random.percent(50) {
                container["restartPolicy"] = "Always".into();
            }
            container
        })
        .collect();
    let mut spec = json!({"containers": containers, "initContainers": init});
    if random.percent(20) {
        spec["resources"] = json!({"limits": {"cpu": "8", "memory": "8Gi"}});
    }
    pod(namespace, "p", spec)
}

/// Resources of all containers and of the pod, with amounts as Kubernetes writes them.
fn told(pod: &Value) -> Value {
    let list = |value: &Value, which: &str| -> Value {
        let entries = value["resources"][which].as_object().into_iter().flatten();
        let canonical =
            |value: &Value| serde_json::from_value::<passmuster::quantity::Quantity>(value.clone()).unwrap();
        entries
            .map(|(name, value)| (name.clone(), json!(canonical(value).to_string())))
            .collect::<serde_json::Map<_, _>>()
            .into()
    };
    let both = |value: &Value| json!({"requests": list(value, "requests"), "limits": list(value, "limits")});
    let all = |field: &str| -> Vec<Value> {
        pod["spec"][field].as_array().into_iter().flatten().map(both).collect()
    };
    json!({"pod": both(&pod["spec"]), "init": all("initContainers"), "containers": all("containers")})
}

/// The words of a message, in no order: the server goes through its maps in none.
fn words(message: &str) -> Vec<String> {
    let mut words: Vec<String> =
        message.split_whitespace().map(|word| word.trim_matches(['[', ']', ',']).to_owned()).collect();
    words.sort();
    words
}

#[test]
fn limit_ranges_do_what_the_server_does() {
    let plane = ControlPlane::shared();
    let mut random = random("limit_ranges_do_what_the_server_does");
    let (mut let_in, mut refused) = (0, 0);
    for n in 0..16 {
        let namespace = plane.namespace("limits");
        // One is enough to be compared: the server takes several in no particular order.
        let range = plane.create(&range(&mut random, &namespace, "r")).unwrap();
        for _ in 0..12 {
            let mut pod = generated(&mut random, &namespace);
            let path = format!("/api/v1/namespaces/{namespace}/pods?dryRun=All");
            let body = Bytes::from(pod.to_string());
            let headers = [("content-type", "application/json")];
            let answer = plane.api().send(&Method::POST, &path, &headers, body).unwrap();
            let asked = pod.clone();
            let ours = admitted(&[LimitRange::read(&range)], &Classes::default(), &mut pod);
            let theirs = answer.json();
            if answer.status < 300 {
                let_in += 1;
                assert_eq!(ours, Ok(()), "{n}: {asked}\n{range}");
                assert_eq!(told(&pod), told(&theirs), "{n}: {asked}\n{range}");
                continue;
            }
            let message = text(&theirs["message"]).to_owned();
            let said = message
                .strip_prefix("pods \"p\" is forbidden: ")
                .or_else(|| message.strip_prefix("Pod \"p\" is invalid: "))
                .unwrap_or_else(|| panic!("{theirs}"));
            refused += 1;
            let ours = ours.expect_err(said);
            // Repeated errors are told once by them, in whatever order.
            assert_eq!(words(&ours), words(said), "{n}: {asked}\n{range}");
        }
    }
    assert!(
        let_in > 20 && refused > 20,
        "{let_in} were let in and {refused} refused: nothing much was compared"
    );
}

//! Whether it fits is what really happens.

use passmuster_tests::{ControlPlane, eventually, population::Random};
use serde_json::{Value, json};

use crate::{
    LONG, items, quota_usage, random,
    shop::{container, deployment, enforced, quota},
    text, with_input,
};

/// What the API server says of a replica set that gets no further; nothing when it has all its pods.
pub(crate) fn outcome(namespace: &str, name: &str, wanted: usize) -> (usize, Option<String>) {
    let plane = ControlPlane::shared();
    eventually(LONG, "a deployment has all its pods, or says why not", || {
        let list = plane.api().get(&format!("/apis/apps/v1/namespaces/{namespace}/replicasets")).ok()?;
        let sets = items(&list["items"]);
        let of = |set: &&Value| {
            text(&set["metadata"]["ownerReferences"][0]["name"]) == name && set["spec"]["replicas"] != 0
        };
        let set = sets.iter().filter(of).max_by_key(|set| revision(set))?;
        // A conflict is no answer; it is tried again.
        let said = |message: &str| message.contains(" is forbidden: ") || message.contains(" is invalid: ");
        let refused = |one: &Value| one["type"] == "ReplicaFailure" && said(text(&one["message"]));
        let failed = items(&set["status"]["conditions"]).into_iter().find(refused);
        // The status lags behind.
        let pods = items(&plane.api().get(&format!("/api/v1/namespaces/{namespace}/pods")).ok()?["items"]);
        let of_set = |pod: &&Value| pod["metadata"]["ownerReferences"][0]["uid"] == set["metadata"]["uid"];
        let there = pods.iter().filter(of_set).count();
        let observed = set["status"]["observedGeneration"] == set["metadata"]["generation"];
        match failed {
            Some(failed) => Some((there, Some(text(&failed["message"]).to_owned()))),
            None if there == wanted && observed => Some((there, None)),
            None => None,
        }
    })
}

pub(crate) fn revision(set: &Value) -> u64 {
    text(&set["metadata"]["annotations"]["deployment.kubernetes.io/revision"]).parse().unwrap_or_default()
}

/// The part of a message that says why.
pub(crate) fn why(message: &str) -> &str {
    let cut = [" is forbidden: ", " is invalid: "].into_iter().find_map(|end| message.split_once(end));
    cut.map_or(message, |(_, why)| why)
}

/// The stage of the first object.
pub(crate) fn stage<'a>(answer: &'a Value, name: &str) -> &'a Value {
    let stages = answer["objects"][0]["stages"].as_array().unwrap_or_else(|| panic!("{answer}"));
    stages.iter().find(|stage| stage["stage"] == name).unwrap_or_else(|| panic!("no stage {name}: {answer}"))
}

struct Case {
    namespace: String,
    object: Value,
    wanted: usize,
    predicted: Value,
}

fn generated(random: &mut Random) -> Case {
    let plane = ControlPlane::shared();
    let namespace = plane.namespace("fit");
    if random.percent(40) {
        let mut item =
            json!({"type": "Container", "defaultRequest": {"cpu": "50m"}, "default": {"memory": "64Mi"}});
        if random.percent(30) {
            item["max"] = json!({"cpu": "700m", "memory": "1Gi"});
        }
        plane
            .create(&json!({"apiVersion": "v1", "kind": "LimitRange", "metadata": {"name": "r", "namespace": namespace},
                "spec": {"limits": [item]}}))
            .unwrap();
    }
    let mut hard = json!({});
    let keys = [
        ("requests.cpu", ["500m", "1", "1500m", "3"]),
        ("limits.memory", ["256Mi", "1Gi", "512Mi", "1536Mi"]),
        ("requests.memory", ["200M", "1Gi", "300Mi", "2Gi"]),
        ("pods", ["2", "4", "7", "20"]),
        ("count/replicasets.apps", ["1", "0", "5", "9"]),
    ];
    for (key, amounts) in keys {
        if random.percent(35) {
            hard[key] = random.choose(&amounts).into();
        }
    }
    if hard.as_object().is_some_and(|hard| !hard.is_empty()) {
        enforced(&quota(&namespace, "first", hard));
    }
    if random.percent(30) {
        let mut scoped = quota(&namespace, "second", json!({"pods": random.choose(&["1", "3", "6"])}));
        scoped["spec"]["scopes"] =
            json!([random.choose(&["NotTerminating", "Terminating", "BestEffort", "NotBestEffort"])]);
        enforced(&scoped);
    }
    let mut containers = Vec::new();
    for c in 0..random.range(1, 3) {
        let mut resources = json!({"requests": {}, "limits": {}});
        if random.percent(75) {
            resources["requests"]["cpu"] = random.choose(&["100m", "150m", "0.4"]).into();
        }
        if random.percent(75) {
            resources["requests"]["memory"] = random.choose(&["32Mi", "100M"]).into();
        }
        if random.percent(60) {
            resources["limits"]["memory"] = random.choose(&["128Mi", "200Mi"]).into();
        }
        if random.percent(20) {
            resources["limits"]["cpu"] = "800m".into();
        }
        containers.push(container(&format!("c{c}"), resources));
    }
    let wanted = random.range(1, 9);
    let object =
        deployment(&namespace, "web", wanted, json!({"type": "Recreate"}), json!({"containers": containers}));
    let run = with_input(&namespace, &["fit", "-f", "-", "-o", "json"], &object.to_string()).success();
    Case { namespace, object, wanted, predicted: run.json() }
}

#[test]
fn what_is_predicted_happens() {
    let plane = ControlPlane::shared();
    let mut random = random("what_is_predicted_happens");
    let cases: Vec<Case> = (0..24).map(|_| generated(&mut random)).collect();
    for case in &cases {
        plane.create(&case.object).unwrap();
    }
    let (mut fits, mut breaks) = (0, 0);
    for Case { namespace, object, wanted, predicted } in &cases {
        let now = stage(predicted, "now");
        if now["refusal"]["quota"] == "first" && now["refusal"]["replica"].is_null() {
            // Not even the replica set comes; the deployment says so.
            let path = plane.path_of(object).unwrap();
            let message = eventually(LONG, "the deployment says why it has no replica set", || {
                let live = plane.api().get(&path).ok()?;
                let conditions = items(&live["status"]["conditions"]);
                let failed = conditions.iter().find(|one| {
                    one["type"] == "ReplicaFailure" || one["reason"] == "ReplicaSetCreateError"
                })?;
                Some(text(&failed["message"]).to_owned())
            });
            assert_eq!(why(&message), text(&now["refusal"]["message"]), "{predicted}");
            breaks += 1;
            continue;
        }
        let (there, failed) = outcome(namespace, "web", *wanted);
        assert_eq!(json!(there), now["admitted"], "{namespace}: {failed:?}\n{predicted}\n{object}");
        match failed {
            None => {
                assert_eq!(now["fits"], true, "{predicted}");
                fits += 1;
            }
            Some(message) => {
                let refusal = &now["refusal"];
                let mut expected = vec![text(&refusal["message"]).to_owned()];
                expected.extend(items(&refusal["others"]).iter().map(|other| text(other).to_owned()));
                assert!(expected.iter().any(|one| one == why(&message)), "{message}\n{expected:?}");
                breaks += 1;
            }
        }
    }
    println!("{fits} fitted and {breaks} did not");
    assert!(fits > 3 && breaks > 3, "{fits} fitted and {breaks} did not: nothing much was compared");
}

#[test]
fn scaling_what_runs() {
    let plane = ControlPlane::shared();
    let namespace = plane.namespace("scale");
    enforced(&quota(&namespace, "q", json!({"requests.cpu": "1", "pods": "20"})));
    let spec = json!({"containers": [container("app", json!({"requests": {"cpu": "150m"}}))]});
    plane.create(&deployment(&namespace, "web", 3, json!({"type": "Recreate"}), spec)).unwrap();
    assert_eq!(outcome(&namespace, "web", 3), (3, None));
    let fit = |replicas: &str, code| {
        quota_usage(&namespace, &["fit", "deploy/web", "--replicas", replicas, "-o", "json", "--exit-code"])
            .exits(code)
            .json()
    };
    let five = fit("5", 0);
    assert_eq!((&five["fits"], &five["objects"][0]["existing"]), (&json!(true), &json!(3)));
    let eight = fit("8", 3);
    assert_eq!(eight["first"]["replica"], 7);
    assert_eq!(
        eight["first"]["message"],
        "exceeded quota: q, requested: requests.cpu=150m, used: requests.cpu=900m, limited: requests.cpu=1"
    );
    plane.kubectl(&["scale", "-n", &namespace, "deploy/web", "--replicas=8"]);
    let (there, message) = eventually(LONG, "the deployment gets no further", || {
        let (there, message) = outcome(&namespace, "web", 8);
        (there == 6).then_some((there, message))
    });
    assert_eq!((there, message.as_deref().map(why)), (6, eight["first"]["message"].as_str()));
    let table = quota_usage(&namespace, &["fit", "deploy/web", "--replicas", "8"]).success().stdout;
    assert!(table.starts_with("does not fit: Deployment.apps/"), "{table}");
    assert!(table.contains("breaks at replica 7 (now) by quota q: exceeded quota: q"), "{table}");
}

#[test]
fn autoscaling_at_its_maximum() {
    let plane = ControlPlane::shared();
    let namespace = plane.namespace("autoscaled");
    enforced(&quota(&namespace, "q", json!({"pods": "5"})));
    let manifests = json!({"apiVersion": "v1", "kind": "List", "items": [
        deployment(&namespace, "web", 2, json!({}), json!({"containers": [container("app", json!({}))]})),
        {"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "metadata": {"name": "web", "namespace": namespace},
            "spec": {"minReplicas": 2, "maxReplicas": 8, "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}}},
    ]});
    let predicted =
        with_input(&namespace, &["fit", "-f", "-", "-o", "json"], &manifests.to_string()).success().json();
    assert_eq!(stage(&predicted, "now")["fits"], true);
    assert_eq!(stage(&predicted, "rollout")["fits"], true);
    let most = stage(&predicted, "autoscaled");
    assert_eq!(
        (&most["wanted"], &most["admitted"], &most["refusal"]["replica"]),
        (&json!(8), &json!(5), &json!(6))
    );
    assert_eq!(
        predicted["first"]["message"],
        "exceeded quota: q, requested: pods=1, used: pods=5, limited: pods=5"
    );
}

#[test]
fn files_alone_have_their_own_quotas() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("all.yaml");
    let manifests = json!({"apiVersion": "v1", "kind": "List", "items": [
        quota("shop", "q", json!({"pods": "2"})),
        deployment("shop", "web", 3, json!({}), json!({"containers": [container("app", json!({}))]})),
    ]});
    std::fs::write(&file, manifests.to_string()).unwrap();
    let plugin = || passmuster_tests::Plugin::new("kubectl-quota-usage").args(["fit", "-f"]).arg(&file);
    let answer = plugin().args(["--local", "-o", "json", "--exit-code"]).run().exits(3).json();
    assert_eq!(answer["first"]["replica"], 3);
    let nobody = plugin().args(["-o", "json", "--server", "https://127.0.0.1:1"]).run().success().json();
    assert_eq!(nobody["first"], answer["first"]);
    assert!(text(&nobody["notes"][0]).starts_with("no cluster was asked"), "{nobody}");
}

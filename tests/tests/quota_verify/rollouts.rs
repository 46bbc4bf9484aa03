//! A rollout goes as it was foreseen.

use passmuster_tests::{ControlPlane, eventually};
use serde_json::{Value, json};

use crate::{
    LONG,
    fitting::{outcome, stage, why},
    items,
    shop::{container, deployment, enforced, quota},
    text, with_input,
};

fn web(namespace: &str, strategy: &Value, cpu: &str, image: &str) -> Value {
    let mut container = container("app", json!({"requests": {"cpu": cpu}}));
    container["image"] = image.into();
    deployment(namespace, "web", 4, strategy.clone(), json!({"containers": [container]}))
}

/// Makes a deployment of four pods with 100m each under a quota, then foresees a change of it and makes it.
fn rolled(limit: &str, strategy: Value, cpu: &str) -> (String, Value) {
    let plane = ControlPlane::shared();
    let namespace = plane.namespace("rollout");
    enforced(&quota(&namespace, "q", json!({"requests.cpu": limit})));
    let before = web(&namespace, &strategy, "100m", "example.com/app:1");
    plane.apply(&before.to_string());
    assert_eq!(outcome(&namespace, "web", 4), (4, None));
    let path = plane.path_of(&before).unwrap();
    eventually(LONG, "the deployment is available", || {
        (plane.api().get(&path).ok()?["status"]["availableReplicas"] == 4).then_some(())
    });
    let after = web(&namespace, &strategy, cpu, "example.com/app:2");
    let predicted =
        with_input(&namespace, &["fit", "-f", "-", "-o", "json"], &after.to_string()).success().json();
    plane.apply(&after.to_string());
    (namespace, predicted)
}

fn new_set(namespace: &str) -> Option<Value> {
    let list = ControlPlane::shared()
        .api()
        .get(&format!("/apis/apps/v1/namespaces/{namespace}/replicasets"))
        .ok()?;
    items(&list["items"]).into_iter().find(|set| crate::fitting::revision(set) == 2)
}

#[test]
fn a_rollout_that_stops() {
    let (namespace, predicted) =
        rolled("450m", json!({"rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}), "100m");
    let now = stage(&predicted, "now");
    assert_eq!((&now["admitted"], &now["goesOn"]), (&json!(0), &json!(false)), "{predicted}");
    let message = eventually(LONG, "the rollout stops", || {
        let set = new_set(&namespace)?;
        let failed =
            items(&set["status"]["conditions"]).into_iter().find(|one| one["type"] == "ReplicaFailure")?;
        Some(text(&failed["message"]).to_owned())
    });
    assert_eq!(why(&message), text(&now["refusal"]["message"]));
    assert_eq!(new_set(&namespace).unwrap()["status"]["replicas"], 0);
}

#[test]
fn a_rollout_that_makes_room_for_itself() {
    let (namespace, predicted) =
        rolled("450m", json!({"rollingUpdate": {"maxSurge": 1, "maxUnavailable": 1}}), "100m");
    let now = stage(&predicted, "now");
    assert_eq!((&now["admitted"], &now["goesOn"]), (&json!(4), &json!(true)), "{predicted}");
    let mut looks = 0;
    eventually(LONG * 5, "the rollout ends", || {
        let set = new_set(&namespace)?;
        // Each pod that is refused makes the controller wait twice as long, up to a quarter of an hour; at a set that
        // has changed it looks at once.
        looks += 1;
        let (name, look) = (text(&set["metadata"]["name"]), format!("example.com/look={looks}"));
        ControlPlane::shared().kubectl(&[
            "annotate",
            "-n",
            &namespace,
            "--overwrite",
            "replicaset",
            name,
            &look,
        ]);
        (set["status"]["readyReplicas"] == 4).then_some(())
    });
}

#[test]
fn a_rollout_that_has_room() {
    let (namespace, predicted) =
        rolled("600m", json!({"rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}), "120m");
    let now = stage(&predicted, "now");
    assert_eq!((&now["admitted"], &now["fits"]), (&json!(4), &json!(true)), "{predicted}");
    assert_eq!(stage(&predicted, "rollout")["fits"], true, "480m and 120m more");
    eventually(LONG, "the rollout ends", || {
        (new_set(&namespace)?["status"]["readyReplicas"] == 4).then_some(())
    });
}

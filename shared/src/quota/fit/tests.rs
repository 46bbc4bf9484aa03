#![expect(clippy::needless_pass_by_value, reason = "json! only borrows, and tables read better by value")]

use serde_json::json;

use super::*;
use crate::model::{builtin_kinds::builtin, decode};

fn quota(name: &str, hard: Value, used: Value) -> ResourceQuota {
    let status = json!({"hard": hard, "used": used});
    decode::from_json(
        json!({"metadata": {"name": name, "namespace": "shop"}, "spec": {"hard": hard}, "status": status}),
    )
    .unwrap()
}

fn deployment(replicas: u32, cpu: &str, strategy: Value) -> Value {
    let container = json!({"name": "c", "image": "i", "resources": {"requests": {"cpu": cpu}}});
    json!({
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "shop"},
        "spec": {"replicas": replicas, "strategy": strategy, "template": {"spec": {"containers": [container]}}},
    })
}

fn pods(count: usize, cpu: &str) -> Vec<Charged> {
    let pod = |n: usize| {
        let owner = json!({"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "web-1", "uid": "r", "controller": true});
        let container = json!({"name": "c", "resources": {"requests": {"cpu": cpu}}});
        let metadata = json!({"name": format!("web-1-{n}"), "namespace": "shop", "labels": {"pod-template-hash": "1"},
            "ownerReferences": [owner]});
        let pod = json!({"metadata": metadata, "spec": {"containers": [container]}});
        Charged::from_json(builtin().by_kind("", "Pod").unwrap(), pod).unwrap()
    };
    (0..count).map(pod).collect()
}

fn world<'a>(
    quotas: &[ResourceQuota],
    objects: &'a [Charged],
    devices: &'a Devices,
    owners: &'a Owners,
) -> World<'a> {
    let now = Time { seconds: 1_800_000_000, nanos: 0 };
    World {
        accounts: accounts(quotas, objects, devices, now),
        objects,
        devices,
        limit_ranges: Vec::new(),
        classes: Classes::default(),
        owners,
        room: None,
        types: builtin(),
        now,
    }
}

fn wanted(object: Value, live: Option<Value>) -> Vec<Wanted> {
    vec![Wanted { object, live, autoscaler: None }]
}

fn fitted(quotas: &[ResourceQuota], objects: &[Charged], wanted: &[Wanted]) -> QuotaFit {
    fit(&world(quotas, objects, &Devices::default(), &Owners::default()), wanted)
}

fn stages(fit: &QuotaFit) -> Vec<(&'static str, u32, u32, bool)> {
    let all = fit.objects.iter().flat_map(|object| &object.stages);
    all.map(|stage| (stage.stage.name(), stage.admitted, stage.wanted, stage.fits)).collect()
}

#[test]
fn the_replica_that_breaks_the_quota() {
    let quotas = [quota("q", json!({"requests.cpu": "1"}), json!({"requests.cpu": "250m"}))];
    let found = fitted(&quotas, &[], &wanted(deployment(5, "200m", json!({})), None));
    assert_eq!(stages(&found)[0], ("now", 3, 5, false));
    let first = found.first.unwrap();
    assert_eq!(first.refusal.replica, Some(4));
    assert_eq!(
        first.refusal.message,
        "exceeded quota: q, requested: requests.cpu=200m, used: requests.cpu=850m, limited: requests.cpu=1"
    );
    assert_eq!(found.quotas[0].now, "1250m".parse().unwrap());
}

#[test]
fn surge_is_what_a_rollout_takes_on_top() {
    let quotas = [quota("q", json!({"pods": "10"}), json!({"pods": "0"}))];
    let found = |replicas, strategy| fitted(&quotas, &[], &wanted(deployment(replicas, "1", strategy), None));
    assert_eq!(stages(&found(8, json!({}))), [("now", 8, 8, true), ("rollout", 10, 10, true)]);
    let slow = found(9, json!({}));
    assert_eq!(stages(&slow), [("now", 9, 9, true), ("rollout", 10, 12, false)]);
    assert_eq!(slow.objects[0].stages[1].goes_on, Some(true));
    let stuck = found(10, json!({"rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}));
    assert_eq!(stages(&stuck), [("now", 10, 10, true), ("rollout", 10, 11, false)]);
    assert_eq!(stuck.objects[0].stages[1].goes_on, Some(false));
    assert_eq!(stages(&found(10, json!({"type": "Recreate"}))), [("now", 10, 10, true)]);
}

#[test]
fn what_runs_already_is_not_charged_twice() {
    let quotas = [quota("q", json!({"pods": "10"}), json!({"pods": "6"}))];
    let objects = pods(6, "1");
    let grown = fitted(
        &quotas,
        &objects,
        &wanted(deployment(9, "1", json!({})), Some(deployment(6, "1", json!({})))),
    );
    assert_eq!((grown.objects[0].existing, stages(&grown)[0]), (6, ("now", 9, 9, true)));
    let less = fitted(
        &quotas,
        &objects,
        &wanted(deployment(2, "1", json!({})), Some(deployment(6, "1", json!({})))),
    );
    assert_eq!((stages(&less)[0], less.quotas[0].now), (("now", 2, 2, true), "2".parse().unwrap()));
}

#[test]
fn a_changed_template_replaces_pods_as_the_strategy_says() {
    let quotas = [quota("q", json!({"requests.cpu": "7"}), json!({"requests.cpu": "6"}))];
    let objects = pods(6, "1");
    let changed = |strategy: Value, cpu| {
        let live = deployment(6, "1", strategy.clone());
        fitted(&quotas, &objects, &wanted(deployment(6, cpu, strategy), Some(live)))
    };
    let rolling = json!({"rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}});
    let fits = changed(rolling.clone(), "1000m");
    assert_eq!(stages(&fits)[0], ("now", 6, 6, true), "the same, written differently");
    let smaller = changed(rolling.clone(), "900m");
    assert_eq!(stages(&smaller)[0], ("now", 6, 6, true));
    let larger = changed(rolling, "1100m");
    assert_eq!(
        (stages(&larger)[0], larger.objects[0].stages[0].goes_on),
        (("now", 0, 6, false), Some(false))
    );
    let down_first = changed(json!({"rollingUpdate": {"maxSurge": 0, "maxUnavailable": 1}}), "1100m");
    assert_eq!(stages(&down_first)[0], ("now", 6, 6, true));
    assert_eq!(stages(&changed(json!({"type": "Recreate"}), "1200m"))[0], ("now", 5, 6, false));
}

#[test]
fn autoscaling_may_ask_for_more() {
    let quotas = [quota("q", json!({"pods": "4"}), json!({"pods": "0"}))];
    let mut all = wanted(deployment(2, "1", json!({"type": "Recreate"})), None);
    let scaler = json!({"kind": "HorizontalPodAutoscaler", "metadata": {"name": "h", "namespace": "shop"},
        "spec": {"maxReplicas": 5, "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}}});
    all[0].autoscaler = Autoscaler::read(&scaler);
    let found = fitted(&quotas, &[], &all);
    assert_eq!(stages(&found), [("now", 2, 2, true), ("autoscaled", 4, 5, false)]);
    assert_eq!(found.first.unwrap().stage, Stage::Autoscaled);
}

#[test]
fn containers_must_say_what_a_quota_wants_unless_a_limit_range_does() {
    let quotas = [quota("q", json!({"limits.memory": "1Gi"}), json!({"limits.memory": "0"}))];
    let object = deployment(1, "1", json!({}));
    let refused = fitted(&quotas, &[], &wanted(object.clone(), None)).first.unwrap().refusal;
    assert_eq!(refused.message, "failed quota: q: must specify limits.memory for: c");
    let (devices, owners) = (Devices::default(), Owners::default());
    let mut world = world(&quotas, &[], &devices, &owners);
    let range = json!({"metadata": {"namespace": "shop"}, "spec": {"limits": [{"type": "Container", "default": {"memory": "1Gi"}}]}});
    world.limit_ranges = vec![LimitRange::read(&range)];
    let found = fit(&world, &wanted(object, None));
    assert_eq!(stages(&found), [("now", 1, 1, true), ("rollout", 1, 2, false)]);
}

#[test]
fn nodes_take_what_they_have_room_for() {
    let node: RoomyNode = decode::from_json(
        json!({"metadata": {"name": "n"}, "status": {"allocatable": {"cpu": "4", "pods": "110"}}}),
    )
    .unwrap();
    let (devices, owners) = (Devices::default(), Owners::default());
    let mut world = world(&[], &[], &devices, &owners);
    world.room = Some(Room::new(&[node], [], world.now));
    let found = fit(&world, &wanted(deployment(3, "1", json!({"type": "Recreate"})), None));
    assert_eq!(found.objects[0].nodes, Some(Placed { wanted: 3, placed: 3, more: 1 }));
    assert!(found.fits);
    let found = fit(&world, &wanted(deployment(5, "1", json!({"type": "Recreate"})), None));
    assert!(!found.fits && found.first.is_none());
    let mut out = Vec::new();
    table(&found, &crate::report::Options::default(), &mut out).unwrap();
    assert!(String::from_utf8(out).unwrap().contains("room for 4 of 5, no more fit"));
}

/// That a document is what docs/schemas says.
fn conforms(document: &QuotaFit) {
    let schemas = crate::report::schema::schemas();
    let schema =
        schemas.iter().find(|(file, _)| *file == "quota-fit.json").map(|(_, schema)| schema).unwrap();
    let validator = jsonschema::validator_for(schema).unwrap();
    let value = serde_json::to_value(document).unwrap();
    let errors: Vec<String> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
    assert_eq!(errors, [""; 0], "{value}");
    assert!(!validator.is_valid(&json!({})));
    assert_eq!(&serde_json::from_value::<QuotaFit>(value).unwrap(), document, "it reads back as it was");
}

#[test]
fn documents_are_as_their_schema_says() {
    let quotas = [quota("q", json!({"requests.cpu": "1"}), json!({"requests.cpu": "250m"}))];
    conforms(&fitted(&quotas, &[], &wanted(deployment(5, "200m", json!({})), None)));
}

#[test]
fn as_many_replicas_as_anybody_may_ask_for() {
    let many = |hard: Value| {
        let quotas = [quota("q", hard.clone(), json!({"pods": "1", "requests.cpu": "0"}))];
        let mut object = deployment(u32::MAX, "1m", json!({"rollingUpdate": {"maxSurge": "900%"}}));
        object["spec"]["replicas"] = json!(u32::MAX);
        fitted(&quotas, &[], &wanted(object, None))
    };
    let found = many(json!({"pods": "3G", "requests.cpu": "1Gi"}));
    assert_eq!(found.first.unwrap().refusal.replica, Some(3_000_000_000));
    assert!(many(json!({"requests.cpu": "1Ei"})).fits);
}

#[test]
fn what_is_no_pod_is_told() {
    let quotas = [quota("q", json!({"pods": "3"}), json!({"pods": "0"}))];
    let found = fitted(&quotas, &[], &wanted(deployment(1, "much", json!({})), None));
    assert_eq!(found.skipped.len(), 1, "{found:?}");
    assert!(found.skipped[0].message.starts_with("pods \"web\" is not what it should be"), "{found:?}");
}

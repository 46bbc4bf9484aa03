#![expect(clippy::needless_pass_by_value, reason = "json! only borrows, and tables read better by value")]

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::*;
use crate::model::{builtin_kinds::builtin, decode, resource::Resource};

struct World {
    quotas: Vec<ResourceQuota>,
    objects: Vec<Charged>,
    names: Names,
}

fn quota(name: &str, spec: Value, status: Value) -> ResourceQuota {
    let metadata = json!({"name": name, "namespace": "shop", "creationTimestamp": "2026-01-01T00:00:00Z"});
    decode::from_json(json!({"metadata": metadata, "spec": spec, "status": status})).unwrap()
}

fn pod(name: &str, cpu: &str, more: Value) -> Charged {
    let mut metadata = json!({"name": name, "namespace": "shop"});
    for (key, value) in more["metadata"].as_object().into_iter().flatten() {
        metadata[key] = value.clone();
    }
    let container = json!({"name": "c", "resources": {"requests": {"cpu": cpu}}});
    let pod = json!({"metadata": metadata, "spec": {"containers": [container]}, "status": more["status"]});
    let resource = builtin().by_kind("", "Pod").unwrap();
    Charged::from_json(resource, pod).unwrap()
}

impl World {
    fn of(quotas: Vec<ResourceQuota>, objects: Vec<Charged>) -> Self {
        Self { quotas, objects, names: Names::default() }
    }

    fn found(&self) -> Vec<Finding> {
        let complete: BTreeSet<String> = builtin().preferred().map(Resource::group_resource).collect();
        verify(&Evidence {
            quotas: &self.quotas,
            objects: &self.objects,
            devices: &Devices::default(),
            complete: &complete,
            types: builtin(),
            names: &self.names,
            now: Time { seconds: 1_800_000_000, nanos: 0 },
        })
    }

    fn problems(&self) -> Vec<(Problem, Option<String>)> {
        self.found().into_iter().map(|finding| (finding.problem, finding.resource)).collect()
    }
}

fn same(hard: Value, used: Value) -> ResourceQuota {
    quota("q", json!({"hard": hard.clone()}), json!({"hard": hard, "used": used}))
}

fn of(problem: Problem, resource: &str) -> (Problem, Option<String>) {
    (problem, Some(resource.to_owned()))
}

#[test]
fn what_adds_up_is_well() {
    let quota = same(json!({"requests.cpu": "2", "pods": "5"}), json!({"requests.cpu": "300m", "pods": "2"}));
    let world = World::of(vec![quota], vec![pod("a", "100m", json!({})), pod("b", "200m", json!({}))]);
    assert_eq!(world.found(), []);
}

#[test]
fn leaks_and_their_causes() {
    let quota = || same(json!({"requests.cpu": "2"}), json!({"requests.cpu": "300m"}));
    let alive = || pod("a", "100m", json!({}));
    let leak = World::of(vec![quota()], vec![alive()]);
    assert_eq!(leak.problems(), [of(Problem::Leak, "requests.cpu")]);
    let done = pod("b", "200m", json!({"status": {"phase": "Succeeded"}}));
    let ratchet = World::of(vec![quota()], vec![alive(), done]).found();
    assert_eq!(
        (ratchet[0].problem, &ratchet[0].objects[..]),
        (Problem::Ratchet, &["Pod/shop/b".to_owned()][..])
    );
    let gone = json!({"deletionTimestamp": "2026-01-01T00:00:00Z", "deletionGracePeriodSeconds": 30});
    let overdue =
        World::of(vec![quota()], vec![alive(), pod("b", "200m", json!({"metadata": gone}))]).found();
    assert_eq!(overdue[0].problem, Problem::Leak);
    assert!(overdue[0].cause.contains("grace period is over"), "{}", overdue[0].cause);
    let less = World::of(vec![quota()], vec![pod("a", "1", json!({}))]).found();
    assert_eq!((less[0].problem, less[0].counted), (Problem::UnderCount, Some("1".parse().unwrap())));
}

#[test]
fn quotas_that_enforce_nothing() {
    let never = quota("q", json!({"hard": {"pods": "1"}}), json!({}));
    assert_eq!(World::of(vec![never], Vec::new()).problems(), [(Problem::NeverSynced, None)]);
    let nothing = quota("q", json!({}), json!({}));
    assert_eq!(World::of(vec![nothing], Vec::new()).problems(), [(Problem::LimitsNothing, None)]);
    let stale = quota(
        "q",
        json!({"hard": {"pods": "1", "services": "2"}}),
        json!({"hard": {"pods": "9", "secrets": "1"}, "used": {"pods": "0"}}),
    );
    let expected = [
        of(Problem::Stale, "pods"),
        of(Problem::Stale, "secrets"),
        of(Problem::Stale, "services"),
        of(Problem::UsageUnknown, "secrets"),
    ];
    assert_eq!(World::of(vec![stale], Vec::new()).problems(), expected);
}

#[test]
fn keys_that_count_nothing() {
    let mut world = World::of(
        vec![same(
            json!({"count/deployments": "1", "nvidia.com/gpu": "1", "limits.nvidia.com/gpu": "1", "count/nodes": "1",
                "count/events": "1", "goldd.storageclass.storage.k8s.io/requests.storage": "1Gi", "example.com/x": "1",
                "count/widgets.example.com": "3"}),
            json!({}),
        )],
        Vec::new(),
    );
    world.names.storage_classes = Some(BTreeSet::from(["gold".to_owned()]));
    let found = world.found();
    let remedy = |key: &str| {
        let of = |finding: &&Finding| {
            finding.problem == Problem::UnknownKey && finding.resource.as_deref() == Some(key)
        };
        found.iter().find(of).map_or("", |finding| finding.remedy.as_str())
    };
    assert_eq!(
        remedy("count/deployments"),
        "write count/deployments.apps instead, or remove count/deployments"
    );
    assert_eq!(remedy("nvidia.com/gpu"), "write requests.nvidia.com/gpu instead, or remove nvidia.com/gpu");
    assert_eq!(
        remedy("limits.nvidia.com/gpu"),
        "write requests.nvidia.com/gpu instead, or remove limits.nvidia.com/gpu"
    );
    assert_eq!(remedy("count/nodes"), "remove count/nodes");
    assert_eq!(remedy("count/events"), "remove count/events");
    assert!(
        remedy("goldd.storageclass.storage.k8s.io/requests.storage").starts_with("write gold.storageclass")
    );
    assert!(remedy("count/widgets.example.com").starts_with("install what defines widgets.example.com"));
}

#[test]
fn scopes_that_nothing_matches() {
    let with = |spec: Value| {
        World::of(
            vec![quota(
                "q",
                spec.clone(),
                json!({"hard": spec["hard"], "used": {"pods": "0", "count/secrets": "0"}}),
            )],
            Vec::new(),
        )
    };
    let scoped = with(json!({"hard": {"pods": "1", "count/secrets": "1"}, "scopes": ["NotBestEffort"]}));
    assert_eq!(scoped.problems(), [of(Problem::UnmatchedScope, "count/secrets")]);
    let selector = |expressions: Value| json!({"hard": {"pods": "1"}, "scopeSelector": {"matchExpressions": expressions}});
    let none = with(selector(json!([
        {"scopeName": "PriorityClass", "operator": "In", "values": ["high"]},
        {"scopeName": "PriorityClass", "operator": "NotIn", "values": ["high", "low"]},
    ])));
    assert_eq!(none.problems(), [(Problem::UnmatchedScope, None)]);
    let mut missing =
        with(selector(json!([{"scopeName": "PriorityClass", "operator": "In", "values": ["high"]}])));
    assert_eq!(missing.problems(), []);
    missing.names.priority_classes = Some(BTreeSet::from(["low".to_owned()]));
    assert_eq!(missing.problems(), [(Problem::UnmatchedScope, None)]);
}

#[test]
fn of_two_quotas_one_is_pointless() {
    let named = |name: &str, hard: Value, scopes: Value| {
        let zero = json!({"requests.cpu": "0", "cpu": "0", "pods": "0"});
        quota(name, json!({"hard": hard.clone(), "scopes": scopes}), json!({"hard": hard, "used": zero}))
    };
    let small = || named("small", json!({"requests.cpu": "1", "pods": "5"}), json!([]));
    let large = named("large", json!({"cpu": "2"}), json!([]));
    let pointless = |quotas: Vec<ResourceQuota>| {
        let found = World::of(quotas, Vec::new()).found();
        found.into_iter().filter_map(|finding| finding.quota).collect::<Vec<_>>()
    };
    assert_eq!(pointless(vec![small(), large]), ["large"]);
    let scoped = named("scoped", json!({"pods": "5"}), json!(["BestEffort"]));
    assert_eq!(pointless(vec![small(), scoped]), ["scoped"], "it counts some of what the other counts");
    let tight = named("tight", json!({"pods": "2"}), json!(["BestEffort"]));
    assert_eq!(pointless(vec![small(), tight]), [""; 0]);
    let twin = named("twin", json!({"requests.cpu": "1", "pods": "5"}), json!([]));
    assert_eq!(pointless(vec![small(), twin]), ["twin"]);
}

#[test]
fn lowered_limits_and_pods_that_do_not_go() {
    let quota = same(json!({"requests.cpu": "200m"}), json!({"requests.cpu": "300m"}));
    let leaving = json!({"metadata": {"deletionTimestamp": "2027-01-15T07:00:00Z", "deletionGracePeriodSeconds": 7200}});
    let world = World::of(vec![quota], vec![pod("a", "300m", leaving)]);
    assert_eq!(world.problems(), [of(Problem::OverHard, "requests.cpu"), (Problem::Terminating, None)]);
}

/// That a document is what docs/schemas says.
fn conforms(document: &QuotaVerification) {
    let schemas = crate::report::schema::schemas();
    let schema = schemas
        .iter()
        .find(|(file, _)| *file == "quota-verification.json")
        .map(|(_, schema)| schema)
        .unwrap();
    let validator = jsonschema::validator_for(schema).unwrap();
    let value = serde_json::to_value(document).unwrap();
    let errors: Vec<String> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
    assert_eq!(errors, [""; 0], "{value}");
    assert!(!validator.is_valid(&json!({})));
    assert_eq!(
        &serde_json::from_value::<QuotaVerification>(value).unwrap(),
        document,
        "it reads back as it was"
    );
}

#[test]
fn documents_are_as_their_schema_says() {
    let quota =
        same(json!({"requests.cpu": "200m", "count/deployments": "1"}), json!({"requests.cpu": "300m"}));
    let found = World::of(vec![quota], vec![pod("a", "100m", json!({}))]).found();
    let entry = crate::quota::ClusterEntry { name: "c".to_owned(), ..crate::quota::ClusterEntry::default() };
    conforms(&QuotaVerification::new(Some("2026-01-01T00:00:00Z".to_owned()), vec![entry], 1, 0, found));
}

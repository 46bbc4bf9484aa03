#![expect(clippy::needless_pass_by_value, reason = "json! only borrows, and tables read better by value")]

use serde_json::{Value, json};

use super::*;
use crate::{
    model::{builtin_kinds::builtin, decode},
    report::Options,
};

fn pod(name: &str, spec: Value, more: Value) -> Charged {
    let mut metadata = json!({"name": name, "namespace": "shop"});
    for (key, value) in more["metadata"].as_object().into_iter().flatten() {
        metadata[key] = value.clone();
    }
    let pod = json!({"metadata": metadata, "spec": spec, "status": more["status"]});
    Charged::from_json(builtin().by_kind("", "Pod").unwrap(), pod).unwrap()
}

fn container(name: &str, cpu: &str) -> Value {
    json!({"name": name, "resources": {"requests": {"cpu": cpu}}})
}

fn set(name: &str, revision: &str) -> crate::model::ObjectMeta {
    let owner =
        json!({"apiVersion": "apps/v1", "kind": "Deployment", "name": "web", "uid": "d", "controller": true});
    serde_json::from_value(json!({"name": name, "namespace": "shop", "uid": name, "ownerReferences": [owner],
        "annotations": {"deployment.kubernetes.io/revision": revision}}))
    .unwrap()
}

fn owned(set: &str) -> Value {
    json!([{"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": set, "uid": set, "controller": true}])
}

fn shop() -> Vec<Charged> {
    let web = |name: &str, set: &str| {
        let spec = json!({"nodeName": "n", "containers": [container("app", "200m")],
            "initContainers": [{"name": "proxy", "restartPolicy": "Always", "resources": {"requests": {"cpu": "50m"}}}]});
        pod(name, spec, json!({"metadata": {"ownerReferences": owned(set)}}))
    };
    let mut objects: Vec<Charged> =
        ["a", "b", "c", "d"].iter().map(|n| web(&format!("web-2-{n}"), "web-2")).collect();
    objects.push(web("web-1-z", "web-1"));
    let migrate = json!({"initContainers": [container("migrate", "1")], "containers": [container("main", "100m")],
        "overhead": {"cpu": "10m"}});
    let gone = json!({"deletionTimestamp": "2027-01-15T08:00:00Z", "deletionGracePeriodSeconds": 30});
    objects.push(pod("tool", migrate.clone(), json!({"metadata": gone})));
    objects.push(pod("done", migrate, json!({"status": {"phase": "Succeeded"}})));
    objects
}

fn explained(objects: &[Charged], quotas: &[ResourceQuota], key: &str) -> Section {
    let sets = [set("web-1", "1"), set("web-2", "2")];
    let mut owners = Owners::default();
    for set in &sets {
        owners.learn(set);
    }
    let holdings = Holdings {
        objects,
        devices: &Devices::default(),
        owners: &owners,
        replaced: &Replaced::among(&sets),
        quotas,
        types: builtin(),
        now: Time { seconds: 1_800_000_000, nanos: 0 },
    };
    namespace(&holdings, "shop", key).unwrap()
}

fn text(section: Section) -> String {
    let mut out = Vec::new();
    table(&QuotaExplanation::new(None, "cpu", Vec::new(), vec![section]), &Options::default(), &mut out)
        .unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn the_tree() {
    let quota = |name: &str, spec: Value, used: &str| -> ResourceQuota {
        let metadata = json!({"name": name, "namespace": "shop"});
        decode::from_json(json!({"metadata": metadata, "spec": spec, "status": {"hard": spec["hard"], "used": {"requests.cpu": used}}}))
            .unwrap()
    };
    let quotas = [
        quota("compute", json!({"hard": {"requests.cpu": "4"}}), "2260m"),
        quota("short", json!({"hard": {"requests.cpu": "1"}, "scopes": ["Terminating"]}), "1"),
    ];
    insta::assert_snapshot!(text(explained(&shop(), &quotas, "requests.cpu")));
}

#[test]
fn the_sum_is_that_of_the_parts() {
    let section = explained(&shop(), &[], "requests.cpu");
    let parts: Quantity = section.workloads.iter().map(|share| share.amount).sum();
    assert_eq!((section.sum, parts), ("2260m".parse().unwrap(), "2260m".parse().unwrap()));
    let counts = explained(&shop(), &[], "count/pods");
    assert_eq!((counts.sum, counts.uncharged.len()), ("7".parse().unwrap(), 0));
}

/// That a document is what docs/schemas says.
fn conforms(document: &QuotaExplanation) {
    let schemas = crate::report::schema::schemas();
    let schema =
        schemas.iter().find(|(file, _)| *file == "quota-explanation.json").map(|(_, schema)| schema).unwrap();
    let validator = jsonschema::validator_for(schema).unwrap();
    let value = serde_json::to_value(document).unwrap();
    let errors: Vec<String> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
    assert_eq!(errors, [""; 0], "{value}");
    assert!(!validator.is_valid(&json!({})));
    assert_eq!(
        &serde_json::from_value::<QuotaExplanation>(value).unwrap(),
        document,
        "it reads back as it was"
    );
}

#[test]
fn documents_are_as_their_schema_says() {
    let section = explained(&shop(), &[], "requests.cpu");
    conforms(&QuotaExplanation::new(None, "cpu", Vec::new(), vec![section]));
}

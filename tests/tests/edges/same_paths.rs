//! An object is the same by whatever path it is read: protobuf, JSON, a snapshot.

use std::collections::BTreeMap;

use passmuster::graph::edges::families;
use passmuster_tests::{Plugin, population::Random};
use serde_json::{Value, json};

use crate::{
    create::complete,
    generated::like,
    world::{list, start, text},
};

/// How many objects are tried for each object of the cases; a good part is refused.
const TRIES: usize = 3;
/// Kinds that change what a server takes afterwards, or what it serves: as they are, at the end.
const LAST: &[&str] = &[
    "APIService",
    "CustomResourceDefinition",
    "LimitRange",
    "MutatingAdmissionPolicy",
    "MutatingAdmissionPolicyBinding",
    "MutatingWebhookConfiguration",
    "Namespace",
    "ResourceQuota",
    "ValidatingAdmissionPolicy",
    "ValidatingAdmissionPolicyBinding",
    "ValidatingWebhookConfiguration",
];

#[test]
fn generated_objects_give_one_graph_through_protobuf_json_and_a_snapshot() {
    let seed = std::env::var("SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_261_122);
    println!("SEED={seed}");
    let mut random = Random::new(seed);
    let plane = start();
    for namespace in ["shop", "elsewhere"] {
        plane
            .create(&json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}}))
            .unwrap();
    }
    let cases = families().flat_map(|family| family.cases);
    let objects: Vec<Value> =
        cases.flat_map(|case| serde_saphyr::from_multiple::<Value>(case.objects).unwrap()).collect();
    let (last, free): (Vec<Value>, Vec<Value>) =
        objects.into_iter().partition(|object| LAST.contains(&text(&object["kind"])));
    let mut taken: BTreeMap<String, usize> = BTreeMap::new();
    let tried = (0..TRIES).flat_map(|_| &free).enumerate();
    let made: Vec<Value> = tried.map(|(number, object)| like(object, number, &mut random)).collect();
    for mut object in free.iter().cloned().chain(made).chain(last) {
        if let Some(metadata) = object["metadata"].as_object_mut() {
            metadata.remove("uid");
        }
        complete(&mut object);
        // What is taken without its status is an object all the same.
        if plane.create(&object).is_ok() {
            *taken.entry(text(&object["kind"]).to_owned()).or_default() += 1;
        }
    }
    let all: usize = taken.values().sum();
    assert!(all > 300, "only {all} were taken: {taken:?}");
    let few = free.iter().map(|object| text(&object["kind"])).filter(|kind| !taken.contains_key(*kind));
    assert_eq!(few.collect::<Vec<_>>(), [""; 0], "kinds of which none was taken");

    let saved = plane.dir().join("saved.json");
    let graph = |plugin: Plugin| plugin.args(["--show", "all", "-o", "json"]).run().success();
    let protobuf = graph(Plugin::new("kubectl-graph").on(&plane).arg("-A"));
    let json = graph(Plugin::new("kubectl-graph").on(&plane).args(["-A", "--save"]).arg(&saved));
    let snapshot = graph(Plugin::new("kubectl-graph").args(["-A", "--snapshot"]).arg(&saved));
    assert!(list(&protobuf.json()["edges"]).len() > 1000, "too few edges to tell anything");
    same("JSON", &protobuf.stdout, &json.stdout);
    same("the snapshot", &protobuf.stdout, &snapshot.stdout);
}

/// Fails with the lines that differ.
fn same(path: &str, protobuf: &str, other: &str) {
    if protobuf == other {
        return;
    }
    let pairs = protobuf.lines().zip(other.lines()).filter(|(a, b)| a != b).take(5);
    let differ: Vec<String> = pairs.map(|(a, b)| format!("- {a}\n+ {b}")).collect();
    let lengths = format!("{} and {} bytes", protobuf.len(), other.len());
    panic!("protobuf and {path} differ, {lengths}\n{}", differ.join("\n"));
}

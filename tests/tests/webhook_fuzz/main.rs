//! Mutated reviews against the reader, in this process: whatever comes, there is an answer or a reason, and no panic.
//!
//! The same from the same seed. `PASSMUSTER_FUZZ="SEED ROUNDS"` (or `make fuzz`) goes on for longer.

#![expect(clippy::expect_used, reason = "helpers of tests fail the test that calls them")]

use passmuster_tests::mutation::Mutator;
use passmuster_webhook::admission::{Decision, Operation, Request, Unreadable, answer, parse, passes};
use serde_json::{Value, json};

const ROUNDS: usize = 30_000;

fn seed_and_rounds() -> (u64, usize) {
    let given = std::env::var("PASSMUSTER_FUZZ").unwrap_or_default();
    let mut numbers =
        given.split_whitespace().map(|text| text.parse::<u64>().expect("PASSMUSTER_FUZZ is two numbers"));
    let seed = numbers.next().unwrap_or(1);
    let rounds = numbers.next().map_or(ROUNDS, |rounds| usize::try_from(rounds).expect("rounds"));
    (seed, rounds)
}

fn object(more: &Value) -> Value {
    let mut object = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web", "namespace": "shop",
        "uid": "0b4c", "labels": {"a/b": "ü\"\\\u{7}"}, "finalizers": ["x/y", "z"], "managedFields": [{"f:a": {}}]},
        "spec": {"containers": [{"name": "c", "image": "x", "resources": {"requests": {"cpu": "100m"}}}]}});
    for (key, value) in more.as_object().into_iter().flatten() {
        object["metadata"][key] = value.clone();
    }
    object
}

fn reviews() -> Vec<Vec<u8>> {
    let fewer = json!({"finalizers": ["z"]});
    let going = json!({"deletionTimestamp": "2026-01-01T00:00:00Z"});
    let shapes = [
        ("CREATE", "", object(&json!({})), Value::Null),
        ("UPDATE", "resize", object(&json!({})), object(&json!({}))),
        ("UPDATE", "", object(&fewer), object(&json!({}))),
        ("UPDATE", "", object(&going), object(&going)),
        ("UPDATE", "status", object(&json!({})), object(&json!({}))),
        ("DELETE", "", Value::Null, object(&json!({}))),
        ("CONNECT", "exec", json!({"kind": "PodExecOptions", "command": ["sh"]}), Value::Null),
    ];
    let review = |(operation, sub_resource, object, old): (&str, &str, Value, Value)| {
        json!({"kind": "AdmissionReview", "apiVersion": "admission.k8s.io/v1", "request": {
            "uid": "705ab4f5", "kind": {"group": "", "version": "v1", "kind": "Pod"},
            "resource": {"group": "", "version": "v1", "resource": "pods"}, "subResource": sub_resource,
            "name": "web", "namespace": "shop", "operation": operation, "object": object, "oldObject": old,
            "userInfo": {"username": "alice", "groups": ["g"], "extra": {"k": ["v"]}}, "dryRun": false,
            "options": {"kind": "CreateOptions"}}})
    };
    shapes.into_iter().map(|shape| review(shape).to_string().into_bytes()).collect()
}

/// What holds of every request that is read.
fn check(request: &Request<'_>) -> &'static str {
    assert!(!request.uid.is_empty() && !request.kind.kind.is_empty());
    match request.operation {
        Operation::Create => assert!(request.object.is_some()),
        Operation::Update => assert!(request.object.is_some() && request.old_object.is_some()),
        Operation::Delete => assert!(request.old_object.is_some()),
        Operation::Connect => {}
    }
    for object in [request.object, request.old_object].into_iter().flatten() {
        assert!(object.json().starts_with('{'));
        if let Err(error) = object.read::<Value>() {
            assert!(
                !error.to_string().contains("recursion"),
                "what is within the limit can be read: {error}"
            );
        }
    }
    let (_, _) = (request.object_name(), format!("{request:?}"));
    let decision = Decision::forbidden(request.name.as_str()).warn(request.namespace.as_str());
    let written: Value =
        serde_json::from_slice(&answer(&request.uid, &decision).expect("an answer")).expect("JSON");
    assert_eq!(written["response"]["uid"], request.uid.as_str());
    match passes(request) {
        Ok(None) => "judged",
        Ok(Some(pass)) => {
            assert!(request.operation == Operation::Update || !request.sub_resource.is_empty());
            pass.as_str()
        }
        Err(_) => "unreadable object",
    }
}

#[test]
fn whatever_comes_is_read_or_refused() {
    let (seed, rounds) = seed_and_rounds();
    let (mut mutator, reviews) = (Mutator::new(seed), reviews());
    let mut met = std::collections::BTreeMap::new();
    for review in &reviews {
        parse(review).expect("a good review is read");
    }
    for round in 0..rounds {
        let body = mutator.mutate(&reviews[round % reviews.len()]);
        let outcome = match parse(&body) {
            Ok(request) => check(&request),
            Err(Unreadable::Utf8 { .. }) => "not UTF-8",
            Err(Unreadable::Depth) => "deep",
            Err(Unreadable::Json(_)) => "not JSON",
            Err(error) => {
                assert!(!error.to_string().is_empty());
                "no review"
            }
        };
        *met.entry(outcome).or_insert(0_usize) += 1;
    }
    println!("seed {seed}, {rounds} rounds: {met:?}");
    // Each way out was taken, or the mutations are too tame or too wild.
    for outcome in [
        "judged",
        "finalizers",
        "deleting",
        "status",
        "not UTF-8",
        "deep",
        "not JSON",
        "no review",
        "unreadable object",
    ] {
        assert!(met.contains_key(outcome), "{outcome} was not met: {met:?}");
    }
}

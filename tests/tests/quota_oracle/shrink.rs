//! Makes a failure small: the fewest objects in a namespace of their own that one quota still counts otherwise.

use std::{
    thread,
    time::{Duration, Instant},
};

use passmuster_tests::ControlPlane;
use serde_json::{Value, json};

use crate::{
    apply::Item,
    judge::compare,
    read::{Wire, world},
    recounted::{quota, touch},
};

/// How long the controller is waited for.
const COUNTED: Duration = Duration::from_secs(8);
/// How long objects are taken away for.
const PATIENCE: Duration = Duration::from_secs(180);

/// What is left of the objects, and how the counts of it differ.
pub(crate) fn smallest(plane: &ControlPlane, items: &[Item], spec: &Value) -> String {
    let Some(mut told) = differs(plane, items, spec) else {
        return "In a namespace of their own the same objects are counted alike.".to_owned();
    };
    let (mut left, mut size, started) = (items.to_vec(), items.len().div_ceil(2), Instant::now());
    while size > 0 && started.elapsed() < PATIENCE {
        let mut from = 0;
        while from < left.len() && started.elapsed() < PATIENCE {
            let mut fewer = left.clone();
            fewer.drain(from..(from + size).min(left.len()));
            match differs(plane, &fewer, spec) {
                Some(difference) => (left, told) = (fewer, difference),
                None => from += size,
            }
        }
        size /= 2;
    }
    let objects: Vec<_> =
        left.iter().map(|item| format!("{}\n  then {:?}", item.object, item.steps)).collect();
    format!("smallest:\n{}\nquota: {spec}\n{told}", objects.join("\n"))
}

/// How the counts differ of these objects alone, if they do.
fn differs(plane: &ControlPlane, items: &[Item], spec: &Value) -> Option<String> {
    let namespace = plane.namespace("smaller");
    for item in items {
        let _ = item.create(plane, &namespace);
    }
    for item in items {
        item.happen(plane, &namespace);
    }
    plane.create(&quota(&namespace, "q", spec)).unwrap();
    let started = Instant::now();
    let mut found = None;
    for round in 1.. {
        let world = world(plane, Some(&namespace), Wire::Protobuf);
        match compare(&world, &namespace) {
            Ok(_) => break,
            Err(differences) if started.elapsed() > COUNTED => {
                found = differences.into_iter().next().map(|difference| difference.told);
                break;
            }
            Err(_) => {}
        }
        touch(plane, &namespace, "q", round);
        thread::sleep(Duration::from_millis(500));
    }
    let _ = plane.remove(&json!({"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "q", "namespace": namespace}}));
    found
}

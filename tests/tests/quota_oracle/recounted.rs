//! What the controller has counted in `status.used` is what we count, key by key.

use std::{
    collections::BTreeMap,
    sync::Mutex,
    thread,
    time::{Duration, Instant},
};

use passmuster_tests::{ControlPlane, controlplane::Component, eventually, signal::Signal};
use serde_json::{Value, json};

use crate::{
    apply::Item,
    features::features,
    fixtures::plane,
    judge::{Difference, Tally, compare},
    objects, quotas, random,
    read::{Wire, world},
    seed,
    shrink::smallest,
};

const NAMESPACES: usize = 24;
const OBJECTS: usize = 40;
const QUOTAS: usize = 8;
/// Namespaces that are worked on at the same time.
const PARALLEL: usize = 6;
/// How long the controller may take to have counted everything.
const SETTLED: Duration = Duration::from_secs(60);

/// A namespace and what is to be in it.
struct Plan {
    namespace: String,
    items: Vec<Item>,
    quotas: BTreeMap<String, Value>,
}

impl Plan {
    fn new(plane: &ControlPlane, seed: u64, number: usize) -> Self {
        let mut random = random(seed, number);
        let items = objects::items(&mut random, OBJECTS);
        let quotas = (0..QUOTAS).map(|n| (format!("q{n}"), quotas::spec(&mut random))).collect();
        Self { namespace: plane.namespace("oracle"), items, quotas }
    }
}

/// Does the work of each plan, of some at the same time.
fn for_each(plans: &[Plan], work: impl Fn(&Plan) + Sync) {
    let queue = Mutex::new(plans.iter());
    let next = || queue.lock().unwrap().next();
    thread::scope(|scope| {
        for _ in 0..PARALLEL {
            scope.spawn(|| {
                while let Some(plan) = next() {
                    work(plan);
                }
            });
        }
    });
}

/// A quota of this specification.
pub(crate) fn quota(namespace: &str, name: &str, spec: &Value) -> Value {
    json!({"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": name, "namespace": namespace}, "spec": spec})
}

/// Lets the controller count a quota anew: a key more, of what nobody counts, does that.
pub(crate) fn touch(plane: &ControlPlane, namespace: &str, name: &str, round: usize) {
    let path = format!("/api/v1/namespaces/{namespace}/resourcequotas/{name}");
    // The controller may have written in between; the next round comes.
    let _ = plane.api().patch(&path, &json!({"spec": {"hard": {"count/events": round.to_string()}}}));
}

/// Whether the scheduler has looked at every pod that it is to look at, and those that it has placed run.
fn scheduled(plane: &ControlPlane) -> Option<()> {
    let pods = plane.api().get("/api/v1/pods").unwrap();
    let done = |pod: &Value| {
        let conditions = pod["status"]["conditions"].as_array().map(Vec::as_slice).unwrap_or_default();
        let looked_at = conditions.iter().find(|condition| condition["type"] == "PodScheduled");
        let placed = !pod["spec"]["nodeName"].is_null();
        pod["spec"]["schedulerName"] == "nobody"
            || if placed { pod["status"]["phase"] == "Running" } else { looked_at.is_some() }
    };
    pods["items"].as_array()?.iter().all(done).then_some(())
}

#[test]
fn status_used_is_what_we_count() {
    let seed = seed();
    println!("SEED={seed}");
    let plane = plane();
    let started = Instant::now();
    let plans: Vec<Plan> = (0..NAMESPACES).map(|number| Plan::new(plane, seed, number)).collect();
    let (refused, happened) = (Mutex::new(Vec::new()), Mutex::new((0, Vec::new())));
    for_each(&plans, |plan| {
        for item in &plan.items {
            if let Err(error) = item.create(plane, &plan.namespace) {
                refused.lock().unwrap().push(error.to_string());
            }
        }
    });
    eventually(Duration::from_secs(90), "the pods to be scheduled", || scheduled(plane));
    println!("created and scheduled after {:?}", started.elapsed());
    // From here on nobody but the test says how the pods are, and what is deleted stays as long as it is given.
    assert!(Signal::Stop.send(plane.pid(Component::Kwok).unwrap()));
    for_each(&plans, |plan| {
        for step in plan.items.iter().flat_map(|item| item.happen(plane, &plan.namespace)) {
            let mut happened = happened.lock().unwrap();
            match step {
                Ok(()) => happened.0 += 1,
                Err(error) => happened.1.push(error.to_string()),
            }
        }
    });
    for_each(&plans, |plan| {
        for (name, spec) in &plan.quotas {
            plane.create(&quota(&plan.namespace, name, spec)).unwrap();
        }
    });
    println!("ready after {:?}", started.elapsed());
    let (refused, (happened, in_vain)) = (refused.into_inner().unwrap(), happened.into_inner().unwrap());
    println!("{} objects refused, {happened} steps taken, {} refused", refused.len(), in_vain.len());
    let some = |errors: &[String]| errors.iter().take(8).map(String::as_str).collect::<Vec<_>>().join("\n");
    assert!(
        refused.len() * 20 < NAMESPACES * OBJECTS,
        "SEED={seed}: too few objects to tell anything\n{}",
        some(&refused)
    );
    assert!(
        in_vain.len() * 4 < happened,
        "SEED={seed}: too little happens to tell anything\n{}",
        some(&in_vain)
    );

    let differs = |(plan, difference): (&Plan, Difference)| -> Tally {
        panic!(
            "SEED={seed}: {} of {}\n{}\n{}",
            difference.quota,
            plan.namespace,
            difference.told,
            smallest(plane, &plan.items, &plan.quotas[&difference.quota])
        )
    };
    let tally = settle(plane, &plans, Wire::Protobuf).unwrap_or_else(differs);
    println!("settled after {:?}", started.elapsed());
    println!("{} cases, {} of them counted, {} texts", tally.cases, tally.counted, tally.texts);
    println!("{:?}", tally.keys);
    let features = features(&world(plane, None, Wire::Protobuf));
    println!("{features:?}");
    assert!(
        features.values().all(|objects| *objects > 0),
        "SEED={seed}: something that counts is in no object"
    );
    assert!(tally.cases > 5000 && tally.counted > 2000, "SEED={seed}: too few cases to tell anything");
    let never: Vec<_> =
        tally.keys.iter().filter(|(_, count)| **count == 0).map(|(key, _)| key.as_str()).collect();
    assert!(never.len() < 3, "SEED={seed}: {never:?} never counts anything");
    // The same objects once more, as the server writes them in JSON.
    settle(plane, &plans, Wire::Json).unwrap_or_else(differs);
}

/// Waits until the controller has counted every quota as we do. A namespace that once agrees is done.
fn settle<'a>(plane: &ControlPlane, plans: &'a [Plan], wire: Wire) -> Result<Tally, (&'a Plan, Difference)> {
    let (mut tally, mut left) = (Tally::default(), plans.iter().collect::<Vec<_>>());
    let started = Instant::now();
    for round in 1.. {
        let world = world(plane, None, wire);
        let mut differing = Vec::new();
        for plan in left {
            match compare(&world, &plan.namespace) {
                Ok(compared) => tally.add(compared),
                Err(differences) => differing.push((plan, differences)),
            }
        }
        let Some((plan, differences)) = differing.first() else { return Ok(tally) };
        if started.elapsed() > SETTLED {
            return Err((*plan, differences[0].clone()));
        }
        for (plan, differences) in &differing {
            for difference in differences {
                touch(plane, &plan.namespace, &difference.quota, round);
            }
        }
        left = differing.into_iter().map(|(plan, _)| plan).collect();
        thread::sleep(Duration::from_secs(1));
    }
    unreachable!("rounds do not end")
}

//! Containers that are added to a pod that is stored already: the pod as a whole is judged again.

use std::{
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use http::Method;
use passmuster::audit::pod_security::assess;
use passmuster_tests::ControlPlane;
use serde_json::{Value, json};

use crate::{
    ask::{Answer, Tally, read, theirs, warning},
    case::{Case, How, Kind, List},
    combinations::Choices,
    fields::{self, container, hardened},
    namespaces, random,
};

const NAME: &str = "debugger";

/// Stores pods, and asks of each about so many containers.
pub(crate) fn all(plane: &ControlPlane, seed: u64, pods: usize, each: usize) -> Tally {
    let (choices, next, tally) = (Choices::new(), AtomicUsize::new(0), Mutex::new(Tally::default()));
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let mut own = Tally::default();
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= pods {
                        break;
                    }
                    one(plane, &choices, seed, number, each, &mut own);
                }
                tally.lock().unwrap().add(own);
            });
        }
    });
    tally.into_inner().unwrap()
}

fn one(plane: &ControlPlane, choices: &Choices, seed: u64, number: usize, each: usize, tally: &mut Tally) {
    let mut case = choices.case(seed, 1_000_000 + number);
    (case.how, case.kind) = (How::Warn, Kind::Pod);
    let mut object = case.object();
    if matches!(theirs(plane, &case, &object), Answer::Invalid(_)) {
        case.sets = hardened("web");
        object = case.object();
    }
    let name = format!("stored-{number}");
    object["metadata"]["name"] = json!(name);
    let path = case.kind.path(&namespaces::name(case.policy, case.how));
    let stored = plane.api().create(&path, &object).unwrap();
    let path = format!("{path}/{name}/ephemeralcontainers?dryRun=All");
    for at in 0..each {
        let added = added(seed, number * 1000 + at);
        let patch = json!({"spec": {"ephemeralContainers": [added]}});
        let headers = [("content-type", "application/merge-patch+json"), ("accept", "application/json")];
        let answer = read(plane.api().send(&Method::PATCH, &path, &headers, patch.to_string()).unwrap(), 200);
        let mut whole = stored.clone();
        whole["spec"]["ephemeralContainers"] = json!([added]);
        let assessment = assess(case.policy, &whole).unwrap().unwrap();
        let checks: Vec<_> =
            assessment.violations.iter().map(|violation| violation.check.to_owned()).collect();
        let words = warning(case.policy, assessment.detail());
        tally.note(&checks, &answer);
        if matches!(&answer, Answer::Said(said) if *said != words) {
            tally.disagreements.push(format!("{whole}\n  API server: {answer:?}\n  we:         {words:?}"));
        }
    }
}

/// A container to add.
fn added(seed: u64, number: usize) -> Value {
    let random = &mut random(seed, 2_000_000 + number);
    let mut sets: Vec<_> = hardened(NAME).into_iter().filter(|_| random.percent(75)).collect();
    let choices = fields::of_container(NAME);
    for _ in 0..random.range(0, 3) {
        let choice = &choices[random.range(0, choices.len())];
        // It may have neither ports nor anything that is said elsewhere.
        if choice.iter().all(|set| set.on == container(NAME, "", Value::Null).on && set.path != "ports[]") {
            sets.extend(choice.iter().cloned());
        }
    }
    let policy = namespaces::any(random);
    let case = Case { kind: Kind::Pod, containers: vec![(List::Main, NAME)], sets, policy, how: How::Warn };
    case.object()["spec"]["containers"][0].clone()
}

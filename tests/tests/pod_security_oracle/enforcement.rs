//! What would be refused if a policy were enforced, against what the API server says when a namespace is labelled: it
//! names the reasons of every pod that is there, as long as they are few.

use std::{collections::BTreeMap, time::Duration};

use http::Method;
use passmuster::audit::{
    World,
    pod_security::{Change, Enforcement, Level, PodSecurityReport, Policy, PolicyVersion, enforce},
};
use passmuster_tests::{ControlPlane, Options, eventually};
use serde_json::{Value, json};

use crate::{
    ask::{Answer, theirs},
    case::{How, Kind},
    combinations::Choices,
    namespaces, seed,
};

/// Few enough that the warnings are not cut off.
const PODS: usize = 24;

/// What a report says of a namespace, as the API server says it.
fn told(report: &PodSecurityReport, namespace: &str) -> Vec<String> {
    let mut groups: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    let found = report.namespaces.iter().find(|verdict| verdict.namespace == namespace).unwrap();
    for verdict in found.verdicts.iter().filter(|verdict| verdict.message.is_some()) {
        let reasons: Vec<_> = verdict.violations.iter().map(|violation| violation.reason.as_str()).collect();
        groups.entry(reasons.join(", ")).or_default().push(&verdict.object.name);
    }
    let mut lines: Vec<String> = groups
        .into_iter()
        .map(|(reasons, names)| {
            let first = names.iter().min().unwrap();
            match names.len() {
                1 => format!("{first}: {reasons}"),
                2 => format!("{first} (and 1 other pod): {reasons}"),
                count => format!("{first} (and {} other pods): {reasons}", count - 1),
            }
        })
        .collect();
    lines.sort();
    lines
}

/// What the API server says when a namespace is to enforce a policy.
fn warned(plane: &ControlPlane, namespace: &str, policy: Policy) -> Vec<String> {
    let labels = json!({
        "pod-security.kubernetes.io/enforce": policy.level.as_str(),
        "pod-security.kubernetes.io/enforce-version": policy.version.to_string(),
    });
    let patch = json!({"metadata": {"labels": labels}}).to_string();
    let path = format!("/api/v1/namespaces/{namespace}?dryRun=All");
    let headers = [("content-type", "application/merge-patch+json")];
    let mut warnings = plane.api().send(&Method::PATCH, &path, &headers, patch).unwrap().warnings;
    warnings.retain(|line| !line.starts_with("existing pods in namespace"));
    warnings
}

/// Stores pods that the API server takes, and reads them back.
fn populate(plane: &ControlPlane, namespace: &str, part: usize) -> World {
    let choices = Choices::new();
    let mut stored = 0;
    for number in 0.. {
        if stored == PODS {
            break;
        }
        let mut case = choices.case(seed(), 3_000_000 + part * 1000 + number);
        (case.kind, case.how, case.policy) = (Kind::Pod, How::Warn, Policy::PRIVILEGED);
        let mut object = case.object();
        if matches!(theirs(plane, &case, &object), Answer::Invalid(_)) {
            continue;
        }
        object["metadata"]["name"] = json!(format!("p{:02}", (number * 7) % 100));
        stored += usize::from(plane.api().create(&Kind::Pod.path(namespace), &object).is_ok());
    }
    let mut world = World::of_cluster();
    for (path, kind) in [(Kind::Pod.path(namespace), "Pod"), ("/api/v1/namespaces".to_owned(), "Namespace")] {
        let list: Value = plane.api().get(&path).unwrap();
        for item in list["items"].as_array().unwrap() {
            world.take_json("", kind, item.clone()).unwrap();
        }
    }
    world.coverage.cover_everything();
    world
}

#[test]
fn every_pod_that_would_be_refused_is_told() {
    let plane = &ControlPlane::start(Options::bare()).unwrap();
    namespaces::create_only(plane, Policy::PRIVILEGED);
    let namespace = &plane.namespace("shop");
    let world = &populate(plane, namespace, 1);
    let mut compared = 0;
    for level in [Level::Baseline, Level::Restricted] {
        for version in namespaces::turns() {
            let policy = Policy::new(level, version);
            let asked = Enforcement { policy, upgrade: Some(PolicyVersion::Latest) };
            let scope = |key: &passmuster::model::ObjectKey, _: &_| {
                &*key.namespace == namespace.as_str() || key.kind.as_ref() == "Namespace"
            };
            let report = enforce(world, "test", asked, &scope, Vec::new());
            let expected = told(&report, namespace);
            // Its cache of pods may be a moment behind.
            eventually(Duration::from_secs(20), "the same words", || {
                (warned(plane, namespace, policy) == expected).then_some(())
            });
            compared += expected.len();
            upgrades(&report, world, asked);
            let text = serde_json::to_string(&report).unwrap();
            assert_eq!(serde_json::from_str::<PodSecurityReport>(&text).unwrap(), report);
        }
    }
    println!("{compared} lines");
    assert!(compared > 100, "{compared}");
}

/// What the report says of the upgrade is what the report of the other version says.
fn upgrades(report: &PodSecurityReport, world: &World, asked: Enforcement) {
    let policy = Policy { version: asked.upgrade.unwrap(), ..asked.policy };
    let then = enforce(world, "test", Enforcement { policy, upgrade: None }, &|_, _| true, Vec::new());
    let messages = |report: &PodSecurityReport| -> BTreeMap<String, Option<String>> {
        let all = report.namespaces.iter().flat_map(|namespace| &namespace.verdicts);
        all.map(|verdict| (verdict.object.to_string(), verdict.message.clone())).collect()
    };
    let (now, then) = (messages(report), messages(&then));
    for verdict in report.namespaces.iter().flat_map(|namespace| &namespace.verdicts) {
        let id = verdict.object.to_string();
        let after = then.get(&id).cloned().flatten();
        match &verdict.change {
            Some(Change::NewlyRefused { message }) => {
                assert_eq!((now[&id].as_ref(), after.as_ref()), (None, Some(message)), "{id}");
            }
            Some(Change::NewlyAdmitted) => assert_eq!((now[&id].is_some(), after), (true, None), "{id}"),
            Some(Change::OtherReasons { message }) => assert_eq!(after.as_ref(), Some(message), "{id}"),
            None => {
                let detail = |message: &Option<String>| {
                    message.as_ref().and_then(|it| it.split_once("\": ")).map(|(_, detail)| detail.to_owned())
                };
                assert_eq!(detail(&now[&id]), detail(&after), "{id}");
            }
        }
    }
    let told = report.summary.newly_refused;
    let refused_then =
        then.iter().filter(|(id, message)| message.is_some() && now.get(*id).is_none_or(Option::is_none));
    assert_eq!(told, refused_then.count());
}

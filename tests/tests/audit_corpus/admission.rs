//! The same cases through the webhook: a process that is asked about every object of a case, after the API server has
//! stored it.

use std::{collections::BTreeSet, time::Duration};

use passmuster::{
    audit::{self, CorpusCase, corpus, speaks},
    cli::block_on,
    cluster::{ConnectOptions, Env, connect},
    model::discovery::Discovery,
};
use passmuster_tests::{
    ControlPlane, Options,
    webhook::{Client, Webhook},
};
use serde_json::{Value, json};

use crate::{is_replayed, replay::Replay, without_data};

const POLICIES: &str = "/apis/passmuster.dev/v1alpha1/auditpolicies";

/// Cases that admission does not know, and why.
const NOT_AT_ADMISSION: &[(&str, &str)] = &[
    (
        "exemption-expired",
        "what is said of exemptions depends on all rules, and more than fits into an annotation",
    ),
    ("exemption-invalid", "likewise"),
    ("exemption-stale", "likewise"),
];

/// What the webhook says of an object, by the policy of this version: lines as cases have them.
fn asked(client: &mut Client, object: &Value, version: &str) -> Result<BTreeSet<String>, String> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let api_version = text(&object["apiVersion"]);
    let (group, version_of) = api_version.split_once('/').unwrap_or(("", &api_version));
    let kind = json!({"group": group, "version": version_of, "kind": object["kind"]});
    let namespace = match object["kind"].as_str() {
        Some("Namespace") => &object["metadata"]["name"],
        _ => &object["metadata"]["namespace"],
    };
    let review = json!({"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": {
        "uid": "golden", "operation": "CREATE", "kind": kind, "requestKind": kind,
        "resource": {"group": group, "version": version_of, "resource": "any"}, "name": object["metadata"]["name"],
        "namespace": namespace, "userInfo": {"username": "alice"}, "object": object, "oldObject": null}});
    let answer = client.post(review.to_string().as_bytes()).map_err(|error| error.to_string())?;
    let response = answer.json()["response"].clone();
    let notes = &response["auditAnnotations"];
    if notes["policies"] != version {
        return Err(format!("judged by {}: {response}", notes["policies"]));
    }
    let mut lines = BTreeSet::new();
    for key in ["findings", "findings-2", "findings-3", "findings-4"] {
        let Some(list) = notes[key].as_str() else { continue };
        for note in serde_json::from_str::<Vec<Value>>(list).unwrap() {
            assert!(note["more"].is_null(), "not all: {list}");
            let container = note["container"].as_str().map(|name| format!("[{name}] ")).unwrap_or_default();
            let path = note["path"].as_str().filter(|path| !path.is_empty());
            let path = path.map(|path| format!("{path}: ")).unwrap_or_default();
            let unknown = if note["notEvaluated"] == true { "? " } else { "" };
            let object = note["object"].as_str().map(|id| format!("{id} ")).unwrap_or_default();
            lines.insert(format!("{unknown}{object}{container}{path}{}", text(&note["message"])));
        }
    }
    Ok(lines)
}

/// Has the webhook judge by the rule of a case, and gives the policy's version.
fn policy(plane: &ControlPlane, case: &CorpusCase) -> String {
    let spec =
        json!({"rules": [{"select": [case.rule.id], "action": "Audit"}], "parameters": case.parameters});
    let object = json!({"apiVersion": "passmuster.dev/v1alpha1", "kind": "AuditPolicy",
        "metadata": {"name": "golden"}, "spec": spec});
    let path = format!("{POLICIES}/golden");
    // The webhook writes the policy's status meanwhile.
    let stored = plane.api().update(&path, |stored| stored["spec"] = object["spec"].clone());
    let stored = stored.unwrap_or_else(|_| plane.create(&object).unwrap());
    format!("golden@{}", stored["metadata"]["generation"])
}

#[test]
fn the_webhook_says_what_files_and_clusters_say() {
    let plane = ControlPlane::start(Options::bare()).unwrap();
    plane.serve(&audit::definition()).unwrap();
    let kubeconfig = plane.kubeconfig().to_str().unwrap();
    let webhook =
        Webhook::start("passmuster", &["--policies", "--log-format=json", "--kubeconfig", kubeconfig]);
    let env = Env::empty().with("KUBECONFIG", kubeconfig);
    let discovery = block_on(async {
        let connection = connect(&ConnectOptions::default(), &env).await.unwrap();
        Discovery::fetch(&connection).await.unwrap()
    })
    .unwrap();
    let mut replay = Replay::on(&plane);
    let (mut wrong, mut count, mut client) = (Vec::new(), 0, webhook.connect());
    for case in corpus().filter(|case| case.storable && case.unread.is_empty() && speaks(case.rule)) {
        let excused = NOT_AT_ADMISSION.iter().any(|(rule, _)| *rule == case.rule.id);
        if !is_replayed(&case, &discovery) || excused {
            continue;
        }
        count += 1;
        let expected: BTreeSet<String> = without_data(&case).into_iter().collect();
        // Before: there are cases with webhooks that answer nobody.
        let version = policy(&plane, &case);
        let stored = match replay.store(&case) {
            Ok(stored) => stored,
            Err(error) => {
                wrong.push(format!("{}: {}: {error}", case.rule.id, case.name));
                continue;
            }
        };
        let objects: Vec<Value> = stored
            .objects
            .iter()
            .map(|object| plane.api().get(&plane.path_of(object).unwrap()).unwrap())
            .collect();
        // What a watch tells comes a moment later.
        let mut last = String::new();
        let settled = passmuster_tests::eventually::poll(Duration::from_secs(3), "the same findings", || {
            let mut found = BTreeSet::new();
            for object in &objects {
                match asked(&mut client, object, &version) {
                    Ok(lines) => found.extend(lines),
                    Err(error) => {
                        last = error;
                        return None;
                    }
                }
            }
            last = format!("{found:#?}");
            (found == expected).then_some(())
        });
        if settled.is_err() {
            wrong.push(format!("{}: {}\n  expected {expected:#?}\n  found {last}", case.rule.id, case.name));
        }
        replay.remove(&stored).unwrap();
    }
    println!("{count} cases through the webhook");
    assert!(wrong.is_empty(), "{} of {count} differ:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count > 0);
}

//! Every case of every rule, through files and through a real API server: the same findings, to the letter.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test that calls them")]

mod admission;
mod replay;

use std::collections::BTreeSet;

use passmuster::{
    audit::{
        CorpusCase, Entry, KubernetesVersion, Settings, Verdict, World, catalogue, corpus, kinds_needed, run,
    },
    cli::block_on,
    cluster::{AuditQuestion, ConnectOptions, Connection, Env, audit, connect},
    manifest::{self, Inputs, Scopes},
    model::{ObjectKey, Time, discovery::Discovery},
};
use passmuster_tests::{ControlPlane, Options};
use replay::Replay;
use serde_json::Value;

/// Cases that can't be replayed, and why.
const NOT_REPLAYED: &[(&str, &str, &str)] = &[
    ("api-service-unavailable", "not", "the API server keeps the status of API services itself"),
    ("deprecated-api", "without an end", "a cluster does not tell by which version an object was written"),
    ("missing-config-map", "optional, there, or made by the cluster itself", "no controller makes it here"),
    ("missing-service-account", "the one that every namespace has", "no controller makes it here"),
    ("namespace-without-pod-security", "nodes need what runs in kube-system", "it is there already"),
    ("namespace-without-quota", "an empty one, and one of Kubernetes itself", "it is there already"),
    (
        "missing-image-pull-secret",
        "of a pod and of a service account",
        "the data of a pull secret is checked",
    ),
];

/// Fields that the API server writes itself: what depends on them can't be replayed at the time of the cases.
const MOMENTS: &[&str] = &["creationTimestamp", "deletionTimestamp", "lastPhaseTransitionTime"];

/// The time of all cases.
const NOW: Time = Time { seconds: 1_795_867_200, nanos: 0 };

/// The objects of a case, as files hold them.
fn objects(case: &CorpusCase) -> Vec<Value> {
    let inputs = Inputs { files: vec!["-".to_owned()], keep_data: true, ..Inputs::default() };
    let mut all = Vec::new();
    let mut sink = |document: manifest::Document| all.push(document.object);
    manifest::read(&inputs, &mut case.objects.as_bytes(), Scopes::new("default"), &mut sink).unwrap();
    all
}

/// What the rule says of a world, of the objects of the case alone.
fn findings(case: &CorpusCase, world: &World, keys: &BTreeSet<ObjectKey>) -> Vec<String> {
    let settings =
        Settings { now: Some(NOW), version: KubernetesVersion::NEWEST, parameters: case.parameters.clone() };
    let outcomes = run(world, &settings, &rules(case), &|_, _| true);
    let own = outcomes.findings.iter().filter(|finding| finding.rule == case.rule.id).filter(|finding| {
        finding.object.as_ref().is_none_or(|object| keys.contains(object) || expected(case, object))
    });
    let mark = |verdict| if verdict == Verdict::NotEvaluated { "? " } else { "" };
    own.map(|finding| format!("{}{finding}", mark(finding.verdict))).collect()
}

/// The rules that a case needs: what is said of exemptions depends on the rules that they are of.
fn rules(case: &CorpusCase) -> Vec<&'static Entry> {
    if case.rule.id.starts_with("exemption-") { catalogue().iter().collect() } else { vec![case.rule] }
}

/// An object that the case names and does not hold: an owner that was not read.
fn expected(case: &CorpusCase, object: &ObjectKey) -> bool {
    let id = object.to_string();
    case.findings.iter().any(|line| line.trim_start_matches("? ").starts_with(&id))
}

/// What the rule says of the files of a case when it may not look into config maps and secrets, whose data nobody asks
/// a cluster for. Of most cases that is what the case expects; of the others nothing can be said.
fn without_data(case: &CorpusCase) -> Vec<String> {
    let mut world = if case.rule.needs().is_live() { World::of_cluster() } else { World::of_files() };
    world.has_data = false;
    let mut keys = BTreeSet::new();
    for object in objects(case) {
        let version = object["apiVersion"].as_str().unwrap().into();
        let kind = object["kind"].as_str().unwrap().to_owned();
        world.take_document(&version, &kind, object).unwrap();
    }
    keys.extend(world.keys());
    world.coverage.cover_everything();
    let found = findings(case, &world, &keys);
    let told = case.findings.iter().map(ToString::to_string).collect::<Vec<_>>();
    if found.len() == told.len() { told } else { found }
}

/// The case through a real API server: created, status and all, read by the collector, removed.
async fn live(
    case: &CorpusCase,
    replay: &mut Replay<'_>,
    connection: &Connection,
    discovery: &Discovery,
) -> Result<Vec<String>, String> {
    let stored = replay.store(case)?;
    let question = AuditQuestion { kinds: kinds_needed(&rules(case)), ..AuditQuestion::default() };
    let audited = audit(connection, discovery, &question, None).await;
    let found = findings(case, &audited.world, &stored.keys);
    replay.remove(&stored)?;
    Ok(found)
}

/// Whether a case can be replayed on a bare API server. What needs custom kinds, or what really is used, has tests of
/// its own.
fn is_replayed(case: &CorpusCase, discovery: &Discovery) -> bool {
    let served =
        kinds_needed(&[case.rule]).iter().all(|kind| discovery.by_kind(kind.group, kind.kind).is_some());
    let excused = NOT_REPLAYED.iter().any(|(rule, name, _)| (*rule, *name) == (case.rule.id, case.name))
        || MOMENTS.iter().any(|field| case.objects.contains(field));
    served && !excused && case.rule.needs().as_str() != "usage"
}

#[test]
fn a_real_api_server_changes_no_finding() {
    let (mut wrong, mut count) = (Vec::new(), 0);
    let plane = ControlPlane::start(Options::bare()).unwrap();
    let mut replay = Replay::on(&plane);
    let config = plane.kubeconfig();
    let env = Env::empty().with("KUBECONFIG", config.to_str().unwrap());
    block_on(async {
        let connection = connect(&ConnectOptions::default(), &env).await.unwrap();
        let discovery = Discovery::fetch(&connection).await.unwrap();
        for case in corpus().filter(|case| case.storable && case.unread.is_empty()) {
            if !is_replayed(&case, &discovery) {
                continue;
            }
            count += 1;
            let expected = without_data(&case);
            match live(&case, &mut replay, &connection, &discovery).await {
                Ok(found) if found == expected => {}
                Ok(found) => wrong.push(format!(
                    "{}: {}\n  expected {expected:#?}\n  found {found:#?}",
                    case.rule.id, case.name
                )),
                Err(error) => wrong.push(format!("{}: {}: {error}", case.rule.id, case.name)),
            }
        }
    })
    .unwrap();
    for (rule, name, _) in NOT_REPLAYED {
        assert!(
            corpus().any(|case| (case.rule.id, case.name) == (*rule, *name)),
            "{rule}: {name} is no case"
        );
    }
    println!("{count} cases through the API server");
    assert!(wrong.is_empty(), "{} of {count} differ:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count > 0);
}

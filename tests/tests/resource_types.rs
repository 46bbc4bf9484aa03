//! A name of a resource type means what it means to kubectl, also where custom resources make it ambiguous.

#![expect(clippy::expect_used, reason = "helpers of tests fail the test that calls them")]

use std::collections::BTreeSet;
use std::thread;

use passmuster::cluster::{ConnectOptions, Env, connect};
use passmuster::model::builtin_kinds::builtin;
use passmuster::model::discovery::Discovery;
use passmuster_tests::{ControlPlane, Options, Plugin};
use serde_json::{Value, json};

/// Types whose names collide with built-in ones in every way there is.
fn custom_resources() -> Vec<Value> {
    let names = |group: &str, plural: &str, singular: &str, kind: &str, more: Value| {
        let version = |name: &str, storage: bool| {
            let schema = json!({"openAPIV3Schema": {"type": "object"}});
            json!({"name": name, "served": true, "storage": storage, "schema": schema})
        };
        let mut names = json!({"plural": plural, "singular": singular, "kind": kind});
        names.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        json!({
            "apiVersion": "apiextensions.k8s.io/v1",
            "kind": "CustomResourceDefinition",
            "metadata": {"name": format!("{plural}.{group}")},
            "spec": {"group": group, "scope": "Namespaced", "names": names,
                "versions": [version("v1", true), version("v1beta1", false)]},
        })
    };
    vec![
        names(
            "apps.example.com",
            "deployments",
            "deployment",
            "Deployment",
            json!({"shortNames": ["deploy", "dpl"]}),
        ),
        names(
            "example.com",
            "widgets",
            "widget",
            "Widget",
            json!({"shortNames": ["po", "wd"], "categories": ["all", "toys"]}),
        ),
        names(
            "toys.example.com",
            "gadgets",
            "thing",
            "Gadget",
            json!({"shortNames": ["wd"], "categories": ["toys"]}),
        ),
        names("other.example.com", "po", "poo", "Poo", json!({})),
    ]
}

/// The addresses that `kubectl get ARGUMENT` asks for, or its complaint.
fn kubectls(plane: &ControlPlane, argument: &str) -> Result<BTreeSet<String>, String> {
    let run = Plugin::through_kubectl("").on(plane).args(["get", argument, "-v=6", "--chunk-size=500"]).run();
    let urls = run.stderr.lines().filter(|line| line.contains("limit=500"));
    let paths: BTreeSet<String> = urls
        .filter_map(|line| line.split_once("url=\"")?.1.split_once('?').map(|(url, _)| url))
        .filter_map(|url| url.strip_prefix(&plane.server()).map(str::to_owned))
        .collect();
    match run.stderr.lines().find_map(|line| line.strip_prefix("error: ")) {
        Some(complaint) if paths.is_empty() => Err(complaint.to_owned()),
        _ => Ok(paths),
    }
}

fn ours(discovery: &Discovery, argument: &str) -> Result<BTreeSet<String>, String> {
    let found = discovery.lookup(argument).map_err(|error| error.to_string())?;
    Ok(found.into_iter().map(|resource| resource.path(Some("default"))).collect())
}

fn discovery(plane: &ControlPlane) -> Discovery {
    let options =
        ConnectOptions { kubeconfig: Some(plane.kubeconfig().to_owned()), http2: true, ..Default::default() };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let connection = connect(&options, &Env::empty()).await.expect("a connection");
        Discovery::fetch(&connection).await.expect("discovery")
    })
}

#[test]
fn names_mean_what_kubectl_means() {
    let plane = ControlPlane::start(Options::bare()).expect("a control plane");
    let manifests: Vec<String> = custom_resources().iter().map(Value::to_string).collect();
    plane.apply(&manifests.join("\n---\n"));
    plane.kubectl(&["wait", "--for=condition=Established", "crd", "--all", "--timeout=30s"]);
    let discovery = discovery(&plane);

    let mut arguments: BTreeSet<String> = BTreeSet::new();
    for resource in discovery.preferred() {
        let categories = resource.categories.iter().cloned();
        arguments.extend([resource.plural.clone(), resource.singular.clone(), resource.kind.clone()]);
        arguments.extend(resource.short_names.iter().cloned().chain(categories));
        arguments.insert(resource.group_resource());
    }
    let odd = "deploy.apps deploy.app deploy.apps.example.com deployments.v1beta1.apps.example.com Deployment.v1.apps \
               deploy.v9.apps deployments.v9.apps events.events pods.v1. pods.v2. PO WIDGET wd.toys things thing.toys \
               widgets.v1beta1.example.com wd.v1beta1.toys.example.com Gadget.v1beta1.toys.example.com foo foo.bar \
               foo.v1.bar PODS,Deploy pods,,po secret/ all,toys pods/log . ..";
    arguments.extend(odd.split_whitespace().filter(|word| !word.contains(['/', ','])).map(str::to_owned));

    let arguments: Vec<String> = arguments.into_iter().collect();
    let half = arguments.len().div_ceil(2);
    let wrong: Vec<String> = thread::scope(|scope| {
        let check = |part: &'_ [String]| {
            let differs = |argument: &&String| kubectls(&plane, argument) != ours(&discovery, argument);
            part.iter().filter(differs).cloned().collect::<Vec<_>>()
        };
        let parts: Vec<_> = arguments.chunks(half).map(|part| scope.spawn(move || check(part))).collect();
        parts.into_iter().flat_map(|part| part.join().expect("a finished half")).collect()
    });
    let report: Vec<_> =
        wrong.iter().map(|name| (name, kubectls(&plane, name), ours(&discovery, name))).collect();
    assert!(
        report.is_empty(),
        "of {} names these differ (name, kubectl, ours): {report:#?}",
        arguments.len()
    );
}

#[test]
fn warns_of_ambiguous_short_names_as_kubectl_does() {
    let plane = ControlPlane::start(Options::bare()).expect("a control plane");
    let manifests: Vec<String> = custom_resources().iter().map(Value::to_string).collect();
    plane.apply(&manifests.join("\n---\n"));
    plane.kubectl(&["wait", "--for=condition=Established", "crd", "--all", "--timeout=30s"]);
    let discovery = discovery(&plane);
    for name in ["deploy", "wd", "ev", "po", "svc", "pods", "wd.toys.example.com"] {
        let run = Plugin::through_kubectl("").on(&plane).args(["get", name]).run();
        let kubectls: BTreeSet<&str> = run
            .stderr
            .lines()
            .filter_map(|line| line.strip_prefix("Warning: "))
            .filter(|line| line.starts_with("short"))
            .collect();
        let ours = discovery.warnings(name);
        assert_eq!(ours.iter().map(String::as_str).collect::<BTreeSet<_>>(), kubectls, "{name}");
    }
}

#[test]
fn the_table_of_built_in_kinds_is_the_servers() {
    let served = discovery(ControlPlane::shared());
    for ours in &builtin().resources {
        let api_version = ours.api_version();
        let theirs = served
            .by_api_version(&api_version, &ours.kind)
            .unwrap_or_else(|| panic!("{api_version} {}", ours.kind));
        let mut theirs = theirs.clone();
        theirs.verbs.clone_from(&ours.verbs);
        assert_eq!(*ours, theirs);
    }
    let listable = |resource: &&passmuster::model::resource::Resource| {
        // Other tests add groups of their own; Kubernetes' end so, or have no dot.
        resource.supports("list") && (!resource.group.contains('.') || resource.group.ends_with(".k8s.io"))
    };
    for theirs in served.resources.iter().filter(listable) {
        let ours = builtin().by_api_version(&theirs.api_version(), &theirs.kind);
        assert!(ours.is_some(), "{} {} is missing", theirs.api_version(), theirs.kind);
    }
}

#[test]
fn a_dead_aggregated_api_is_told_and_does_no_harm() {
    let plane = ControlPlane::start(Options::bare()).expect("a control plane");
    plane.register_dead_api("dead.example.com", "v1").expect("a dead API");
    let discovery = discovery(&plane);
    assert!(discovery.is_stale("dead.example.com", "v1"), "{:?}", discovery.stale);
    assert_eq!(discovery.resolve("deploy").expect("deployments").kind, "Deployment");
}

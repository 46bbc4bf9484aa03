//! The watch when its parts fail, types come and go, and the run is told to end.

use std::{
    fs,
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use passmuster_tests::{
    ControlPlane, Options, Plugin, Proxy,
    controlplane::Rule as Rights,
    eventually,
    plugin::Running,
    proxy::{Fault, Rule},
    signal::Signal,
};
use serde_json::{Value, json};

use crate::faults::{plane, world};

/// Long enough for a slow machine.
const SOON: Duration = Duration::from_secs(30);

fn follow(kubeconfig: &Path, namespace: &str) -> Running {
    let running = Plugin::new("kubectl-graph")
        .kubeconfig(kubeconfig)
        .args(["-n", namespace, "-w", "-o", "json"])
        .spawn();
    assert_eq!(running.json_line(SOON)["type"], "graph");
    running
}

fn object(kind: &str, namespace: &str, name: &str) -> Value {
    json!({"apiVersion": "v1", "kind": kind, "metadata": {"name": name, "namespace": namespace}})
}

/// Whether a delta's part (`added`, `removed`) has a node of this id.
fn tells(delta: &Value, part: &str, id: &str) -> bool {
    delta[part]["nodes"].as_array().is_some_and(|nodes| nodes.iter().any(|node| node["id"] == id))
}

#[test]
fn a_watch_that_fails_is_told_as_old_while_the_others_go_on() {
    let ns = world(1);
    let proxy = Proxy::start(plane());
    let running = follow(proxy.kubeconfig(), &ns);
    proxy.add(Rule::new(Fault::Status(503)).path_contains("/configmaps"));
    proxy.drop_watches();
    let stale = running.json_until(SOON, "that config maps are old", |line| {
        line["skipped"]
            .as_array()
            .is_some_and(|skipped| skipped.iter().any(|s| s["resource"] == "configmaps"))
    });
    let skipped = &stale["skipped"];
    assert_eq!(skipped.as_array().map(Vec::len), Some(1), "{stale}");
    assert_eq!(
        (&skipped[0]["reason"], &skipped[0]["namespace"]),
        (&json!("Unavailable"), &json!(ns)),
        "{stale}"
    );
    assert!(skipped[0]["message"].as_str().is_some_and(|message| message.starts_with("stale: ")), "{stale}");
    assert_eq!(
        (&stale["added"]["nodes"], &stale["removed"]["nodes"]),
        (&json!([]), &json!([])),
        "known still"
    );
    let told = eventually(SOON, "a line of it on standard error", || running.error_line(SOON));
    assert!(told.contains("Unavailable: configmaps"), "{told}");

    // Others go on; what is old is not lost, and heals.
    plane().create(&object("ConfigMap", &ns, "unseen")).unwrap();
    plane().create(&object("ServiceAccount", &ns, "seen")).unwrap();
    running
        .json_until(SOON, "the account", |line| tells(line, "added", &format!("ServiceAccount/{ns}/seen")));
    proxy.clear();
    let mut healed = (false, false);
    running.json_until(SOON, "the config map, and that none is old", |line| {
        healed.0 |= tells(line, "added", &format!("ConfigMap/{ns}/unseen"));
        healed.1 |= line["skipped"] == json!([]);
        healed == (true, true)
    });
}

#[test]
fn types_that_appear_and_go_take_their_objects_along() {
    let plane = ControlPlane::start(Options::bare()).unwrap();
    let ns = plane.namespace("types");
    let running = follow(plane.kubeconfig(), &ns);
    plane.define("Widget", &["v1"], "example.com", "widgets", true).unwrap();
    let widget = json!({"apiVersion": "example.com/v1", "kind": "Widget",
        "metadata": {"name": "w", "namespace": ns}});
    eventually(SOON, "the server takes a widget", || plane.create(&widget).ok());
    let id = format!("Widget.example.com/{ns}/w");
    running.json_until(SOON, "the widget", |line| tells(line, "added", &id));
    let definition = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.example.com";
    plane.api().delete(definition).unwrap();
    running.json_until(SOON, "the end of the widget", |line| tells(line, "removed", &id));
    // The type's end is no fault, and the others are still watched.
    plane.create(&object("ConfigMap", &ns, "after")).unwrap();
    let after = format!("ConfigMap/{ns}/after");
    running.json_until(SOON, "a config map", |line| {
        assert!(line["skipped"].as_array().is_none_or(Vec::is_empty), "{line}");
        tells(line, "added", &after)
    });
    plane.define("Widget", &["v1"], "example.com", "widgets", true).unwrap();
    eventually(SOON, "the server takes a widget again", || plane.create(&widget).ok());
    running.json_until(SOON, "the widget again", |line| tells(line, "added", &id));
}

/// The graph in a file, which is whole whenever it is there.
fn read(path: &Path) -> Option<Value> {
    let text = fs::read_to_string(path).ok()?;
    let graph: Value =
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("half a file ({error}): {text}"));
    assert_eq!(graph["kind"], "Graph");
    Some(graph)
}

#[test]
fn signals_end_a_watch_with_its_file_whole_and_current() {
    for signal in [Signal::Int, Signal::Term] {
        let ns = world(1);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("graph.json");
        let plugin =
            Plugin::new("kubectl-graph").on(plane()).args(["-n", &ns, "-w", "--every", "1h", "-o", "json"]);
        let mut running = plugin.arg("--output-file").arg(&path).spawn();
        eventually(SOON, "the first file", || read(&path));
        let id = format!("ConfigMap/{ns}/last");
        plane().create(&object("ConfigMap", &ns, "last")).unwrap();
        // It comes in through a watch of its own; what it brings must be in the file that the end leaves.
        std::thread::sleep(Duration::from_millis(700));
        running.signal(signal);
        assert_eq!(running.wait(SOON).code(), Some(0), "{signal:?}");
        let text = fs::read_to_string(&path).unwrap();
        assert!(read(&path).is_some() && text.contains(&id), "{signal:?}: {text}");
        let fresh = Plugin::new("kubectl-graph").on(plane()).args(["-n", &ns, "-o", "json"]).run().success();
        assert_eq!(text, fresh.stdout, "{signal:?}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
        assert_eq!(running.line(Duration::from_millis(100)), None, "nothing on standard output");
    }
}

#[test]
fn a_watch_on_standard_output_ends_in_good_order() {
    let ns = world(0);
    for signal in [Signal::Int, Signal::Term] {
        let mut running = follow(plane().kubeconfig(), &ns);
        running.signal(signal);
        assert_eq!(running.wait(SOON).code(), Some(0), "{signal:?}");
        assert_eq!(running.errors(), "");
    }
}

#[test]
fn whoever_reads_the_file_sees_it_whole() {
    let ns = world(200);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("graph.json");
    let plugin =
        Plugin::new("kubectl-graph").on(plane()).args(["-n", &ns, "-w", "--every", "1s", "-o", "json"]);
    let running = plugin.arg("--output-file").arg(&path).spawn();
    eventually(SOON, "the first file", || read(&path));
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut seen = 0;
            let mut versions = std::collections::BTreeSet::new();
            while !done.load(Ordering::Relaxed) {
                let graph = read(&path).expect("the file is always there");
                versions.insert(graph["nodes"].as_array().map(Vec::len));
                seen += 1;
            }
            (seen, versions.len())
        });
        for n in 0..4 {
            let name = format!("new-{n}");
            plane().create(&object("ConfigMap", &ns, &name)).unwrap();
            eventually(SOON, "the file has it", || read(&path)?.to_string().contains(&name).then_some(()));
        }
        done.store(true, Ordering::Relaxed);
        let (seen, versions) = reader.join().unwrap();
        assert!(seen > 50 && versions >= 4, "read {seen} times, {versions} versions");
    });
    drop(running);
}

#[test]
fn who_may_list_and_not_watch_gets_the_graph_and_is_told_that_it_will_be_old() {
    let ns = world(1);
    let rules = [Rights::new("get,list", "pods,services"), Rights::new("get,list,watch", "configmaps")];
    let user = plane().restricted_kubeconfig(&ns, &rules).unwrap();
    let running =
        Plugin::new("kubectl-graph").kubeconfig(&user).args(["-n", &ns, "-w", "-o", "json"]).spawn();
    let first = running.json_line(SOON);
    let nodes = first["graph"]["nodes"].to_string();
    for id in [format!("Pod/{ns}/web"), format!("Service/{ns}/web"), format!("ConfigMap/{ns}/map-0")] {
        assert!(nodes.contains(&id), "{nodes}");
    }
    running.json_until(SOON, "that pods get old", |line| {
        let skipped = line["skipped"].as_array().map(Vec::as_slice).unwrap_or_default();
        skipped.iter().any(|s| s["resource"] == "pods" && s["reason"] == "Forbidden")
    });
    plane().create(&object("ConfigMap", &ns, "new")).unwrap();
    running.json_until(SOON, "the config map", |line| tells(line, "added", &format!("ConfigMap/{ns}/new")));
}

#[test]
fn custom_resources_with_rules_are_followed_through_faults_too() {
    let plane = ControlPlane::start(Options::bare()).unwrap();
    let ns = plane.namespace("custom");
    plane.define("Certificate", &["v1"], "cert-manager.io", "certificates", true).unwrap();
    let certificate = |name: &str, secret: &str| {
        json!({"apiVersion": "cert-manager.io/v1", "kind": "Certificate",
            "metadata": {"name": name, "namespace": ns}, "spec": {"secretName": secret}})
    };
    plane.create(&certificate("first", "one")).unwrap();
    let proxy = Proxy::start(&plane);
    let running = follow(proxy.kubeconfig(), &ns);
    let edge = |line: &Value, part: &str, certificate: &str, secret: &str| {
        let (source, target) =
            (format!("Certificate.cert-manager.io/{ns}/{certificate}"), format!("Secret/{ns}/{secret}"));
        let edges = line[part]["edges"].as_array().map(Vec::as_slice).unwrap_or_default();
        edges.iter().any(|edge| edge["source"] == source.as_str() && edge["target"] == target.as_str())
    };
    for (n, break_off) in
        [Proxy::drop_watches, Proxy::expire_watches, Proxy::end_watches].into_iter().enumerate()
    {
        let (name, secret) = (format!("new-{n}"), format!("secret-{n}"));
        plane.create(&certificate(&name, &secret)).unwrap();
        running.json_until(SOON, "the certificate's secret", |line| edge(line, "added", &name, &secret));
        assert!(break_off(&proxy) > 0);
        let first = format!("moved-{n}");
        plane
            .api()
            .patch(
                &plane.path_of(&certificate("first", "")).unwrap(),
                &json!({"spec": {"secretName": first}}),
            )
            .unwrap();
        running.json_until(SOON, "the other secret", |line| edge(line, "added", "first", &first));
    }
    plane.remove(&certificate("first", "")).unwrap();
    running.json_until(SOON, "the end of the first", |line| edge(line, "removed", "first", "moved-2"));
}

#[test]
fn a_type_that_moves_to_another_version_is_followed_there() {
    let plane = ControlPlane::start(Options::bare()).unwrap();
    let ns = plane.namespace("versions");
    plane.define("Widget", &["v1alpha1"], "example.com", "widgets", true).unwrap();
    let widget = |name: &str, version: &str| {
        json!({"apiVersion": format!("example.com/{version}"), "kind": "Widget",
            "metadata": {"name": name, "namespace": ns}})
    };
    plane.create(&widget("old", "v1alpha1")).unwrap();
    let running = follow(plane.kubeconfig(), &ns);
    let path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.example.com";
    let mut definition = plane.api().get(path).unwrap();
    let mut next = definition["spec"]["versions"][0].clone();
    next["name"] = "v1".into();
    next["storage"] = false.into();
    definition["spec"]["versions"][0]["served"] = false.into();
    definition["spec"]["versions"].as_array_mut().unwrap().push(next);
    plane.api().replace(path, &definition).unwrap();
    eventually(SOON, "the server takes the new version", || plane.create(&widget("new", "v1")).ok());
    let id = format!("Widget.example.com/{ns}/new");
    running.json_until(SOON, "the new widget", |line| tells(line, "added", &id));
    // Nothing more is asked of the old version.
    let quiet = |line: &Value| line["skipped"].as_array().is_none_or(Vec::is_empty);
    plane.create(&object("ConfigMap", &ns, "after")).unwrap();
    let after = format!("ConfigMap/{ns}/after");
    let line = running.json_until(SOON, "a config map", |line| tells(line, "added", &after));
    assert!(quiet(&line), "{line}");
    while let Some(line) = running.line(Duration::from_secs(4)) {
        let line: Value = serde_json::from_str(&line).unwrap();
        assert!(quiet(&line) && !tells(&line, "removed", &format!("Widget.example.com/{ns}/old")), "{line}");
    }
}

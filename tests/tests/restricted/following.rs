//! The watch when its parts fail, and when the run is told to end.

use std::{
    fs,
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use passmuster_tests::{
    Plugin, Proxy,
    controlplane::Rule as Rights,
    eventually,
    plugin::Running,
    proxy::{Fault, Rule},
    signal::Signal,
};
use serde_json::{Value, json};

use crate::faults::{plane, world};

/// Long enough for a slow machine.
pub(crate) const SOON: Duration = Duration::from_secs(30);

pub(crate) fn follow(kubeconfig: &Path, namespace: &str) -> Running {
    let running = Plugin::new("kubectl-graph")
        .kubeconfig(kubeconfig)
        .args(["-n", namespace, "-w", "-o", "json"])
        .spawn();
    assert_eq!(running.json_line(SOON)["type"], "graph");
    running
}

pub(crate) fn object(kind: &str, namespace: &str, name: &str) -> Value {
    json!({"apiVersion": "v1", "kind": kind, "metadata": {"name": name, "namespace": namespace}})
}

/// Whether a delta's part (`added`, `removed`) has a node of this id.
pub(crate) fn tells(delta: &Value, part: &str, id: &str) -> bool {
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
    let is_old = |line: &Value| {
        let skipped = line["skipped"].as_array().map(Vec::as_slice).unwrap_or_default();
        skipped.iter().any(|s| s["resource"] == "pods" && s["reason"] == "Forbidden")
    };
    // The watch may have been refused before the graph was complete.
    if !is_old(&first["graph"]) {
        running.json_until(SOON, "that pods get old", is_old);
    }
    plane().create(&object("ConfigMap", &ns, "new")).unwrap();
    running.json_until(SOON, "the config map", |line| tells(line, "added", &format!("ConfigMap/{ns}/new")));
}

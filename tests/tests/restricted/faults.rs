//! Servers that answer badly: what can be read is shown, what can't is told.

use std::{
    sync::OnceLock,
    time::{Duration, Instant},
};

use passmuster_tests::{
    ControlPlane, Options, Plugin, Proxy,
    plugin::Run,
    proxy::{Fault, Rule},
};
use serde_json::json;

use crate::shop::Graph;

/// Long enough for a slow machine, and far less than for ever.
const GENEROUS: Duration = Duration::from_secs(25);

/// The server that these tests share: nothing but a test changes an object.
pub(crate) fn plane() -> &'static ControlPlane {
    static PLANE: OnceLock<ControlPlane> = OnceLock::new();
    PLANE.get_or_init(|| ControlPlane::start(Options::bare()).unwrap())
}

/// A namespace with a pod that uses a config map, a service that targets it, and many more config maps.
pub(crate) fn world(maps: usize) -> String {
    let namespace = plane().namespace("faults");
    let create = |object| plane().create(&object).unwrap();
    let named = |name: &str| json!({"name": name, "namespace": namespace, "labels": {"app": "web"}});
    create(json!({"apiVersion": "v1", "kind": "Pod", "metadata": named("web"), "spec": {"containers": [
        {"name": "main", "image": "x", "envFrom": [{"configMapRef": {"name": "map-0"}}]}]}}));
    create(json!({"apiVersion": "v1", "kind": "Service", "metadata": named("web"), "spec": {
        "selector": {"app": "web"}, "ports": [{"port": 80}]}}));
    for n in 0..maps {
        create(json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": named(&format!("map-{n}"))}));
    }
    namespace
}

fn whole(proxy: &Proxy, namespace: &str, more: &[&str]) -> Run {
    let plugin = Plugin::new("kubectl-graph").kubeconfig(proxy.kubeconfig());
    plugin.args(["-n", namespace, "-o", "json"]).args(more).run()
}

/// What the server says without the proxy, as the cluster of the proxy.
fn fresh(namespace: &str) -> String {
    let plugin = Plugin::new("kubectl-graph").on(plane()).args(["-n", namespace, "-o", "json"]);
    plugin.run().success().stdout.replacen(r#""cluster": "local""#, r#""cluster": "proxy""#, 1)
}

#[test]
fn a_dead_aggregated_api_is_told_and_what_names_its_objects_misses_nothing() {
    let plane = ControlPlane::start(Options::bare()).unwrap();
    let ns = plane.namespace("dead");
    plane.register_dead_api("dead.example.com", "v1").unwrap();
    let owner =
        |group: &str| json!({"apiVersion": format!("{group}/v1"), "kind": "Ghost", "name": "x", "uid": "u"});
    for (name, group) in [("of-the-dead", "dead.example.com"), ("of-nobody", "nobody.example.com")] {
        let metadata = json!({"name": name, "namespace": ns, "ownerReferences": [owner(group)]});
        plane.create(&json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata})).unwrap();
    }
    let run = Plugin::new("kubectl-graph").on(&plane).args(["-n", &ns, "-o", "json"]).run().success();
    let shown = Graph(run.json());
    assert_eq!(shown.skipped(), ["dead.example.com/v1 Unavailable"]);
    assert!(run.stderr.contains("dead.example.com/v1"), "{run}");
    assert_eq!(run.stderr.lines().count(), 1, "{run}");
    let ghost = |group: &str| format!("Ghost.{group}/{ns}/x");
    assert!(shown.marked("unknown").contains(&ghost("dead.example.com").as_str()), "{run}");
    assert_eq!(shown.marked("missing"), [ghost("nobody.example.com")], "{run}");
    let root = Plugin::new("kubectl-graph").on(&plane).args(["cm/of-the-dead", "-n", &ns, "--strict"]).run();
    assert!(root.code == Some(4) && root.stdout.contains("of-the-dead"), "{root}");
}

#[test]
fn a_kind_that_the_server_can_not_give_is_unknown() {
    let ns = world(1);
    let proxy = Proxy::start(plane());
    proxy.add(Rule::new(Fault::Status(503)).path_contains("/configmaps"));
    let run = whole(&proxy, &ns, &[]).success();
    let shown = Graph(run.json());
    assert_eq!(shown.skipped(), ["configmaps Unavailable"]);
    assert_eq!(shown.marked("unknown"), [format!("ConfigMap/{ns}/map-0")]);
    assert!(shown.has_edge("Service/", "targets", "Pod/"));
    whole(&proxy, &ns, &["--strict"]).exits(4);
    let missing = whole(&proxy, &ns, &["--missing", "--exit-code"]).success();
    assert_eq!(Graph(missing.json()).ids(), [""; 0]);
}

#[test]
fn a_busy_server_is_asked_again_when_it_says() {
    let ns = world(1);
    let proxy = Proxy::start(plane());
    let busy = || Rule::new(Fault::TooManyRequests { retry_after: 1 });
    proxy.add(busy().path_contains("/configmaps").first(1));
    let start = Instant::now();
    assert_eq!(whole(&proxy, &ns, &[]).success().stdout, fresh(&ns));
    assert!(start.elapsed() >= Duration::from_secs(1), "asked again before the server wished");
    let asked = proxy.requests().iter().filter(|request| request.path.ends_with("/configmaps")).count();
    assert_eq!(asked, 2);

    // Of what types there are, too.
    proxy.clear();
    proxy.add(busy().path("/apis").first(1));
    assert_eq!(whole(&proxy, &ns, &[]).success().stdout, fresh(&ns));

    // A server that is busy for ever is not waited for.
    proxy.clear();
    proxy.add(busy().path_contains("/configmaps"));
    let start = Instant::now();
    let run = whole(&proxy, &ns, &[]).success();
    assert_eq!(Graph(run.json()).skipped(), ["configmaps TooManyRequests"]);
    assert!(start.elapsed() < GENEROUS);
}

#[test]
fn silence_ends_with_the_request_timeout() {
    let ns = world(1);
    let proxy = Proxy::start(plane());
    for fault in [Fault::Stall, Fault::StallBody { after: 10 }] {
        proxy.clear();
        proxy.add(Rule::new(fault).path_contains("/configmaps"));
        let start = Instant::now();
        let run = whole(&proxy, &ns, &["--request-timeout", "1s"]).success();
        assert!(start.elapsed() < GENEROUS, "{fault:?}: {:?}", start.elapsed());
        let shown = Graph(run.json());
        assert_eq!(shown.skipped(), ["configmaps Timeout"], "{fault:?}");
        assert!(shown.has_edge("Service/", "targets", "Pod/"), "{fault:?}");
    }
}

#[test]
fn an_answer_that_breaks_off_is_asked_for_again() {
    let ns = world(3);
    for (proxy, version) in [(Proxy::start(plane()), "HTTP/2"), (Proxy::http1(plane()), "HTTP/1.1")] {
        for fault in [Fault::Truncate { after: 50 }, Fault::Reset { after: 50 }] {
            proxy.clear();
            proxy.add(Rule::new(fault).path_contains("/configmaps").first(1));
            assert_eq!(whole(&proxy, &ns, &[]).success().stdout, fresh(&ns), "{version} {fault:?}");
        }
        proxy.clear();
        proxy.add(Rule::new(Fault::Truncate { after: 50 }).path_contains("/configmaps"));
        let run = whole(&proxy, &ns, &[]).success();
        assert_eq!(Graph(run.json()).skipped(), ["configmaps Unreachable"], "{version}");
    }
}

#[test]
fn pages_that_expire_on_the_way_still_give_the_whole() {
    let ns = world(700);
    let proxy = Proxy::start(plane());
    let wanted = fresh(&ns);
    assert!(wanted.contains("map-699"));
    proxy.add(Rule::new(Fault::Gone).path_contains("/configmaps").query_contains("continue=").first(1));
    assert_eq!(whole(&proxy, &ns, &[]).success().stdout, wanted);
    assert!(proxy.requests().iter().any(|request| request.status == 410), "no page expired");
}

#[test]
fn a_server_that_says_nothing_of_its_types_is_an_error() {
    let ns = world(0);
    let proxy = Proxy::start(plane());
    proxy.add(Rule::new(Fault::Status(503)));
    let run = whole(&proxy, &ns, &[]).exits(1);
    assert_eq!(run.stdout, "");
    assert!(run.stderr.starts_with("Error from server (ServiceUnavailable): "), "{run}");
    assert_eq!(run.stderr.lines().count(), 1, "{run}");
}

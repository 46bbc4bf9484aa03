//! Each fault of the proxy is what it says, and without one nothing is different.

#![expect(clippy::expect_used, reason = "helpers of tests fail the test that calls them")]

use std::time::{Duration, Instant};

use http::Method;
use passmuster_tests::api::{Chunks, Next};
use passmuster_tests::proxy::{Fault, Rule, Status};
use passmuster_tests::{Api, ControlPlane, Options, Plugin, Proxy, eventually};
use serde_json::{Value, json};

const SOON: Duration = Duration::from_secs(10);
const MOMENT: Duration = Duration::from_millis(300);
const PROTOBUF: &str = "application/vnd.kubernetes.protobuf";
const PROTOBUF_WATCH: &str = "application/vnd.kubernetes.protobuf;stream=watch";
const CONFIG_MAPS: &str = "/api/v1/namespaces/kube-system/configmaps";

fn kubectl(proxy: &Proxy) -> Plugin {
    Plugin::through_kubectl("").kubeconfig(proxy.kubeconfig())
}

fn status_of(api: &Api, path: &str, accept: &str) -> (u16, Value) {
    let response = api.send(&Method::GET, path, &[("accept", accept)], "").expect("an answer");
    (response.status, response.json())
}

/// A watch through the proxy that has shown its first event.
fn watch(proxy: &Proxy, accept: &str) -> Chunks {
    let watch = proxy.api().stream(&format!("{CONFIG_MAPS}?watch=true"), accept).expect("a watch");
    assert!(matches!(watch.next(SOON), Next::Data(_)), "the first event comes");
    watch
}

#[test]
fn passes_everything() {
    let plane = ControlPlane::shared();
    for proxy in [Proxy::start(plane), Proxy::http1(plane)] {
        let namespace = plane.namespace("pass");
        let manifest = "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {k: v}}";
        kubectl(&proxy).args(["apply", "-n", &namespace, "-f", "-"]).stdin(manifest).run().success();
        let args = ["get", "configmap", "a", "-n", &namespace, "-o", "yaml"];
        let through = kubectl(&proxy).args(args).run().success();
        assert_eq!(through.stdout, plane.kubectl(&args));

        let requests = proxy.requests();
        let path = format!("/api/v1/namespaces/{namespace}/configmaps/a");
        let get = requests.iter().rfind(|request| request.path == path).expect("a request for it");
        assert_eq!((get.method.as_str(), get.status, get.is_watch()), ("GET", 200, false));
        assert!(get.bytes > 100);
        proxy.forget();
        assert!(proxy.requests().is_empty());
    }
}

#[test]
fn forbids() {
    let proxy = Proxy::start(ControlPlane::shared());
    proxy.add(Rule::new(Fault::Forbid).method("GET").path_contains("/configmaps"));
    let run = kubectl(&proxy).args(["get", "configmaps"]).run().exits(1);
    assert!(run.stderr.contains("Error from server (Forbidden)"), "{run}");
    kubectl(&proxy).args(["get", "secrets"]).run().success();
    let (status, body) = status_of(proxy.api(), CONFIG_MAPS, "application/json");
    assert_eq!((status, &body["reason"], &body["code"]), (403, &json!("Forbidden"), &json!(403)));
    proxy.clear();
    kubectl(&proxy).args(["get", "configmaps"]).run().success();
}

#[test]
fn asks_for_patience() {
    let proxy = Proxy::start(ControlPlane::shared());
    proxy.add(Rule::new(Fault::TooManyRequests { retry_after: 1 }).path("/api/v1/nodes").first(1));
    let run = kubectl(&proxy).args(["get", "nodes"]).run().success();
    assert!(run.wall >= Duration::from_secs(1), "kubectl waits as it was told: {run}");
    let seen = proxy.requests().into_iter().filter(|request| request.path == "/api/v1/nodes");
    assert_eq!(seen.map(|request| request.status).collect::<Vec<_>>(), [429, 200]);
}

#[test]
fn answers_with_a_status() {
    let proxy = Proxy::start(ControlPlane::shared());
    proxy.add(Rule::new(Fault::Status(503)).path("/api/v1/nodes").nth(2));
    proxy.add(Rule::new(Fault::Gone).query_contains("continue="));
    let statuses = [(); 3].map(|()| status_of(proxy.api(), "/api/v1/nodes", "application/json").0);
    assert_eq!(statuses, [200, 503, 200]);
    let (status, body) = status_of(proxy.api(), "/api/v1/pods?limit=1&continue=x", "application/json");
    assert_eq!((status, &body["reason"]), (410, &json!("Expired")));
}

#[test]
fn delays_and_stalls() {
    let plane = ControlPlane::shared();
    for proxy in [Proxy::start(plane), Proxy::http1(plane)] {
        proxy.add(Rule::new(Fault::Delay(MOMENT)).path("/version"));
        let start = Instant::now();
        proxy.api().get("/version").expect("an answer");
        assert!(start.elapsed() >= MOMENT);

        proxy.add(Rule::new(Fault::Stall).path("/api/v1/nodes"));
        let run = kubectl(&proxy).args(["get", "nodes", "--request-timeout=1s"]).run().exits(1);
        assert!(run.wall >= Duration::from_secs(1), "{run}");
        proxy.add(Rule::new(Fault::StallBody { after: 10 }).path("/api/v1/pods"));
        let body = proxy.api().stream("/api/v1/pods", "application/json").expect("a head");
        let (data, end) = body.rest(MOMENT);
        assert_eq!((body.status, data.len(), end), (200, 10, Next::Silence));
    }
}

#[test]
fn truncates_and_resets() {
    let plane = ControlPlane::shared();
    for proxy in [Proxy::start(plane), Proxy::http1(plane)] {
        proxy.add(Rule::new(Fault::Truncate { after: 20 }).path("/api/v1/nodes"));
        proxy.add(Rule::new(Fault::Reset { after: 30 }).path("/api/v1/pods"));
        let broken = |path| {
            let body = proxy.api().stream(path, "application/json").expect("a head");
            let (data, Next::Broken(reason)) = body.rest(SOON) else { panic!("{path} does not break") };
            (data.len(), reason)
        };
        let (bytes, reason) = broken("/api/v1/nodes");
        assert_eq!(bytes, 20, "{reason}");
        let (bytes, reason) = broken("/api/v1/pods");
        assert_eq!(bytes, 30, "{reason}");
        assert!(reason.contains("reset"), "{reason}");
        let run = kubectl(&proxy).args(["get", "--raw", "/api/v1/nodes"]).run().exits(1);
        assert!(run.stderr.contains("EOF") || run.stderr.contains("stream error"), "{run}");
        // Other requests go on, on new connections where they must.
        proxy.api().get("/version").expect("an answer");
    }
}

#[test]
fn ends_watches() {
    let proxy = Proxy::start(ControlPlane::shared());
    let first = watch(&proxy, "application/json");
    let second = watch(&proxy, PROTOBUF_WATCH);
    assert_eq!(proxy.open_watches(), 2);
    assert_eq!(proxy.drop_watches(), 2);
    for one in [first, second] {
        assert!(matches!(one.rest(SOON).1, Next::Broken(_)));
    }
    eventually(SOON, "no watch open", || (proxy.open_watches() == 0).then_some(()));

    let third = watch(&proxy, "application/json");
    proxy.end_watches();
    assert_eq!(third.rest(SOON).1, Next::End);

    let fourth = watch(&proxy, "application/json");
    proxy.expire_watches();
    let (data, end) = fourth.rest(SOON);
    let event = String::from_utf8_lossy(&data).lines().last().map(serde_json::from_str::<Value>);
    let event = event.expect("an event").expect("JSON");
    assert_eq!((&event["type"], &event["object"]["code"], end), (&json!("ERROR"), &json!(410), Next::End));
}

#[test]
fn a_watch_ends_with_its_client() {
    let proxy = Proxy::http1(ControlPlane::shared());
    let open = watch(&proxy, "application/json");
    assert_eq!(proxy.open_watches(), 1);
    drop(open);
    eventually(SOON, "the watch is closed", || (proxy.open_watches() == 0).then_some(()));
}

/// What the proxy calls 410 is, byte for byte, what the API server does.
#[test]
fn expires_as_the_api_server_does() {
    let plane = ControlPlane::start(Options::bare()).expect("a control plane");
    // A new API server does not know the versions before its start.
    plane.stop_apiserver();
    plane.start_apiserver().expect("it starts again");
    let proxy = Proxy::start(&plane);
    proxy.add(Rule::new(Fault::GoneEvent).query_contains("resourceVersion=1&watch=true"));
    let path = format!("{CONFIG_MAPS}?resourceVersion=1&watch=true");
    for accept in ["application/json", PROTOBUF_WATCH] {
        let event = |api: &Api| {
            let watch = api.stream(&path, accept).expect("a watch");
            assert_eq!((watch.status, watch.content_type.as_str()), (200, accept));
            let (data, end) = watch.rest(SOON);
            assert_eq!(end, Next::End);
            data
        };
        let (real, ours) = (event(plane.api()), event(proxy.api()));
        let text = String::from_utf8_lossy(&real).into_owned();
        let start = text.find("too old").expect("a message");
        let message = &text[start..=start + text[start..].find(')').expect("its end")];
        let same = Status { code: 410, reason: "Expired", message }.event(accept);
        assert_eq!(real, same, "{text:?}");
        assert!(String::from_utf8_lossy(&ours).contains("too old resource version: 1"));
    }
}

/// A refusal comes in the encoding that was asked for, as the API server's would.
#[test]
fn refuses_in_protobuf_too() {
    let proxy = Proxy::start(ControlPlane::shared());
    proxy.add(Rule::new(Fault::Forbid).path(CONFIG_MAPS));
    let accept = format!("{PROTOBUF},application/json");
    let refused = proxy.api().send(&Method::GET, CONFIG_MAPS, &[("accept", &accept)], "").expect("an answer");
    assert_eq!((refused.status, refused.content_type.as_str()), (403, PROTOBUF));
    assert!(refused.body.starts_with(b"k8s\0"));
    assert!(String::from_utf8_lossy(&refused.body).contains("Forbidden"));
}

#[test]
fn an_api_without_a_backend_is_dead() {
    let plane = ControlPlane::shared();
    plane.register_dead_api("dead.example.com", "v1").expect("an API service");
    let (status, _) = status_of(plane.api(), "/apis/dead.example.com/v1", "application/json");
    assert_eq!(status, 503);
    let run = plane.run_kubectl(&["get", "--raw", "/apis/dead.example.com/v1"], "").expect("kubectl");
    assert!(run.stderr.contains("(ServiceUnavailable)"), "{run:?}");
    plane.remove_api("dead.example.com", "v1").expect("its end");
}

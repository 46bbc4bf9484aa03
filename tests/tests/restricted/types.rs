//! The watch while types come, move and go.

use std::time::Duration;

use passmuster_tests::{ControlPlane, Options, Proxy, eventually};
use serde_json::{Value, json};

use crate::following::{SOON, follow, object, tells};

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
    plane
        .api()
        .update(path, |definition| {
            let mut next = definition["spec"]["versions"][0].clone();
            next["name"] = "v1".into();
            next["storage"] = false.into();
            definition["spec"]["versions"][0]["served"] = false.into();
            definition["spec"]["versions"].as_array_mut().unwrap().push(next);
        })
        .unwrap();
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

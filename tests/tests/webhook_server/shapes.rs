//! Every shape of a request, from the real API server.

use std::time::Duration;

use passmuster_tests::{ControlPlane, Webhook};
use serde_json::{Value, json};

const WITHIN: Duration = Duration::from_secs(30);

/// The log line of a call with this operation and resource.
fn called(webhook: &Webhook, operation: &str, resource: &str, name: &str) -> Value {
    let found = webhook.logged("allowed", WITHIN, |line| {
        line["operation"] == operation && line["resource"] == resource && line["name"] == name
    });
    assert!(!found.to_string().contains("s3cr3t"), "{found}");
    found
}

fn pod(name: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "labels": {"app": "web"}},
        "spec": {"nodeSelector": {"no": "such-node"}, "containers": [{"name": "c", "image": "x", "env": [{"name": "A", "value": "s3cr3t"}],
            "resources": {"requests": {"cpu": "100m"}, "limits": {"cpu": "200m"}}}]}})
}

#[test]
fn every_shape_is_understood() {
    let plane = ControlPlane::shared();
    let webhook = Webhook::start("annotated-webhook", &["--log", "info,passmuster_webhook=debug"]);
    let namespace = plane.namespace("shapes");
    webhook.register(plane, &namespace, &["*/*"]);
    let core = format!("/api/v1/namespaces/{namespace}");
    let apps = format!("/apis/apps/v1/namespaces/{namespace}");
    let api = plane.api();

    api.create(&format!("{core}/pods"), &pod("web")).unwrap();
    assert_eq!(called(&webhook, "CREATE", "pods", "web")["kind"], "Pod");
    api.create(&format!("{core}/pods?dryRun=All"), &pod("dry")).unwrap();
    assert_eq!(called(&webhook, "CREATE", "pods", "dry")["dry_run"], true);
    // A generated name is settled when a validating webhook sees it.
    let mut generated = pod("");
    generated["metadata"] = json!({"generateName": "made-"});
    let made = api.create(&format!("{core}/pods"), &generated).unwrap();
    called(&webhook, "CREATE", "pods", made["metadata"]["name"].as_str().unwrap());

    api.patch(&format!("{core}/pods/web"), &json!({"metadata": {"labels": {"a": "b"}}})).unwrap();
    called(&webhook, "UPDATE", "pods", "web");
    let debug =
        json!({"spec": {"ephemeralContainers": [{"name": "d", "image": "x", "targetContainerName": "c"}]}});
    let strategic = [("content-type", "application/strategic-merge-patch+json")];
    let patch = |path: &str, patch: &Value| {
        let answer = api.send(&http::Method::PATCH, path, &strategic, patch.to_string()).unwrap();
        assert_eq!(answer.status, 200, "{}", answer.json());
    };
    patch(&format!("{core}/pods/web/ephemeralcontainers"), &debug);
    assert_eq!(called(&webhook, "UPDATE", "pods/ephemeralcontainers", "web")["kind"], "Pod");
    let larger = json!({"spec": {"containers": [{"name": "c", "resources": {"requests": {"cpu": "150m"}}}]}});
    patch(&format!("{core}/pods/web/resize"), &larger);
    assert_eq!(called(&webhook, "UPDATE", "pods/resize", "web")["kind"], "Pod");
    patch(&format!("{core}/pods/web/status"), &json!({"status": {"message": "fine"}}));
    called(&webhook, "UPDATE", "pods/status", "web");

    let template = json!({"metadata": {"labels": {"app": "w"}}, "spec": pod("x")["spec"]});
    let deployment = json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "d"},
        "spec": {"replicas": 0, "selector": {"matchLabels": {"app": "w"}}, "template": template}});
    api.create(&format!("{apps}/deployments"), &deployment).unwrap();
    called(&webhook, "CREATE", "deployments", "d");
    api.patch(&format!("{apps}/deployments/d/scale"), &json!({"spec": {"replicas": 1}})).unwrap();
    assert_eq!(called(&webhook, "UPDATE", "deployments/scale", "d")["kind"], "Scale");

    // Nobody listens at the other end; the webhook is asked before that shows.
    let path = format!("{core}/pods/web/exec?command=true&stdout=true");
    let _ = api.send(&http::Method::POST, &path, &[], "");
    assert_eq!(called(&webhook, "CONNECT", "pods/exec", "web")["kind"], "PodExecOptions");

    api.delete(&format!("{core}/pods/web")).unwrap();
    called(&webhook, "DELETE", "pods", "web");
    // Of a whole collection each object is a request of its own, whose name only the object knows.
    api.create(
        &format!("{core}/configmaps"),
        &json!({"metadata": {"name": "one", "labels": {"all": "yes"}}}),
    )
    .unwrap();
    api.delete(&format!("{core}/configmaps?labelSelector=all%3Dyes")).unwrap();
    called(&webhook, "DELETE", "configmaps", "one");
}

#[test]
fn what_must_never_be_blocked_is_not() {
    let plane = ControlPlane::shared();
    let webhook = Webhook::start("annotated-webhook", &["--deny-all"]);
    let namespace = plane.namespace("passing");
    let core = format!("/api/v1/namespaces/{namespace}");
    let api = plane.api();
    let held = json!({"metadata": {"name": "held", "finalizers": ["test.passmuster.dev/a", "test.passmuster.dev/b"]}});
    for name in ["held", "kept"] {
        let mut object = held.clone();
        object["metadata"]["name"] = name.into();
        api.create(&format!("{core}/configmaps"), &object).unwrap();
    }
    api.create(&format!("{core}/pods"), &pod("web")).unwrap();
    webhook.register(plane, &namespace, &["*/*"]);

    let denied =
        api.patch(&format!("{core}/configmaps/held"), &json!({"data": {"a": "b"}})).unwrap_err().to_string();
    assert!(denied.contains("everything is denied"), "{denied}");
    let fewer = json!({"metadata": {"finalizers": ["test.passmuster.dev/a"]}});
    let mut more = fewer.clone();
    more["data"]["a"] = "b".into();
    assert!(api.patch(&format!("{core}/configmaps/kept"), &more).is_err(), "finalizers and more");
    api.patch(&format!("{core}/configmaps/kept"), &fewer).unwrap();
    assert!(api.delete(&format!("{core}/configmaps/held")).is_err(), "a deletion is judged");
    api.patch(&format!("{core}/pods/web/status"), &json!({"status": {"message": "fine"}})).unwrap();

    // Deleted while nobody watched: from then on nothing stands in its way.
    plane.kubectl(&["delete", "validatingwebhookconfiguration", &namespace]);
    passmuster_tests::eventually(WITHIN, "the deletion", || {
        api.delete(&format!("{core}/configmaps/held")).ok()
    });
    webhook.register(plane, &namespace, &["*/*"]);
    api.patch(&format!("{core}/configmaps/held"), &json!({"metadata": {"labels": {"on": "its-way"}}}))
        .unwrap();
    api.patch(&format!("{core}/configmaps/held"), &json!({"metadata": {"finalizers": null}})).unwrap();
    assert!(api.get(&format!("{core}/configmaps/held")).is_err(), "it is gone");
}

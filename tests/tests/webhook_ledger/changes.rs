//! Objects that are there and change, or come to another project.

use passmuster_tests::eventually;
use serde_json::json;

use crate::{
    project::{SOON, called, pods, project},
    world::{path, pod, said, shared, status},
};

#[test]
fn a_change_is_charged_what_it_adds() {
    let plane = shared();
    let spec = json!({"hard": {"requests.cpu": "3", "services.loadbalancers": "1"}});
    let (names, _replicas) = project("change", 2, &spec, &["pods", "pods/resize", "services"]);
    called(&pods(&names[0]), &pod(&names[0], "probe", "9"));
    plane.api().create(&pods(&names[0]), &pod(&names[0], "p", "1")).unwrap();
    let resize = |cpu: &str| {
        let patch = json!({"spec": {"containers": [{"name": "c", "resources": {"requests": {"cpu": cpu}}}]}});
        let path = format!("{}/resize", path(&names[0], "p"));
        let headers =
            [("content-type", "application/strategic-merge-patch+json"), ("accept", "application/json")];
        let answer = plane.api().send(&http::Method::PATCH, &path, &headers, patch.to_string()).unwrap();
        (answer.status, answer.json()["message"].as_str().unwrap_or_default().to_owned())
    };
    let (code, message) = resize("4");
    assert_eq!(code, 403, "{message}");
    assert!(
        message.contains("exceeded quota: ProjectQuota/change, requested: requests.cpu=3, used: requests.cpu=1, limited: requests.cpu=3"),
        "{message}"
    );
    assert_eq!(resize("2").0, 200);
    // In another namespace of the project there is one left.
    let refused = plane.api().create(&pods(&names[1]), &pod(&names[1], "q", "1500m"));
    assert!(said(&refused).contains("used: requests.cpu=2"), "{}", said(&refused));
    plane.api().create(&pods(&names[1]), &pod(&names[1], "q", "1")).unwrap();

    let service = |namespace: &str, name: &str| {
        json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": name, "namespace": namespace},
            "spec": {"ports": [{"port": 80}], "selector": {"a": "b"}}})
    };
    let balanced = json!({"spec": {"type": "LoadBalancer"}});
    for (n, namespace) in names.iter().enumerate() {
        plane.create(&service(namespace, "s")).unwrap();
        let changed = plane.api().patch(&format!("/api/v1/namespaces/{namespace}/services/s"), &balanced);
        if n == 0 {
            changed.unwrap();
        } else {
            let message = said(&changed);
            assert!(
                message.contains("requested: services.loadbalancers=1, used: services.loadbalancers=1"),
                "{message}"
            );
        }
    }
}

#[test]
fn a_claim_that_grows_is_charged_what_it_adds() {
    let plane = shared();
    let class = json!({"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": {"name": "grows"},
        "provisioner": "example.com/none", "allowVolumeExpansion": true});
    plane.create(&class).unwrap();
    let by_class = "grows.storageclass.storage.k8s.io/requests.storage";
    let spec = json!({"hard": {"requests.storage": "10Gi", by_class: "5Gi", "persistentvolumeclaims": "2"}});
    let (names, _replicas) = project("grow", 1, &spec, &["persistentvolumeclaims"]);
    let collection = format!("/api/v1/namespaces/{}/persistentvolumeclaims", names[0]);
    let claim = |name: &str, size: &str| {
        json!({"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": name},
            "spec": {"accessModes": ["ReadWriteOnce"], "storageClassName": "grows",
                "resources": {"requests": {"storage": size}}}})
    };
    called(&collection, &claim("probe", "100Gi"));
    plane.api().create(&collection, &claim("data", "2Gi")).unwrap();
    plane.api().create(&collection, &claim("more", "1Gi")).unwrap();
    // Only a claim that is bound may grow.
    let path = format!("{collection}/data");
    plane.api().patch(&format!("{path}/status"), &json!({"status": {"phase": "Bound"}})).unwrap();
    let grow = |size: &str| {
        plane.api().patch(&path, &json!({"spec": {"resources": {"requests": {"storage": size}}}}))
    };
    let refused = said(&grow("5Gi"));
    let expected = format!(
        "exceeded quota: ProjectQuota/grow, requested: {by_class}=3Gi, used: {by_class}=3Gi, limited: {by_class}=5Gi"
    );
    assert!(refused.contains(&expected), "{refused}");
    grow("4Gi").unwrap();
    // Now it is full, to the byte.
    let refused = said(&grow("4294967297"));
    assert!(refused.contains(&format!("requested: {by_class}=1, used: {by_class}=5Gi")), "{refused}");
}

#[test]
fn who_comes_into_a_scope_is_charged_in_full() {
    let plane = shared();
    let spec = json!({"hard": {"pods": "1"}, "scopes": ["Terminating"]});
    let (names, _replicas) = project("scope", 1, &spec, &["pods"]);
    let ending = |name: &str| {
        let mut object = pod(&names[0], name, "1m");
        object["spec"]["activeDeadlineSeconds"] = 1000.into();
        object
    };
    for name in ["a", "b"] {
        plane.api().create(&pods(&names[0]), &pod(&names[0], name, "1m")).unwrap();
    }
    let deadline = json!({"spec": {"activeDeadlineSeconds": 1000}});
    plane.api().patch(&path(&names[0], "a"), &deadline).unwrap();
    eventually(SOON, "one too many", || {
        let outcome = plane.api().create(&format!("{}?dryRun=All", pods(&names[0])), &ending("c"));
        said(&outcome)
            .contains("exceeded quota: ProjectQuota/scope, requested: pods=1, used: pods=1")
            .then_some(())
    });
    let refused = plane.api().patch(&path(&names[0], "b"), &deadline);
    assert!(
        said(&refused).contains("exceeded quota: ProjectQuota/scope, requested: pods=1"),
        "{}",
        said(&refused)
    );
}

#[test]
fn a_namespace_moves_only_where_there_is_room() {
    let plane = shared();
    let (names, _replicas) = project("move", 1, &json!({"hard": {"pods": "2"}}), &["pods"]);
    let outside =
        json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "outside-move", "labels": {}}});
    plane.create(&outside).unwrap();
    for n in 0..2 {
        plane.api().create(&pods("outside-move"), &pod("outside-move", &format!("p{n}"), "1m")).unwrap();
    }
    plane.api().create(&pods(&names[0]), &pod(&names[0], "p", "1m")).unwrap();
    let label = |dry: &str| {
        let patch = json!({"metadata": {"labels": {"project": "move"}}});
        plane.api().patch(&format!("/api/v1/namespaces/outside-move{dry}"), &patch)
    };
    eventually(SOON, "a refusal", || {
        let message = said(&label("?dryRun=All"));
        message
            .contains("exceeded quota: ProjectQuota/move, requested: pods=2, used: pods=1, limited: pods=2")
            .then_some(())
    });
    plane.api().delete(&path("outside-move", "p0")).unwrap();
    eventually(SOON, "room", || label("").ok());
    eventually(SOON, "the namespace's share", || {
        let shares = status(plane, "move")["namespaces"].clone();
        (shares[1]["name"] == "outside-move" && shares[1]["used"]["pods"] == "1").then_some(())
    });
}

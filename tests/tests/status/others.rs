//! READY and STATUS of everything else that has them.

use serde_json::{Value, json};

use crate::columns::{agree, put, start};

fn object(api_version: &str, kind: &str, namespace: &str, name: &str, spec: Value, status: Value) -> Value {
    json!({
        "apiVersion": api_version,
        "kind": kind,
        "metadata": {"name": name, "namespace": namespace},
        "spec": spec,
        "status": status,
    })
}

fn template(restart: &str) -> Value {
    json!({
        "metadata": {"labels": {"app": "x"}},
        "spec": {"restartPolicy": restart, "containers": [{"name": "main", "image": "x"}]},
    })
}

/// The object, kept by a finalizer and so deleted for ever.
fn going(mut object: Value) -> Value {
    object["metadata"]["finalizers"] = json!(["example.com/never"]);
    object["metadata"]["name"] =
        format!("{}-terminating", object["metadata"]["name"].as_str().unwrap()).into();
    object
}

#[test]
fn workloads_with_none_some_and_all_of_their_pods() {
    let (plane, ns) = start();
    let condition = |kind: &str, status: &str| json!([{"type": kind, "status": status, "reason": "x"}]);
    for (name, replicas, ready) in
        [("none", 3, 0), ("some", 3, 2), ("all", 3, 3), ("off", 0, 0), ("more", 1, 2)]
    {
        let spec = json!({"replicas": replicas, "selector": {"matchLabels": {"app": "x"}}, "template": template("Always")});
        let status = json!({"replicas": replicas.max(ready), "readyReplicas": ready, "availableReplicas": ready, "updatedReplicas": ready});
        for kind in ["Deployment", "StatefulSet"] {
            let mut status = status.clone();
            status["conditions"] = condition("Progressing", "False");
            put(plane, &object("apps/v1", kind, &ns, name, spec.clone(), status));
        }
        let mut bare =
            json!({"replicas": replicas.max(ready), "readyReplicas": ready, "availableReplicas": ready});
        bare["conditions"] = condition("ReplicaFailure", "True");
        put(plane, &object("apps/v1", "ReplicaSet", &ns, name, spec.clone(), bare.clone()));
        let of_old = json!({"replicas": replicas, "selector": {"app": "x"}, "template": template("Always")});
        put(plane, &object("v1", "ReplicationController", &ns, name, of_old, bare));
        let spec = json!({"selector": {"matchLabels": {"app": "x"}}, "template": template("Always")});
        let status = json!({"desiredNumberScheduled": replicas, "currentNumberScheduled": ready, "numberReady": ready, "numberMisscheduled": 0});
        put(plane, &object("apps/v1", "DaemonSet", &ns, name, spec, status));
    }
    let default = json!({"selector": {"matchLabels": {"app": "x"}}, "template": template("Always")});
    put(plane, &object("apps/v1", "Deployment", &ns, "new", default.clone(), json!({})));
    put(
        plane,
        &going(object(
            "apps/v1",
            "Deployment",
            &ns,
            "some",
            default,
            json!({"replicas": 1, "readyReplicas": 1}),
        )),
    );
    agree(plane, &ns, "deployments", "Deployment", ("READY", ""), 7);
    agree(plane, &ns, "statefulsets", "StatefulSet", ("READY", ""), 5);
    agree(plane, &ns, "replicasets", "ReplicaSet", ("READY", ""), 5);
    agree(plane, &ns, "replicationcontrollers", "ReplicationController", ("READY", ""), 5);
    agree(plane, &ns, "daemonsets", "DaemonSet", ("READY", ""), 5);
}

#[test]
fn jobs_that_run_wait_end_and_fail() {
    let (plane, ns) = start();
    let spec = json!({"template": template("Never"), "manualSelector": true, "selector": {"matchLabels": {"app": "x"}}});
    let condition = |kind: &str| json!({"type": kind, "status": "True", "reason": "x", "lastTransitionTime": "2026-01-01T00:00:00Z"});
    let started = "2026-01-01T00:00:00Z";
    for (name, status) in [
        ("new", json!({})),
        ("running", json!({"startTime": started, "active": 1})),
        (
            "complete",
            json!({"startTime": started, "completionTime": started, "succeeded": 1, "conditions": [condition("SuccessCriteriaMet"), condition("Complete")]}),
        ),
        (
            "failed",
            json!({"startTime": started, "conditions": [condition("FailureTarget"), condition("Failed")]}),
        ),
        ("failing", json!({"startTime": started, "active": 1, "conditions": [condition("FailureTarget")]})),
        (
            "succeeding",
            json!({"startTime": started, "active": 1, "conditions": [condition("SuccessCriteriaMet")]}),
        ),
        ("suspended", json!({"conditions": [condition("Suspended")]})),
    ] {
        let mut spec = spec.clone();
        spec["suspend"] = (name == "suspended").into();
        put(plane, &object("batch/v1", "Job", &ns, name, spec.clone(), status.clone()));
        if matches!(name, "running" | "suspended" | "complete") {
            put(plane, &going(object("batch/v1", "Job", &ns, name, spec, status)));
        }
    }
    agree(plane, &ns, "jobs", "Job", ("", "STATUS"), 10);
}

#[test]
fn claims_and_volumes_in_every_phase() {
    let (plane, ns) = start();
    let modes = json!(["ReadWriteOnce"]);
    let size = json!({"storage": "1Gi"});
    for phase in ["Pending", "Bound", "Lost"] {
        let spec = json!({"accessModes": modes, "resources": {"requests": size}, "storageClassName": ""});
        let claim =
            object("v1", "PersistentVolumeClaim", &ns, &phase.to_lowercase(), spec, json!({"phase": phase}));
        put(plane, &going(claim.clone()));
        plane.create(&claim).unwrap();
    }
    for phase in ["Pending", "Available", "Bound", "Released", "Failed"] {
        let spec = json!({"accessModes": modes, "capacity": size, "hostPath": {"path": "/x"}, "storageClassName": "x"});
        let mut volume =
            object("v1", "PersistentVolume", &ns, &phase.to_lowercase(), spec, json!({"phase": phase}));
        volume["metadata"]["namespace"] = Value::Null;
        put(plane, &volume);
        volume = going(volume);
        put(plane, &volume);
        plane.api().delete(&plane.path_of(&volume).unwrap()).unwrap();
    }
    agree(plane, &ns, "persistentvolumeclaims", "PersistentVolumeClaim", ("", "STATUS"), 6);
    agree(plane, &ns, "persistentvolumes", "PersistentVolume", ("", "STATUS"), 10);
}

#[test]
fn nodes_and_namespaces() {
    let (plane, ns) = start();
    let ready = |status: &str| json!({"conditions": [{"type": "Ready", "status": status}]});
    for (name, unschedulable, status) in [
        ("ready", false, ready("True")),
        ("not-ready", false, ready("False")),
        ("unknown", false, ready("Unknown")),
        ("cordoned", true, ready("True")),
        ("cordoned-not-ready", true, ready("False")),
        ("silent", false, json!({})),
        ("silent-cordoned", true, json!({})),
        ("pressed", false, json!({"conditions": [{"type": "MemoryPressure", "status": "True"}]})),
    ] {
        let mut node = object("v1", "Node", "", name, json!({"unschedulable": unschedulable}), status);
        node["metadata"]["namespace"] = Value::Null;
        put(plane, &node);
    }
    agree(plane, &ns, "nodes", "Node", ("", "STATUS"), 8);
    let gone = plane.namespace("gone");
    plane.api().delete(&format!("/api/v1/namespaces/{gone}")).unwrap();
    agree(plane, &ns, "namespaces", "Namespace", ("", "STATUS"), 6);
}

#[test]
fn claims_of_devices() {
    let (plane, ns) = start();
    let allocation = json!({"devices": {"results": [{"request": "r", "driver": "x.example.com", "pool": "p", "device": "d"}]}});
    let reserved = json!([{"resource": "pods", "name": "p", "uid": "u"}]);
    let spec = json!({"devices": {"requests": [{"name": "r", "exactly": {"deviceClassName": "c"}}]}});
    for (name, status) in [
        ("pending", json!({})),
        ("allocated", json!({"allocation": allocation})),
        ("reserved", json!({"allocation": allocation, "reservedFor": reserved})),
    ] {
        let claim = object("resource.k8s.io/v1", "ResourceClaim", &ns, name, spec.clone(), status);
        plane.create(&claim).unwrap();
        put(plane, &going(claim));
    }
    agree(plane, &ns, "resourceclaims", "ResourceClaim", ("", "STATE"), 6);
}

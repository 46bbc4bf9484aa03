//! What is asked: reviews as API servers send them, with everything that real objects have.

use serde_json::{Value, json};

/// A review's bytes.
pub(crate) struct Body {
    pub(crate) name: &'static str,
    pub(crate) bytes: Vec<u8>,
}

pub(crate) fn all() -> Vec<Body> {
    let deployment = json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata(28),
        "spec": {"replicas": 3, "selector": {"matchLabels": {"app": "web"}},
            "template": {"metadata": {"labels": {"app": "web"}}, "spec": pod_spec(4)}}});
    let pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": metadata(4), "spec": pod_spec(1)});
    let (before, after) = (config_map("1"), config_map("2"));
    vec![
        body("pod, 4 KB", "CREATE", &pod, &Value::Null, 4 << 10),
        body("deployment, 12 KB", "CREATE", &deployment, &Value::Null, 12 << 10),
        body("update of 2 × 500 KB", "UPDATE", &after, &before, 1000 << 10),
    ]
}

/// A review of about `size` bytes: managed fields make up what is missing.
fn body(name: &'static str, operation: &str, object: &Value, old: &Value, size: usize) -> Body {
    let kind = object["kind"].as_str().unwrap_or_default();
    let version = object["apiVersion"].as_str().unwrap_or_default();
    let (group, version) = version.split_once('/').unwrap_or(("", version));
    let review = json!({"kind": "AdmissionReview", "apiVersion": "admission.k8s.io/v1", "request": {
        "uid": "705ab4f5-6393-11e8-b7cc-42010a800002",
        "kind": {"group": group, "version": version, "kind": kind},
        "resource": {"group": group, "version": version, "resource": format!("{}s", kind.to_lowercase())},
        "requestKind": {"group": group, "version": version, "kind": kind},
        "requestResource": {"group": group, "version": version, "resource": format!("{}s", kind.to_lowercase())},
        "name": "web", "namespace": "shop", "operation": operation,
        "userInfo": {"username": "system:serviceaccount:shop:deployer", "uid": "014fbff9a07c",
            "groups": ["system:serviceaccounts", "system:serviceaccounts:shop", "system:authenticated"]},
        "object": object, "oldObject": old, "dryRun": false,
        "options": {"kind": "CreateOptions", "apiVersion": "meta.k8s.io/v1", "fieldManager": "kubectl-create"}}});
    let bytes = review.to_string().into_bytes();
    assert!(bytes.len() > size * 8 / 10 && bytes.len() < size * 12 / 10, "{name} has {} bytes", bytes.len());
    Body { name, bytes }
}

fn metadata(fields: usize) -> Value {
    let managed: Vec<_> = (0..fields)
        .map(|number| {
            json!({"manager": format!("controller-{number}"), "operation": "Update", "apiVersion": "v1",
                "time": "2026-01-01T00:00:00Z", "fieldsType": "FieldsV1",
                "fieldsV1": {"f:metadata": {"f:labels": {".": {}, "f:app": {}}}, "f:spec": {"f:containers": {}}}})
        })
        .collect();
    json!({"name": "web", "namespace": "shop", "uid": "0b4c6c1e-2f4b-4c1c-9c4b-0d8f1a2b3c4d",
        "resourceVersion": "12345", "creationTimestamp": "2026-01-01T00:00:00Z",
        "labels": {"app": "web", "app.kubernetes.io/name": "web", "app.kubernetes.io/part-of": "shop"},
        "annotations": {"example.com/owner": "team-shop"}, "managedFields": managed})
}

fn pod_spec(containers: usize) -> Value {
    let container = |number: usize| {
        let env: Vec<_> = (0..8)
            .map(|key| json!({"name": format!("SETTING_{key}"), "value": format!("value of setting {key}")}))
            .collect();
        json!({"name": format!("c{number}"), "image": "registry.example.com/shop/web:1.2.3", "env": env,
            "imagePullPolicy": "IfNotPresent", "ports": [{"containerPort": 8080, "protocol": "TCP"}],
            "resources": {"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"cpu": "1", "memory": "256Mi"}},
            "livenessProbe": {"httpGet": {"path": "/healthz", "port": 8080, "scheme": "HTTP"}, "periodSeconds": 10},
            "readinessProbe": {"httpGet": {"path": "/readyz", "port": 8080, "scheme": "HTTP"}, "periodSeconds": 5},
            "securityContext": {"allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true,
                "runAsNonRoot": true, "capabilities": {"drop": ["ALL"]}, "seccompProfile": {"type": "RuntimeDefault"}},
            "terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File",
            "volumeMounts": [{"name": "tmp", "mountPath": "/tmp"},
                {"name": "kube-api-access", "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount", "readOnly": true}]})
    };
    json!({"containers": (0..containers).map(container).collect::<Vec<_>>(), "restartPolicy": "Always",
        "dnsPolicy": "ClusterFirst", "serviceAccountName": "web", "schedulerName": "default-scheduler",
        "terminationGracePeriodSeconds": 30, "volumes": [{"name": "tmp", "emptyDir": {}},
            {"name": "kube-api-access", "projected": {"defaultMode": 420, "sources": [
                {"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}},
                {"configMap": {"name": "kube-root-ca.crt", "items": [{"key": "ca.crt", "path": "ca.crt"}]}}]}}],
        "tolerations": [{"key": "node.kubernetes.io/not-ready", "operator": "Exists", "effect": "NoExecute"}]})
}

fn config_map(version: &str) -> Value {
    let lines = |key: usize| {
        format!("key {key}, version {version}: \"quoted\"\nand a second line, of some length\n").repeat(64)
    };
    let data: serde_json::Map<String, Value> =
        (0..100).map(|key| (format!("file-{key}.conf"), Value::String(lines(key)))).collect();
    json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata(2), "data": data})
}

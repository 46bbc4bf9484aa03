//! One application of the population: a deployment and what belongs to it.

use serde_json::{Value, json};

use super::random::Random;

/// The application number `d` of a namespace.
pub(super) fn app(namespace: &str, d: usize, replicas: usize, random: &mut Random) -> Vec<Value> {
    let name = format!("app-{d:02}");
    let object = |api: &str, kind: &str, rest: Value| object(api, kind, &name, namespace, rest);
    let tier = random.choose(&["web", "api", "batch"]);
    let labels = json!({"app": name, "app.kubernetes.io/name": name, "tier": tier});
    let selector = json!({"matchLabels": {"app": name}});
    let config = format!("x: {}", "y".repeat(random.range(100, 4001)));
    let image = format!("registry.example/{name}:{}", random.choose(&["1.0", "latest", "2.3.4"]));

    let mut deployment = object(
        "apps/v1",
        "Deployment",
        json!({"spec": {
            "replicas": replicas,
            "selector": selector,
            "template": {"metadata": {"labels": labels}, "spec": pod(&name, d, &image)},
        }}),
    );
    deployment["metadata"]["labels"] = labels;
    let mut objects = vec![
        object("v1", "ConfigMap", json!({"data": {"config.yaml": config}})),
        object("v1", "Secret", json!({"stringData": {"password": "z".repeat(40)}})),
        object("v1", "ServiceAccount", json!({})),
        deployment,
        object(
            "v1",
            "Service",
            json!({"spec": {
                "selector": {"app": name},
                "ports": [{"port": 80, "targetPort": 8080}],
            }}),
        ),
    ];
    if d.is_multiple_of(4) {
        let backend = json!({"service": {"name": name, "port": {"number": 80}}});
        let path = json!({"path": "/", "pathType": "Prefix", "backend": backend});
        let rule = json!({"host": format!("{name}.{namespace}.example"), "http": {"paths": [path]}});
        objects.push(object("networking.k8s.io/v1", "Ingress", json!({"spec": {"rules": [rule]}})));
    }
    if d.is_multiple_of(5) {
        let target = json!({"type": "Utilization", "averageUtilization": 80});
        objects.push(object(
            "autoscaling/v2",
            "HorizontalPodAutoscaler",
            json!({"spec": {
                "minReplicas": replicas,
                "maxReplicas": replicas * 2,
                "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": name},
                "metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": target}}],
            }}),
        ));
    }
    if d.is_multiple_of(2) {
        let spec = json!({"minAvailable": 1, "selector": selector});
        objects.push(object("policy/v1", "PodDisruptionBudget", json!({"spec": spec})));
    }
    if d.is_multiple_of(3) {
        objects.push(object(
            "networking.k8s.io/v1",
            "NetworkPolicy",
            json!({"spec": {
                "podSelector": selector,
                "policyTypes": ["Ingress"],
                "ingress": [{"from": [{"podSelector": {}}]}],
            }}),
        ));
    }
    objects
}

fn pod(name: &str, d: usize, image: &str) -> Value {
    let resources = json!({
        "requests": {"cpu": "100m", "memory": "128Mi"},
        "limits": {"cpu": "500m", "memory": "256Mi"},
    });
    let hardened = json!({
        "runAsNonRoot": true,
        "allowPrivilegeEscalation": false,
        "capabilities": {"drop": ["ALL"]},
        "seccompProfile": {"type": "RuntimeDefault"},
    });
    let password = json!({"secretKeyRef": {"name": name, "key": "password"}});
    json!({
        "serviceAccountName": name,
        "containers": [{
            "name": "main",
            "image": image,
            "envFrom": [{"configMapRef": {"name": name}}],
            "env": [{"name": "PASSWORD", "valueFrom": password}],
            "resources": if d.is_multiple_of(4) { json!({}) } else { resources },
            "securityContext": if d.is_multiple_of(3) { hardened } else { json!({}) },
            "ports": [{"containerPort": 8080}],
            "volumeMounts": [{"name": "config", "mountPath": "/etc/app"}],
        }],
        "volumes": [{"name": "config", "configMap": {"name": name}}],
    })
}

/// An object of this kind and name with the remaining fields.
fn object(api: &str, kind: &str, name: &str, namespace: &str, rest: Value) -> Value {
    let mut object = json!({
        "apiVersion": api,
        "kind": kind,
        "metadata": {"name": name, "namespace": namespace},
    });
    if let (Value::Object(object), Value::Object(rest)) = (&mut object, rest) {
        object.extend(rest);
    }
    object
}

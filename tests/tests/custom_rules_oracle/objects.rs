//! What the expressions are asked of.

use serde_json::{Value, json};

/// One object of each kind that the policies are about.
pub(crate) fn all() -> Vec<Value> {
    let containers = json!([
        {"name": "main", "image": "registry.example.com/shop/web:1.2.3", "ports": [{"containerPort": 8080}],
            "resources": {"requests": {"cpu": "250m", "memory": "1Gi"}, "limits": {"memory": "1536Mi"}},
            "env": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]},
        {"name": "side", "image": "busybox"},
    ]);
    let metadata = json!({"name": "web", "namespace": "shop", "labels": {"app": "web", "team": "search"},
        "annotations": {"example.com/owner": "ann@example.com", "example.com/until": "2027-03-31"}});
    vec![
        json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata,
            "spec": {"replicas": 3, "selector": {"matchLabels": {"app": "web"}},
                "template": {"metadata": {"labels": {"app": "web", "tier": "front"}},
                    "spec": {"containers": containers}}}}),
        json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "one", "namespace": "shop", "labels": {"app": "one"}},
            "spec": {"hostNetwork": true, "containers": containers, "nodeSelector": {"disk": "ssd"}}}),
        json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web", "namespace": "shop", "labels": {"app": "web"}},
            "spec": {"selector": {"app": "web"}, "externalIPs": ["192.0.2.7"],
                "ports": [{"name": "http", "port": 80, "targetPort": "web"}, {"name": "https", "port": 443}]}}),
    ]
}

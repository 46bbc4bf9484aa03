//! Generated roles and bindings.

use passmuster_tests::{ControlPlane, population::Random};
use serde_json::{Value, json};

pub(crate) const VERBS: &[&str] = &["get", "list", "create", "update", "bind", "impersonate"];
pub(crate) const GROUPS: &[&str] = &["", "apps", "example.com"];
/// Resource and subresource.
pub(crate) const RESOURCES: &[(&str, &str)] = &[
    ("pods", ""),
    ("pods", "exec"),
    ("pods", "log"),
    ("secrets", ""),
    ("deployments", ""),
    ("deployments", "scale"),
    ("nodes", "proxy"),
    ("widgets", ""),
];
pub(crate) const NAMES: &[&str] = &["a", "b"];
pub(crate) const PATHS: &[&str] = &["/healthz", "/healthz/ping", "/metrics", "/custom/a/b", "/custom", "/"];
pub(crate) const USERS: &[&str] = &["ada", "bob", "eve"];
pub(crate) const ACCOUNTS: &[&str] = &["web", "db"];
pub(crate) const TEAMS: &[&str] = &["devs", "ops"];

const RULE_RESOURCES: &[&str] = &[
    "pods",
    "pods/exec",
    "pods/log",
    "secrets",
    "deployments",
    "deployments/scale",
    "nodes/proxy",
    "widgets",
    "*/scale",
    "*/exec",
    "pods/*",
    "*/*",
];
const RULE_PATHS: &[&str] =
    &["/healthz", "/healthz/*", "/metrics", "/custom/*", "/custom*", "/custom/*/b", "*"];

/// What was written.
pub(crate) struct Cluster {
    pub(crate) namespaces: Vec<String>,
    /// Every object as it was sent.
    pub(crate) objects: Vec<Value>,
}

fn some(random: &mut Random, from: &[&str], star: usize) -> Vec<String> {
    if random.percent(star) {
        return vec!["*".to_owned()];
    }
    let count = random.range(1, 4);
    (0..count).map(|_| random.choose(from).to_owned()).collect()
}

fn rule(random: &mut Random, of_cluster: bool) -> Value {
    if of_cluster && random.percent(20) {
        return json!({"verbs": some(random, &["get", "list"], 10), "nonResourceURLs": [random.choose(RULE_PATHS)]});
    }
    let mut rule = json!({
        "verbs": some(random, VERBS, 10),
        "apiGroups": some(random, GROUPS, 12),
        "resources": some(random, RULE_RESOURCES, 8),
    });
    if random.percent(25) {
        rule["resourceNames"] = json!([random.choose(NAMES)]);
    }
    rule
}

fn rules(random: &mut Random, of_cluster: bool) -> Vec<Value> {
    let count = random.range(1, 4);
    (0..count).map(|_| rule(random, of_cluster)).collect()
}

fn subject(random: &mut Random, namespaces: &[String]) -> Value {
    let namespaces: Vec<&str> = namespaces.iter().map(String::as_str).collect();
    let (namespace, account) = (random.choose(&namespaces), random.choose(ACCOUNTS));
    let (kind, name) = match random.range(0, 10) {
        0..3 => return json!({"kind": "ServiceAccount", "namespace": namespace, "name": account}),
        3..6 => ("User", random.choose(USERS).to_owned()),
        6 => ("User", format!("system:serviceaccount:{namespace}:{account}")),
        7 => ("Group", random.choose(TEAMS).to_owned()),
        8 => ("Group", format!("system:serviceaccounts:{namespace}")),
        _ => ("Group", random.choose(&["system:serviceaccounts", "system:authenticated", "devs"]).to_owned()),
    };
    json!({"kind": kind, "apiGroup": "rbac.authorization.k8s.io", "name": name})
}

impl Cluster {
    /// Writes some hundred objects.
    pub(crate) fn generate(server: &ControlPlane, random: &mut Random) -> Self {
        let namespaces: Vec<String> = (0..2).map(|_| server.namespace("rbac")).collect();
        let object = |kind: &str, name: String, namespace: Option<&String>| {
            let mut metadata = json!({"name": name});
            if let Some(namespace) = namespace {
                metadata["namespace"] = json!(namespace);
            }
            json!({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": kind, "metadata": metadata})
        };
        let mut objects = Vec::new();
        for n in 0..24 {
            let mut role = object("ClusterRole", format!("c{n}"), None);
            role["metadata"]["labels"] = json!({"part": random.choose(&["x", "y", "z", "none"])});
            if random.percent(25) {
                // Of parts that may be put together themselves, in a circle too.
                let value = random.choose(&["x", "y", "z"]);
                let selector = match random.range(0, 3) {
                    0 => json!({"matchLabels": {"part": value}}),
                    1 => {
                        json!({"matchExpressions": [{"key": "part", "operator": "In", "values": [value, "y"]}]})
                    }
                    _ => {
                        json!({"matchExpressions": [{"key": "part", "operator": "NotIn", "values": [value, "none"]}, {"key": "part", "operator": "Exists"}]})
                    }
                };
                role["aggregationRule"] = json!({"clusterRoleSelectors": [selector]});
                role["rules"] = json!([]);
            } else {
                role["rules"] = json!(rules(random, true));
            }
            objects.push(role);
        }
        for n in 0..16 {
            let mut role = object("Role", format!("r{}", n / 2), namespaces.get(n % 2));
            role["rules"] = json!(rules(random, false));
            objects.push(role);
        }
        for n in 0..60 {
            let of_cluster = random.percent(35);
            let kind = if of_cluster { "ClusterRoleBinding" } else { "RoleBinding" };
            let namespace = namespaces.get(random.range(0, 2)).filter(|_| !of_cluster);
            let mut binding = object(kind, format!("b{n}"), namespace);
            let (kind, role) = match random.range(0, 10) {
                0..4 if !of_cluster => ("Role", format!("r{}", random.range(0, 10))),
                9 => ("ClusterRole", random.choose(&["view", "edit", "admin", "gone"]).to_owned()),
                _ => ("ClusterRole", format!("c{}", random.range(0, 24))),
            };
            binding["roleRef"] = json!({"apiGroup": "rbac.authorization.k8s.io", "kind": kind, "name": role});
            let count = random.range(0, 4);
            binding["subjects"] = (0..count).map(|_| subject(random, &namespaces)).collect();
            objects.push(binding);
        }
        for object in &objects {
            server.create(object).unwrap();
        }
        Self { namespaces, objects }
    }
}

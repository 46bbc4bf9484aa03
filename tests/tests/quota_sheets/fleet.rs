//! Answers as clusters give them.

use passmuster::quota::QuotaUsage;
use serde_json::{Value, json};

/// Two clusters that answered and one that did not.
pub(crate) fn fleet() -> QuotaUsage {
    read(json!({
        "apiVersion": "passmuster.dev/v1alpha1",
        "kind": "QuotaUsage",
        "by": ["cluster", "project", "namespace"],
        "at": "2026-02-28T10:00:00Z",
        "period": "1d",
        "clusters": [
            {"name": "prod-a", "context": "a", "skipped": [
                {"resource": "metrics.k8s.io", "reason": "NotFound", "message": "the server has no metrics API"},
            ]},
            {"name": "prod-b", "context": "b", "error": "connection refused"},
            {"name": "prod-c", "context": "c"},
        ],
        "rows": [
            row("prod-a", "shop", "web", "requests.cpu", "8", "6500m", 0.8125),
            row("prod-a", "shop", "web", "requests.memory", "32Gi", "31Gi", 0.96875),
            row("prod-a", "shop", "api", "requests.cpu", "4", "1", 0.25),
            row("prod-a", "shop", "api", "pods", "20", "3", 0.15),
            row("prod-c", "bank", "core", "requests.cpu", "3", "2", 0.666_666_666_7),
            row("prod-c", "bank", "core", "requests.memory", "512Ti", "1", 0.0),
            {"cluster": "prod-c", "namespace": "kube-system", "resource": "cpu", "requested": "850m", "allocatable": "96"},
        ],
        "totals": [
            {"resource": "requests.cpu", "hard": "15", "used": "9500m", "rate": 0.633_333_333_3},
        ],
    }))
}

fn row(
    cluster: &str,
    project: &str,
    namespace: &str,
    resource: &str,
    hard: &str,
    used: &str,
    rate: f64,
) -> Value {
    let display = if project == "shop" { "商店" } else { "银行" };
    json!({
        "cluster": cluster, "project": project, "displayName": display, "namespace": namespace,
        "quota": "compute", "resource": resource, "hard": hard, "used": used, "rate": rate,
    })
}

/// Names that mean something to a spreadsheet, a page or a terminal.
pub(crate) const NAMES: &[&str] = &[
    "=1+1",
    "+1+1",
    "-1-1",
    "@SUM(1)",
    " =1+1",
    "\t=1+1",
    "'=1+1",
    "=cmd|' /C calc'!A0",
    "</script><script>document.title='taken'</script>",
    "<img src=x onerror=document.title='taken'>",
    "a,b;c\"d\"",
    "new\nline",
    "esc\u{1b}]0;taken\u{7}",
    "\u{202e}reversed",
    "007",
    "2026-02-30",
];

/// An answer with such names.
pub(crate) fn hostile() -> QuotaUsage {
    let rows: Vec<Value> = NAMES
        .iter()
        .map(|name| json!({"cluster": name, "project": name, "namespace": name, "quota": name, "resource": name, "used": "1"}))
        .collect();
    read(json!({
        "apiVersion": "passmuster.dev/v1alpha1", "kind": "QuotaUsage", "by": ["cluster", "namespace"],
        "clusters": NAMES.iter().map(|name| json!({"name": name, "context": name, "error": name})).collect::<Vec<_>>(),
        "rows": rows, "totals": [],
    }))
}

fn read(value: Value) -> QuotaUsage {
    serde_json::from_value(value).expect("an answer")
}

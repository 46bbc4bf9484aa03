//! Other products' definitions, as far as quotas go, and objects as their users write them.
#![expect(clippy::needless_pass_by_value, reason = "parts of one document become parts of another")]

use serde_json::{Value, json};

/// Amounts as every product's schema has them.
fn amounts() -> Value {
    json!({"type": "object", "additionalProperties": {
        "anyOf": [{"type": "integer"}, {"type": "string"}], "x-kubernetes-int-or-string": true}})
}

fn object(properties: Value) -> Value {
    json!({"type": "object", "properties": properties})
}

fn list(items: Value) -> Value {
    json!({"type": "array", "items": items})
}

fn texts() -> Value {
    json!({"type": "object", "additionalProperties": {"type": "string"}})
}

fn text() -> Value {
    json!({"type": "string"})
}

/// `metav1.LabelSelector`.
fn selector() -> Value {
    let expression = object(json!({"key": text(), "operator": text(), "values": list(text())}));
    object(json!({"matchLabels": texts(), "matchExpressions": list(expression)}))
}

/// `v1.ResourceQuotaSpec`.
fn quota() -> Value {
    let expression = object(json!({"scopeName": text(), "operator": text(), "values": list(text())}));
    object(json!({
        "hard": amounts(), "scopes": list(text()), "scopeSelector": object(json!({"matchExpressions": list(expression)}))}))
}

/// `v1.ResourceQuotaStatus`.
fn charged() -> Value {
    object(json!({"hard": amounts(), "used": amounts(), "available": amounts(), "claimed": amounts()}))
}

fn definition(
    kind: &str,
    api_version: &str,
    plural: &str,
    namespaced: bool,
    spec: Value,
    status: Value,
) -> Value {
    let (group, version) = api_version.split_once('/').unwrap();
    json!({
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {
            "name": format!("{plural}.{group}"),
            "annotations": {"api-approved.kubernetes.io": "unapproved, for tests"},
        },
        "spec": {
            "group": group,
            "scope": if namespaced { "Namespaced" } else { "Cluster" },
            "names": {"kind": kind, "plural": plural, "singular": kind.to_lowercase()},
            "versions": [{
                "name": version, "served": true, "storage": true, "subresources": {"status": {}},
                "schema": {"openAPIV3Schema": object(json!({"spec": spec, "status": status}))},
            }],
        },
    })
}

/// Every product's definitions.
pub(crate) fn definitions() -> Vec<Value> {
    let cluster = object(json!({"name": text(), "type": text(), "quota": amounts()}));
    let rancher = object(json!({
        "pods": text(), "limitsCpu": text(), "limitsMemory": text(), "requestsCpu": text(), "extended": texts()}));
    let assigned = object(json!({"clusterName": text(), "hard": amounts(), "used": amounts()}));
    vec![
        definition("ProjectQuota", "auth.alauda.io/v1", "projectquotas", false, quota(), charged()),
        definition(
            "Project",
            "auth.alauda.io/v1",
            "projects",
            false,
            object(json!({"clusters": list(cluster), "clusterDeletePolicy": text()})),
            object(json!({"phase": text()})),
        ),
        definition(
            "ClusterResourceQuota",
            "quota.openshift.io/v1",
            "clusterresourcequotas",
            false,
            object(
                json!({"quota": quota(), "selector": object(json!({"labels": selector(), "annotations": texts()}))}),
            ),
            object(
                json!({"total": charged(), "namespaces": list(object(json!({"namespace": text(), "status": charged()})))}),
            ),
        ),
        definition(
            "HierarchicalResourceQuota",
            "hnc.x-k8s.io/v1alpha2",
            "hierarchicalresourcequotas",
            true,
            object(json!({"hard": amounts()})),
            charged(),
        ),
        definition(
            "Tenant",
            "capsule.clastix.io/v1beta2",
            "tenants",
            false,
            object(json!({"resourceQuotas": object(json!({"scope": text(), "items": list(quota())}))})),
            object(json!({"namespaces": list(text())})),
        ),
        definition(
            "GlobalResourceQuota",
            "capsule.clastix.io/v1beta2",
            "globalresourcequotas",
            false,
            object(json!({
                "quotas": {"type": "object", "additionalProperties": quota()}, "selectors": list(selector())})),
            object(json!({"quotas": {"type": "object", "additionalProperties": charged()}})),
        ),
        definition(
            "ResourcePool",
            "capsule.clastix.io/v1beta2",
            "resourcepools",
            false,
            object(json!({"quota": quota(), "selectors": list(selector())})),
            object(json!({"allocation": charged()})),
        ),
        definition(
            "Project",
            "management.cattle.io/v3",
            "projects",
            true,
            object(json!({"clusterName": text(), "displayName": text(),
                "resourceQuota": object(json!({"limit": rancher, "usedLimit": rancher}))})),
            json!({"type": "object", "x-kubernetes-preserve-unknown-fields": true}),
        ),
        definition(
            "FederatedResourceQuota",
            "policy.karmada.io/v1alpha1",
            "federatedresourcequotas",
            true,
            object(json!({"overall": amounts(), "staticAssignments": list(assigned.clone())})),
            object(
                json!({"overall": amounts(), "overallUsed": amounts(), "aggregatedStatus": list(assigned)}),
            ),
        ),
    ]
}

/// Namespaces of their projects, and one that nobody claims.
pub(crate) fn namespaces() -> Vec<Value> {
    let namespace = |name: &str, labels: Value, annotations: Value| {
        json!({"apiVersion": "v1", "kind": "Namespace",
            "metadata": {"name": name, "labels": labels, "annotations": annotations}})
    };
    let none = || json!({});
    vec![
        namespace("c-m-abc", none(), none()),
        namespace("p-acme", json!({"p-acme.tree.hnc.x-k8s.io/depth": "0"}), none()),
        namespace("p-acme-team", json!({"p-acme.tree.hnc.x-k8s.io/depth": "1"}), none()),
        namespace("p-fed", none(), none()),
        namespace("p-gas", json!({"env": "prod"}), none()),
        namespace("p-joe", none(), json!({"openshift.io/requester": "joe"})),
        namespace("p-nobody", none(), json!({"openshift.io/requester": "jane"})),
        namespace("p-oil", json!({"capsule.clastix.io/tenant": "oil"}), none()),
        namespace("p-pay", json!({"cpaas.io/project": "pay", "cpaas.io/cluster": "east"}), none()),
        namespace("p-pool", json!({"pool": "yes"}), none()),
        namespace(
            "p-rancher",
            none(),
            json!({"field.cattle.io/projectId": "c-m-abc:p-xyz12",
            "field.cattle.io/resourceQuota": "{\"limit\":{\"limitsCpu\":\"1\"}}"}),
        ),
    ]
}

/// An object of each kind.
pub(crate) fn objects() -> Vec<Value> {
    vec![
        json!({"apiVersion": "auth.alauda.io/v1", "kind": "ProjectQuota", "metadata": {"name": "pay"},
            "spec": {"hard": {"limits.cpu": "4", "pods": 30}}, "status": {"used": {"limits.cpu": "1"}}}),
        json!({"apiVersion": "auth.alauda.io/v1", "kind": "Project",
            "metadata": {"name": "pay", "annotations": {"cpaas.io/display-name": "支付"}},
            "spec": {"clusters": [
                {"name": "east", "type": "", "quota": {"limits.cpu": "4", "pods": "30"}},
                {"name": "west", "quota": {"limits.cpu": "2"}}, {"name": "global", "quota": {}}]}}),
        json!({"apiVersion": "quota.openshift.io/v1", "kind": "ClusterResourceQuota", "metadata": {"name": "for-joe"},
            "spec": {"quota": {"hard": {"pods": "10", "secrets": 20}},
                "selector": {"annotations": {"openshift.io/requester": "joe"}}},
            "status": {"total": {"hard": {"pods": "10"}, "used": {"pods": "9"}},
                "namespaces": [{"namespace": "p-joe", "status": {"used": {"pods": "9"}}}]}}),
        json!({"apiVersion": "hnc.x-k8s.io/v1alpha2", "kind": "HierarchicalResourceQuota",
            "metadata": {"name": "all", "namespace": "p-acme"},
            "spec": {"hard": {"secrets": "4"}}, "status": {"hard": {"secrets": "4"}, "used": {"secrets": "2"}}}),
        json!({"apiVersion": "capsule.clastix.io/v1beta2", "kind": "Tenant", "metadata": {"name": "oil"},
            "spec": {"resourceQuotas": {"scope": "Tenant", "items": [
                {"hard": {"limits.cpu": "8", "limits.memory": "16Gi"}}, {"hard": {"pods": "10"}, "scopes": ["Terminating"]}]}}}),
        json!({"apiVersion": "capsule.clastix.io/v1beta2", "kind": "GlobalResourceQuota", "metadata": {"name": "gas"},
            "spec": {"quotas": {"all": {"hard": {"pods": "100"}}}, "selectors": [{"matchLabels": {"env": "prod"}}]},
            "status": {"quotas": {"all": {"used": {"pods": "7"}}}}}),
        json!({"apiVersion": "capsule.clastix.io/v1beta2", "kind": "ResourcePool", "metadata": {"name": "pool"},
            "spec": {"quota": {"hard": {"requests.cpu": "20"}}, "selectors": [{"matchLabels": {"pool": "yes"}}]},
            "status": {"allocation": {"hard": {"requests.cpu": "20"}, "used": {"requests.cpu": "5"}}}}),
        json!({"apiVersion": "management.cattle.io/v3", "kind": "Project",
            "metadata": {"name": "p-xyz12", "namespace": "c-m-abc"},
            "spec": {"clusterName": "c-m-abc", "displayName": "Default", "resourceQuota": {
                "limit": {"limitsCpu": "2000m", "pods": "", "extended": {"requests.nvidia.com/gpu": "1"}},
                "usedLimit": {"limitsCpu": "1000m"}}}}),
        json!({"apiVersion": "policy.karmada.io/v1alpha1", "kind": "FederatedResourceQuota",
            "metadata": {"name": "q", "namespace": "p-fed"},
            "spec": {"overall": {"requests.cpu": 10}, "staticAssignments": [
                {"clusterName": "m1", "hard": {"requests.cpu": "4"}}]},
            "status": {"overallUsed": {"requests.cpu": "3"}, "aggregatedStatus": [
                {"clusterName": "m1", "used": {"requests.cpu": "3"}}]}}),
    ]
}

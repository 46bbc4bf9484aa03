//! From what is judged to the object that the API server takes.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use super::{Bundle, FailurePolicy, Handled, Operation, Scope, Shape, Target};
use crate::certificates::{Certificate, parse_bundle, print_bundle};

/// The webhook that judges objects.
const OBJECTS: &str = "objects.passmuster.dev";
/// The webhook that judges objects of the whole cluster. Whoever repairs a cluster, or starts one, must be able to write
/// roles and API services while no replica runs: what is not judged in time is let through, whatever the failure policy.
const CLUSTER: &str = "cluster.passmuster.dev";
/// The webhook that judges our own policies and quotas.
const POLICIES: &str = "policies.passmuster.dev";

/// A mirror pod only shows what the kubelet runs anyway; no kubelet runs a pod because of it, whoever makes it. Objects
/// without metadata are what `kubectl exec` and its kind send.
const NO_MIRROR_PODS: &str = "object == null || !has(object.metadata) || !has(object.metadata.annotations) || \
                              !('kubernetes.io/config.mirror' in object.metadata.annotations)";

/// Finalizers must come off, whatever the rules say of the rest. What is stored counts, not what somebody sends.
const NOT_DELETED: &str =
    "oldObject == null || !has(oldObject.metadata) || !has(oldObject.metadata.deletionTimestamp)";

/// What API servers write when they start.
const NOT_THE_API_SERVER: &str = "request.userInfo.username != 'system:apiserver'";

/// The configuration by which API servers send what is `handled`. With nothing to judge it still sends our own
/// policies, the first of which may be about to be made.
pub fn configuration(shape: &Shape, handled: &[Handled]) -> Value {
    let mut metadata = json!({
        "name": shape.name,
        "labels": {"app.kubernetes.io/name": "passmuster", "app.kubernetes.io/managed-by": "passmuster"},
    });
    if !shape.annotations.is_empty() {
        metadata["annotations"] =
            shape.annotations.iter().cloned().collect::<BTreeMap<_, _>>().into_iter().collect();
    }
    if let Some(owner) = &shape.owner {
        metadata["ownerReferences"] =
            json!([{"apiVersion": "v1", "kind": "Namespace", "name": owner.name, "uid": owner.uid}]);
    }
    let mut webhooks = Vec::new();
    // Namespaces have labels to choose by, and belong to projects.
    let is_of_cluster = |one: &&Handled| one.scope == Scope::Cluster && one.resource != "namespaces";
    let (cluster, objects): (Vec<Handled>, Vec<Handled>) =
        handled.iter().cloned().partition(|one| is_of_cluster(&one));
    if !objects.is_empty() {
        webhooks.push(webhook(shape, OBJECTS, &objects, &conditions(shape), &namespaces(shape)));
    }
    if !cluster.is_empty() {
        let mut conditions = conditions(shape);
        conditions.push(("not-the-api-server", NOT_THE_API_SERVER.to_owned()));
        let lenient = Shape { failure_policy: FailurePolicy::Ignore, ..shape.clone() };
        webhooks.push(webhook(&lenient, CLUSTER, &cluster, &conditions, &json!({})));
    }
    let written = [Operation::Create, Operation::Update];
    let own = ["auditpolicies", "projectquotas"]
        .map(|resource| Handled::new("passmuster.dev", "v1alpha1", resource, &written, Scope::Cluster));
    webhooks.push(webhook(shape, POLICIES, &own, &[], &json!({})));
    json!({
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingWebhookConfiguration",
        "metadata": metadata,
        "webhooks": webhooks,
    })
}

/// The authorities that a live configuration tells API servers to trust: those that all its webhooks have.
pub fn published(live: &Value) -> Vec<Certificate> {
    let bundles = live["webhooks"].as_array().into_iter().flatten().map(|webhook| {
        let text = webhook["clientConfig"]["caBundle"].as_str().unwrap_or_default();
        parse_bundle(&STANDARD.decode(text).unwrap_or_default()).unwrap_or_default()
    });
    bundles
        .reduce(|mut common, bundle| {
            common.retain(|authority| bundle.contains(authority));
            common
        })
        .unwrap_or_default()
}

/// One webhook. Every field that the API server would fill in is there, so that what is stored can be compared.
fn webhook(
    shape: &Shape,
    name: &str,
    handled: &[Handled],
    conditions: &[(&str, String)],
    namespaces: &Value,
) -> Value {
    let mut webhook = json!({
        "name": name,
        "clientConfig": client(shape),
        "rules": rules(handled),
        "failurePolicy": shape.failure_policy.to_string(),
        // Another version of the same object must not be a way round.
        "matchPolicy": "Equivalent",
        "namespaceSelector": namespaces,
        "objectSelector": {},
        // Reservations of quota are written, except on a dry run.
        "sideEffects": "NoneOnDryRun",
        "timeoutSeconds": shape.timeout_seconds.clamp(1, 30),
        "admissionReviewVersions": ["v1"],
    });
    if !conditions.is_empty() {
        webhook["matchConditions"] = conditions
            .iter()
            .map(|(name, expression)| json!({"name": name, "expression": expression}))
            .collect();
    }
    webhook
}

fn client(shape: &Shape) -> Value {
    let mut client = match &shape.target {
        Target::Service { namespace, name, port } => json!({
            "service": {"namespace": namespace, "name": name, "path": "/validate", "port": port},
        }),
        Target::Url(url) => json!({"url": format!("{}/validate", url.trim_end_matches('/'))}),
    };
    match &shape.bundle {
        Bundle::Given(authorities) if !authorities.is_empty() => {
            client["caBundle"] = STANDARD.encode(print_bundle(authorities)).into();
        }
        Bundle::Given(_) | Bundle::Others => {}
    }
    client
}

/// Resources of one group, with the same operations, are one rule.
fn rules(handled: &[Handled]) -> Value {
    let mut rules: BTreeMap<_, Vec<&str>> = BTreeMap::new();
    for one in handled {
        let key = (&one.group, &one.version, one.scope, &one.operations);
        rules.entry(key).or_default().push(&one.resource);
    }
    rules
        .into_iter()
        .map(|((group, version, scope, operations), mut resources)| {
            resources.sort_unstable();
            resources.dedup();
            json!({
                "apiGroups": [group],
                "apiVersions": [version],
                "operations": operations.iter().map(ToString::to_string).collect::<Vec<_>>(),
                "resources": resources,
                "scope": scope.to_string(),
            })
        })
        .collect()
}

/// By the one label that nobody can change: with any other, who may label a namespace could take it out.
fn namespaces(shape: &Shape) -> Value {
    if shape.excluded_namespaces.is_empty() {
        return json!({});
    }
    json!({"matchExpressions": [{
        "key": "kubernetes.io/metadata.name",
        "operator": "NotIn",
        "values": shape.excluded_namespaces,
    }]})
}

fn conditions(shape: &Shape) -> Vec<(&'static str, String)> {
    let mut conditions =
        vec![("no-mirror-pods", NO_MIRROR_PODS.to_owned()), ("not-being-deleted", NOT_DELETED.to_owned())];
    if let Some(user) = &shape.user {
        conditions.push(("not-our-own", format!("request.userInfo.username != '{}'", escaped(user))));
    }
    conditions
}

/// Inside a CEL string.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\'', "\\'")
}

#[cfg(test)]
mod tests;

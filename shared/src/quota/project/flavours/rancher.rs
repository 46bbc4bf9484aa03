//! Rancher's Project, in the management cluster, one for each downstream cluster's project.
//!
//! In any cluster an annotation of a namespace names its project as `CLUSTER:PROJECT`. What counts is what the
//! namespaces are given of the project's quota.

use serde_json::Value;

use super::super::{
    At, Flavour, Given, KindReader, Mark, MarkOn, Members, Model, Project, Selected, field::FieldError,
    flavour::Found,
};
use crate::{model::Kind, quota::Amounts};

/// The annotation that names a namespace's project.
const PROJECT: &str = "field.cattle.io/projectId";

pub(super) static FLAVOUR: Flavour = Flavour {
    name: "rancher",
    title: "Rancher",
    readers: &[KindReader { kind: Kind::namespaced("management.cattle.io", "Project"), read }],
    marks: &[Mark { on: MarkOn::Annotation, key: PROJECT, project: |value| Some(project_in(value)) }],
    given: Some(Given { annotation: "field.cattle.io/resourceQuota", read: given }),
};

fn project_in(id: &str) -> &str {
    id.rsplit_once(':').map_or(id, |(_, project)| project)
}

fn read(found: &Found<'_>) -> Result<Vec<Project>, FieldError> {
    let spec = found.at(&["spec"])?;
    // A project lives in the namespace of its cluster; both say the same.
    let cluster = match spec.field("clusterName")?.some_text()? {
        Some(cluster) => cluster,
        None => found.key.namespace.to_string(),
    };
    let id = format!("{cluster}:{}", found.key.name);
    let quota = spec.field("resourceQuota")?;
    Ok(vec![Project {
        display_name: spec.field("displayName")?.some_text()?,
        model: Model::Allocation,
        hard: limit(&quota.field("limit")?)?,
        used: if quota.is_there() { Some(limit(&quota.field("usedLimit")?)?) } else { None },
        members: Members::selected(Selected::annotation(PROJECT, &id)),
        external_id: Some(id),
        everywhere: true,
        ..found.project(&*found.key.name)
    }])
}

/// What a namespace is given, as its annotation says it: `{"limit":{"limitsCpu":"1"}}`.
fn given(text: &str) -> Result<Amounts, FieldError> {
    let value: Value =
        serde_json::from_str(text).map_err(|error| At::root(&Value::Null).wrong(error.to_string()))?;
    limit(&At::root(&value).field("limit")?)
}

/// Rancher's names of resources, and Kubernetes'.
const NAMES: &[(&str, &str)] = &[
    ("configMaps", "configmaps"),
    ("limitsCpu", "limits.cpu"),
    ("limitsMemory", "limits.memory"),
    ("persistentVolumeClaims", "persistentvolumeclaims"),
    ("pods", "pods"),
    ("replicationControllers", "replicationcontrollers"),
    ("requestsCpu", "requests.cpu"),
    ("requestsMemory", "requests.memory"),
    ("requestsStorage", "requests.storage"),
    ("secrets", "secrets"),
    ("services", "services"),
    ("servicesLoadBalancers", "services.loadbalancers"),
    ("servicesNodePorts", "services.nodeports"),
];

fn limit(at: &At<'_>) -> Result<Amounts, FieldError> {
    let mut amounts = at.field("extended")?.amounts()?;
    for (rancher, name) in NAMES {
        let at = at.field(rancher)?;
        // An empty text is how Rancher's page writes that there is no limit.
        if at.text().is_ok_and(|text| text == Some("")) {
            continue;
        }
        if let Some(amount) = at.quantity()? {
            amounts.set(*name, amount);
        }
    }
    Ok(amounts)
}

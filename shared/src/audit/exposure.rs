//! Through what pods are reached from outside of the cluster.

use serde_json::Value;

use super::{
    api::{Ingress, Service},
    context::Context,
    subject::PodView,
    world::{Object as _, Unknown},
};
use crate::model::{ObjectKey, kinds};

/// The first object, in the order of services, ingresses and routes, that opens these pods to the outside.
pub(crate) fn entrance(pods: &PodView<'_>, cx: &Context<'_>) -> Result<Option<ObjectKey>, Unknown> {
    let services = cx.services_of(pods)?;
    if let Some(open) = services.iter().find(|service| is_open(service)) {
        return Ok(Some(open.key()));
    }
    let names: Vec<&str> = services.iter().map(|service| service.metadata.name.as_str()).collect();
    if names.is_empty() {
        return Ok(None);
    }
    let namespace = pods.namespace();
    let ingress = cx.within::<Ingress>(namespace)?.find(|it| leads_to(it, &names));
    if let Some(ingress) = ingress {
        return Ok(Some(ingress.key()));
    }
    cx.covered(kinds::HTTP_ROUTE, namespace)?;
    let mut routes = cx.custom(kinds::HTTP_ROUTE)?;
    Ok(routes.find(|(key, it)| route_leads_to(key, &it.value, namespace, &names)).map(|(key, _)| key.clone()))
}

fn is_open(service: &Service) -> bool {
    matches!(service.spec.r#type.as_str(), "LoadBalancer" | "NodePort")
        || !service.spec.external_i_ps.is_empty()
}

fn leads_to(ingress: &Ingress, services: &[&str]) -> bool {
    let spec = &ingress.spec;
    let paths = spec.rules.iter().filter_map(|rule| rule.value.http.as_ref()).flat_map(|http| &http.paths);
    let backends = spec.default_backend.iter().chain(paths.map(|path| &path.backend));
    let mut named = backends.filter_map(|backend| backend.service.as_ref());
    named.any(|service| services.contains(&service.name.as_str()))
}

fn route_leads_to(key: &ObjectKey, route: &Value, namespace: &str, services: &[&str]) -> bool {
    let rules = route.pointer("/spec/rules").and_then(Value::as_array);
    let lists =
        rules.into_iter().flatten().filter_map(|rule| rule.get("backendRefs").and_then(Value::as_array));
    lists.flatten().any(|backend| {
        let is_service = text(backend, "kind").is_none_or(|kind| kind == "Service");
        let there = text(backend, "namespace").unwrap_or(&key.namespace);
        is_service && there == namespace && text(backend, "name").is_some_and(|name| services.contains(&name))
    })
}

fn text<'v>(value: &'v Value, field: &str) -> Option<&'v str> {
    value.get(field).and_then(Value::as_str)
}

//! Whether a gateway takes a route.

use super::{Gateway, Listener, Reference, Route, hostnames::intersect, read, same_group};
use crate::{
    audit::{context::Context, world::Unknown},
    model::{Labels, ObjectKey, Selector, kinds},
};

/// How it goes with one of a route's parents.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Attachment {
    /// The parent is no gateway, or one that takes the route.
    Fine,
    /// There is no such gateway, or it has no such listener; which.
    Missing(String),
    /// Every listener that it asks for refuses it; why.
    Refused(String),
}

/// Looks whether a gateway that a route names takes it.
pub(crate) fn attachment(
    cx: &Context<'_>,
    key: &ObjectKey,
    route: &Route,
    parent: &Reference,
) -> Result<Attachment, Unknown> {
    if !parent.is_by_default(kinds::GATEWAY) {
        return Ok(Attachment::Fine);
    }
    let (namespace, name) = (parent.namespace_from(&key.namespace), parent.name.as_str());
    let named = format!("Gateway {namespace}/{name}");
    let Some(gateway) = cx.get_custom(kinds::GATEWAY, namespace, name)? else {
        return Ok(Attachment::Missing(format!("{named} does not exist")));
    };
    let gateway: Gateway = read(gateway)?;
    let mut listeners: Vec<&Listener> = gateway.spec.listeners.iter().collect();
    let section = parent.section_name.as_deref().filter(|it| !it.is_empty());
    if let Some(section) = section {
        listeners.retain(|listener| listener.name == section);
        if listeners.is_empty() {
            cx.filled("listener", section)?;
            let of_gateway = &gateway.spec.listeners;
            of_gateway.iter().try_for_each(|listener| cx.filled("listener", &listener.name))?;
            return Ok(Attachment::Missing(format!("{named} has no listener {section:?}")));
        }
    }
    if let Some(port) = parent.port {
        listeners.retain(|listener| listener.port == i64::from(port));
        if listeners.is_empty() {
            let which = section.map(|section| format!(" {section:?}")).unwrap_or_default();
            return Ok(Attachment::Missing(format!("{named} has no listener{which} on port {port}")));
        }
    }
    let mut refused = None;
    let mut unknown = None;
    for listener in listeners {
        match refusal(cx, key, route, listener, namespace) {
            Ok(None) => return Ok(Attachment::Fine),
            Ok(Some(why)) => {
                let told = || format!("{named} does not take it: listener {:?} {why}", listener.name);
                refused.get_or_insert_with(told);
            }
            Err(why) => unknown = unknown.or(Some(why)),
        }
    }
    match unknown {
        Some(unknown) => Err(unknown),
        None => Ok(refused.map_or(Attachment::Fine, Attachment::Refused)),
    }
}

/// Why a listener does not take a route.
fn refusal(
    cx: &Context<'_>,
    key: &ObjectKey,
    route: &Route,
    listener: &Listener,
    namespace: &str,
) -> Result<Option<String>, Unknown> {
    let allowed = &listener.allowed_routes;
    if !takes_kind(listener, &key.kind) {
        return Ok(Some(format!("takes no {}", key.kind)));
    }
    if !intersect(&listener.hostname, &route.spec.hostnames) {
        return Ok(Some(format!("is for host {:?} alone", listener.hostname)));
    }
    match allowed.namespaces.from.as_str() {
        "All" => Ok(None),
        "Selector" => {
            // It is the labels of the route's namespace that count, not the route's own.
            let selector = allowed.namespaces.selector.as_ref().map(Selector::from).unwrap_or_default();
            if selector.is_everything() {
                return Ok(None);
            }
            let mut labels = cx.namespace_labels(&key.namespace)?;
            if labels.get("kubernetes.io/metadata.name").is_none() {
                let mut all: std::collections::BTreeMap<String, String> =
                    labels.iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
                all.insert("kubernetes.io/metadata.name".to_owned(), key.namespace.to_string());
                labels = Labels::from(&all);
            }
            let refused = || format!("takes routes of namespaces {selector} alone");
            Ok((!selector.matches(&labels)).then(refused))
        }
        "None" => Ok(Some("takes routes of no namespace".to_owned())),
        _ => Ok((*key.namespace != *namespace).then(|| "takes routes of its own namespace alone".to_owned())),
    }
}

/// The kinds that a listener takes: those that it names, or else those of its protocol.
fn takes_kind(listener: &Listener, kind: &str) -> bool {
    let named = &listener.allowed_routes.kinds;
    if !named.is_empty() {
        return named.iter().any(|it| same_group(it.group.as_deref(), super::GROUP) && it.kind == kind);
    }
    match listener.protocol.as_str() {
        "HTTP" | "HTTPS" => matches!(kind, "HTTPRoute" | "GRPCRoute"),
        "TLS" => matches!(kind, "TLSRoute" | "TCPRoute"),
        "TCP" => kind == "TCPRoute",
        "UDP" => kind == "UDPRoute",
        _ => true,
    }
}

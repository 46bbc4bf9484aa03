//! The Gateway API as rules read it. Fields are those that some rule reads; names are the API's own.

mod attach;
mod hostnames;
mod reads;

use serde::{Deserialize, de::DeserializeOwned};

pub(crate) use attach::{Attachment, attachment};
pub(crate) use reads::{backends, granted, listed_conditions, same_group};

use crate::{
    audit::{
        api::Condition,
        world::{Custom, Unknown},
    },
    model::{Kind, LabelSelector, kinds},
};

/// The group of the Gateway API.
pub(crate) const GROUP: &str = kinds::GATEWAY.group;

/// Reads a custom object; one with a field of a wrong type, which only files can have, can't be judged.
pub(crate) fn read<T: DeserializeOwned>(custom: &Custom) -> Result<T, Unknown> {
    T::deserialize(&custom.value).map_err(|error| Unknown(format!("a field could not be read: {error}")))
}

/// `GatewayClass`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct GatewayClass {
    pub(crate) status: Conditions,
}

/// `Gateway`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Gateway {
    pub(crate) spec: GatewaySpec,
    pub(crate) status: GatewayStatus,
}

/// A route of any kind.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Route {
    pub(crate) spec: RouteSpec,
    pub(crate) status: RouteStatus,
}

/// `ReferenceGrant`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ReferenceGrant {
    pub(crate) spec: ReferenceGrantSpec,
}

/// `GatewaySpec`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct GatewaySpec {
    pub(crate) gateway_class_name: String,
    pub(crate) listeners: Vec<Listener>,
}

/// `GatewayStatus`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct GatewayStatus {
    pub(crate) conditions: Vec<Condition>,
    pub(crate) listeners: Vec<ListenerStatus>,
}

/// `Listener`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Listener {
    pub(crate) name: String,
    pub(crate) hostname: String,
    pub(crate) port: i64,
    pub(crate) protocol: String,
    pub(crate) tls: ListenerTls,
    pub(crate) allowed_routes: AllowedRoutes,
}

/// `ListenerStatus`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ListenerStatus {
    pub(crate) name: String,
    pub(crate) conditions: Vec<Condition>,
}

/// `GatewayTLSConfig`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ListenerTls {
    pub(crate) certificate_refs: Vec<Reference>,
}

/// `AllowedRoutes`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct AllowedRoutes {
    pub(crate) namespaces: RouteNamespaces,
    pub(crate) kinds: Vec<RouteKind>,
}

/// `RouteNamespaces`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct RouteNamespaces {
    /// `Same` where nothing is said.
    pub(crate) from: String,
    pub(crate) selector: Option<LabelSelector>,
}

/// `RouteGroupKind`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct RouteKind {
    pub(crate) group: Option<String>,
    pub(crate) kind: String,
}

/// `RouteSpec`, with the host names that some kinds have.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct RouteSpec {
    pub(crate) parent_refs: Vec<Reference>,
    pub(crate) hostnames: Vec<String>,
    pub(crate) rules: Vec<RouteRule>,
}

/// A rule of a route of any kind.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct RouteRule {
    pub(crate) backend_refs: Vec<Reference>,
    pub(crate) filters: Vec<RouteFilter>,
}

/// A filter that may send requests elsewhere.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct RouteFilter {
    pub(crate) request_mirror: Option<RouteMirror>,
}

/// `HTTPRequestMirrorFilter`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct RouteMirror {
    pub(crate) backend_ref: Reference,
}

/// Any reference: to a parent, a backend, a secret.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Reference {
    pub(crate) group: Option<String>,
    pub(crate) kind: Option<String>,
    pub(crate) name: String,
    pub(crate) namespace: Option<String>,
    pub(crate) section_name: Option<String>,
    pub(crate) port: Option<i32>,
}

impl Reference {
    /// Whether it is to an object of this kind, which it is when it says nothing else.
    pub(crate) fn is_by_default(&self, kind: Kind) -> bool {
        kind.is(self.group.as_deref().unwrap_or(kind.group), self.kind.as_deref().unwrap_or(kind.kind))
    }

    /// The namespace of the object, that of the one that refers where nothing is said.
    pub(crate) fn namespace_from<'a>(&'a self, home: &'a str) -> &'a str {
        self.namespace.as_deref().filter(|it| !it.is_empty()).unwrap_or(home)
    }
}

/// `RouteStatus`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct RouteStatus {
    pub(crate) parents: Vec<RouteParentStatus>,
}

/// `RouteParentStatus`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct RouteParentStatus {
    pub(crate) parent_ref: Reference,
    pub(crate) conditions: Vec<Condition>,
}

/// A status of nothing but conditions.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Conditions {
    pub(crate) conditions: Vec<Condition>,
}

/// `ReferenceGrantSpec`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ReferenceGrantSpec {
    pub(crate) from: Vec<GrantFrom>,
    pub(crate) to: Vec<GrantTo>,
}

/// `ReferenceGrantFrom`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct GrantFrom {
    pub(crate) group: String,
    pub(crate) kind: String,
    pub(crate) namespace: String,
}

/// `ReferenceGrantTo`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct GrantTo {
    pub(crate) group: String,
    pub(crate) kind: String,
    pub(crate) name: Option<String>,
}

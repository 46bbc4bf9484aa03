//! Routes of the Gateway API. Custom resources never come as protobuf: the tags only number the fields.

use prost::Message;
use serde::Deserialize;

use super::GatewayReference;

/// What a route of any kind attaches to and what it does with requests.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RouteSpec {
    /// Gateways, listener sets or, in a mesh, services.
    #[prost(message, repeated, tag = "1")]
    pub parent_refs: Vec<GatewayReference>,
    /// Its rules.
    #[prost(message, repeated, tag = "2")]
    pub rules: Vec<RouteRule>,
}

/// One rule of a route.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RouteRule {
    /// Filters of all that is matched here.
    #[prost(message, repeated, tag = "1")]
    pub filters: Vec<RouteFilter>,
    /// Where requests go.
    #[prost(message, repeated, tag = "2")]
    pub backend_refs: Vec<RouteBackend>,
}

/// Where requests go.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RouteBackend {
    /// The object, a Service unless it says otherwise.
    #[prost(message, required, tag = "1")]
    #[serde(flatten, deserialize_with = "crate::model::decode::flattened")]
    pub to: GatewayReference,
    /// Filters of what goes here.
    #[prost(message, repeated, tag = "2")]
    pub filters: Vec<RouteFilter>,
}

/// What happens to requests on the way. Routes below HTTP have none.
#[derive(Clone, PartialEq, Eq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RouteFilter {
    /// Sends a copy of each request elsewhere.
    #[prost(message, optional, tag = "1")]
    pub request_mirror: Option<FilterBackend>,
    /// Asks a service whether to let requests pass.
    #[prost(message, optional, tag = "2")]
    pub external_auth: Option<FilterBackend>,
    /// A filter of an implementation's own.
    #[prost(message, optional, tag = "3")]
    pub extension_ref: Option<GatewayReference>,
}

/// A filter that sends requests elsewhere.
#[derive(Clone, PartialEq, Eq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct FilterBackend {
    /// The object, a Service unless it says otherwise.
    #[prost(message, optional, tag = "1")]
    pub backend_ref: Option<GatewayReference>,
}

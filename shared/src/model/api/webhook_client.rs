//! How the API server reaches a webhook (tags: generated.proto of admissionregistration/v1, apiextensions/v1 and
//! apiregistration/v1, which agree on these fields).

use prost::Message;
use serde::Deserialize;

/// `WebhookClientConfig`: a Service of the cluster, or an address that is not read.
#[derive(Clone, PartialEq, Eq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct WebhookClientConfig {
    /// The Service, if the webhook runs behind one.
    #[prost(message, optional, tag = "1")]
    pub service: Option<ServiceReference>,
}

/// `ServiceReference`: a Service that the API server calls.
#[derive(Clone, PartialEq, Eq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ServiceReference {
    /// Its namespace; the API requires it.
    #[prost(string, tag = "1")]
    pub namespace: String,
    /// Its name.
    #[prost(string, tag = "2")]
    pub name: String,
}

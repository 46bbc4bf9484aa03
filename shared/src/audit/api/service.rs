//! Services and their endpoints (tags: core/v1, discovery.k8s.io/v1).

use std::collections::BTreeMap;

use prost::Message;
use serde::Deserialize;

use super::{IntOrString, LocalObjectReference, ObjectReference};
use crate::model::ObjectMeta;

/// `Service`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Service {
    #[prost(message, required, tag = "1")]
    pub(crate) metadata: ObjectMeta,
    #[prost(message, required, tag = "2")]
    pub(crate) spec: ServiceSpec,
    #[prost(message, required, tag = "3")]
    pub(crate) status: ServiceStatus,
}

/// `ServiceAccount`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ServiceAccount {
    #[prost(message, required, tag = "1")]
    pub(crate) metadata: ObjectMeta,
    #[prost(message, repeated, tag = "2")]
    pub(crate) secrets: Vec<ObjectReference>,
    #[prost(message, repeated, tag = "3")]
    pub(crate) image_pull_secrets: Vec<LocalObjectReference>,
    #[prost(bool, optional, tag = "4")]
    pub(crate) automount_service_account_token: Option<bool>,
}

/// `EndpointSlice`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct EndpointSlice {
    #[prost(message, required, tag = "1")]
    pub(crate) metadata: ObjectMeta,
    #[prost(string, tag = "4")]
    pub(crate) address_type: String,
    #[prost(message, repeated, tag = "2")]
    pub(crate) endpoints: Vec<Endpoint>,
    #[prost(message, repeated, tag = "3")]
    pub(crate) ports: Vec<EndpointPort>,
}

/// `ServiceSpec`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ServiceSpec {
    #[prost(message, repeated, tag = "1")]
    pub(crate) ports: Vec<ServicePort>,
    #[prost(btree_map = "string, string", tag = "2")]
    pub(crate) selector: BTreeMap<String, String>,
    #[prost(string, tag = "3")]
    #[serde(rename = "clusterIP")]
    pub(crate) cluster_ip: String,
    #[prost(string, tag = "4")]
    pub(crate) r#type: String,
    #[prost(string, repeated, tag = "5")]
    pub(crate) external_i_ps: Vec<String>,
    #[prost(string, tag = "7")]
    pub(crate) session_affinity: String,
    #[prost(string, tag = "8")]
    #[serde(rename = "loadBalancerIP")]
    pub(crate) load_balancer_ip: String,
    #[prost(string, repeated, tag = "9")]
    pub(crate) load_balancer_source_ranges: Vec<String>,
    #[prost(string, tag = "10")]
    pub(crate) external_name: String,
    #[prost(string, tag = "11")]
    pub(crate) external_traffic_policy: String,
    #[prost(bool, tag = "13")]
    pub(crate) publish_not_ready_addresses: bool,
    #[prost(bool, optional, tag = "20")]
    pub(crate) allocate_load_balancer_node_ports: Option<bool>,
    #[prost(string, optional, tag = "21")]
    pub(crate) load_balancer_class: Option<String>,
    #[prost(string, optional, tag = "22")]
    pub(crate) internal_traffic_policy: Option<String>,
}

/// `ServiceStatus`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ServiceStatus {
    #[prost(message, required, tag = "1")]
    pub(crate) load_balancer: LoadBalancerStatus,
}

/// `Endpoint`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Endpoint {
    #[prost(string, repeated, tag = "1")]
    pub(crate) addresses: Vec<String>,
    #[prost(message, required, tag = "2")]
    pub(crate) conditions: EndpointConditions,
    #[prost(message, optional, tag = "4")]
    pub(crate) target_ref: Option<ObjectReference>,
    #[prost(string, optional, tag = "6")]
    pub(crate) node_name: Option<String>,
}

/// `EndpointPort`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct EndpointPort {
    #[prost(string, optional, tag = "1")]
    pub(crate) name: Option<String>,
    #[prost(string, optional, tag = "2")]
    pub(crate) protocol: Option<String>,
    #[prost(int32, optional, tag = "3")]
    pub(crate) port: Option<i32>,
    #[prost(string, optional, tag = "4")]
    pub(crate) app_protocol: Option<String>,
}

/// `ServicePort`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ServicePort {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    #[prost(string, tag = "2")]
    pub(crate) protocol: String,
    #[prost(string, optional, tag = "6")]
    pub(crate) app_protocol: Option<String>,
    #[prost(int32, tag = "3")]
    pub(crate) port: i32,
    #[prost(message, required, tag = "4")]
    pub(crate) target_port: IntOrString,
    #[prost(int32, tag = "5")]
    pub(crate) node_port: i32,
}

/// `LoadBalancerStatus`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct LoadBalancerStatus {
    #[prost(message, repeated, tag = "1")]
    pub(crate) ingress: Vec<LoadBalancerIngress>,
}

/// `EndpointConditions`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct EndpointConditions {
    #[prost(bool, optional, tag = "1")]
    pub(crate) ready: Option<bool>,
    #[prost(bool, optional, tag = "2")]
    pub(crate) serving: Option<bool>,
    #[prost(bool, optional, tag = "3")]
    pub(crate) terminating: Option<bool>,
}

/// `LoadBalancerIngress`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct LoadBalancerIngress {
    #[prost(string, tag = "1")]
    pub(crate) ip: String,
    #[prost(string, tag = "2")]
    pub(crate) hostname: String,
}

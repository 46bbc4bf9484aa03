//! Ingresses and network policies (tags: networking.k8s.io/v1).

use prost::Message;
use serde::Deserialize;

use super::{IntOrString, TypedLocalObjectReference};
use crate::model::{LabelSelector, ObjectMeta, decode::flattened};

/// `Ingress`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Ingress {
    #[prost(message, required, tag = "1")]
    pub(crate) metadata: ObjectMeta,
    #[prost(message, required, tag = "2")]
    pub(crate) spec: IngressSpec,
    #[prost(message, required, tag = "3")]
    pub(crate) status: IngressStatus,
}

/// `IngressClass`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct IngressClass {
    #[prost(message, required, tag = "1")]
    pub(crate) metadata: ObjectMeta,
    #[prost(message, required, tag = "2")]
    pub(crate) spec: IngressClassSpec,
}

/// `NetworkPolicy`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct NetworkPolicy {
    #[prost(message, required, tag = "1")]
    pub(crate) metadata: ObjectMeta,
    #[prost(message, required, tag = "2")]
    pub(crate) spec: NetworkPolicySpec,
}

/// `IngressSpec`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct IngressSpec {
    #[prost(string, optional, tag = "4")]
    pub(crate) ingress_class_name: Option<String>,
    #[prost(message, optional, tag = "1")]
    pub(crate) default_backend: Option<IngressBackend>,
    #[prost(message, repeated, tag = "2")]
    pub(crate) tls: Vec<IngressTls>,
    #[prost(message, repeated, tag = "3")]
    pub(crate) rules: Vec<IngressRule>,
}

/// `IngressStatus`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct IngressStatus {
    #[prost(message, required, tag = "1")]
    pub(crate) load_balancer: IngressLoadBalancerStatus,
}

/// `IngressClassSpec`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct IngressClassSpec {
    #[prost(string, tag = "1")]
    pub(crate) controller: String,
    #[prost(message, optional, tag = "2")]
    pub(crate) parameters: Option<IngressClassParametersReference>,
}

/// `NetworkPolicySpec`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct NetworkPolicySpec {
    #[prost(message, required, tag = "1")]
    pub(crate) pod_selector: LabelSelector,
    #[prost(message, repeated, tag = "2")]
    pub(crate) ingress: Vec<NetworkPolicyIngressRule>,
    #[prost(message, repeated, tag = "3")]
    pub(crate) egress: Vec<NetworkPolicyEgressRule>,
    #[prost(string, repeated, tag = "4")]
    pub(crate) policy_types: Vec<String>,
}

/// `IngressBackend`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct IngressBackend {
    #[prost(message, optional, tag = "4")]
    pub(crate) service: Option<IngressServiceBackend>,
    #[prost(message, optional, tag = "3")]
    pub(crate) resource: Option<TypedLocalObjectReference>,
}

/// `IngressTLS`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct IngressTls {
    #[prost(string, repeated, tag = "1")]
    pub(crate) hosts: Vec<String>,
    #[prost(string, tag = "2")]
    pub(crate) secret_name: String,
}

/// `IngressRule`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct IngressRule {
    #[prost(string, tag = "1")]
    pub(crate) host: String,
    #[prost(message, required, tag = "2")]
    #[serde(flatten, deserialize_with = "flattened")]
    pub(crate) value: IngressRuleValue,
}

/// `IngressLoadBalancerStatus`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct IngressLoadBalancerStatus {
    #[prost(message, repeated, tag = "1")]
    pub(crate) ingress: Vec<IngressLoadBalancerIngress>,
}

/// `IngressClassParametersReference`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct IngressClassParametersReference {
    #[prost(string, optional, tag = "1")]
    #[serde(rename = "apiGroup")]
    pub(crate) a_pi_group: Option<String>,
    #[prost(string, tag = "2")]
    pub(crate) kind: String,
    #[prost(string, tag = "3")]
    pub(crate) name: String,
    #[prost(string, optional, tag = "4")]
    pub(crate) scope: Option<String>,
    #[prost(string, optional, tag = "5")]
    pub(crate) namespace: Option<String>,
}

/// `NetworkPolicyIngressRule`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct NetworkPolicyIngressRule {
    #[prost(message, repeated, tag = "1")]
    pub(crate) ports: Vec<NetworkPolicyPort>,
    #[prost(message, repeated, tag = "2")]
    pub(crate) from: Vec<NetworkPolicyPeer>,
}

/// `NetworkPolicyEgressRule`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct NetworkPolicyEgressRule {
    #[prost(message, repeated, tag = "1")]
    pub(crate) ports: Vec<NetworkPolicyPort>,
    #[prost(message, repeated, tag = "2")]
    pub(crate) to: Vec<NetworkPolicyPeer>,
}

/// `IngressServiceBackend`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct IngressServiceBackend {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    #[prost(message, required, tag = "2")]
    pub(crate) port: ServiceBackendPort,
}

/// `IngressRuleValue`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct IngressRuleValue {
    #[prost(message, optional, tag = "1")]
    pub(crate) http: Option<HttpIngressRuleValue>,
}

/// `IngressLoadBalancerIngress`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct IngressLoadBalancerIngress {
    #[prost(string, tag = "1")]
    pub(crate) ip: String,
    #[prost(string, tag = "2")]
    pub(crate) hostname: String,
}

/// `NetworkPolicyPort`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct NetworkPolicyPort {
    #[prost(string, optional, tag = "1")]
    pub(crate) protocol: Option<String>,
    #[prost(message, optional, tag = "2")]
    pub(crate) port: Option<IntOrString>,
    #[prost(int32, optional, tag = "3")]
    pub(crate) end_port: Option<i32>,
}

/// `NetworkPolicyPeer`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct NetworkPolicyPeer {
    #[prost(message, optional, tag = "1")]
    pub(crate) pod_selector: Option<LabelSelector>,
    #[prost(message, optional, tag = "2")]
    pub(crate) namespace_selector: Option<LabelSelector>,
    #[prost(message, optional, tag = "3")]
    pub(crate) ip_block: Option<IpBlock>,
}

/// `ServiceBackendPort`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ServiceBackendPort {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    #[prost(int32, tag = "2")]
    pub(crate) number: i32,
}

/// `HTTPIngressRuleValue`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct HttpIngressRuleValue {
    #[prost(message, repeated, tag = "1")]
    pub(crate) paths: Vec<HttpIngressPath>,
}

/// `IPBlock`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct IpBlock {
    #[prost(string, tag = "1")]
    pub(crate) cidr: String,
    #[prost(string, repeated, tag = "2")]
    pub(crate) except: Vec<String>,
}

/// `HTTPIngressPath`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct HttpIngressPath {
    #[prost(string, tag = "1")]
    pub(crate) path: String,
    #[prost(string, optional, tag = "3")]
    pub(crate) path_type: Option<String>,
    #[prost(message, required, tag = "2")]
    pub(crate) backend: IngressBackend,
}

//! What services take: node ports and load balancers (tags: core/v1's generated.proto).

use prost::Message;
use serde::Deserialize;

use super::keys;
use crate::{model::ObjectMeta, quantity::Quantity, quota::Amounts};

/// `Service`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Service {
    /// Metadata.
    #[prost(message, optional, tag = "1")]
    pub metadata: Option<ObjectMeta>,
    /// What it is.
    #[prost(message, optional, tag = "2")]
    pub spec: Option<ServiceSpec>,
}

/// `ServiceSpec`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ServiceSpec {
    /// Ports.
    #[prost(message, repeated, tag = "1")]
    pub ports: Vec<ServicePort>,
    /// `ClusterIP`, `NodePort`, `LoadBalancer` or `ExternalName`.
    #[prost(string, tag = "4")]
    pub r#type: String,
    /// Whether a load balancer's ports get node ports without asking; true unless said otherwise.
    #[prost(bool, optional, tag = "20")]
    pub allocate_load_balancer_node_ports: Option<bool>,
}

/// `ServicePort`.
#[derive(Clone, Copy, PartialEq, Eq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ServicePort {
    /// Port on every node; zero while there is none.
    #[prost(int32, tag = "5")]
    pub node_port: i32,
}

/// What a service is charged. Node ports count as they were meant: they may not be allocated yet.
pub(super) fn usage(service: &Service) -> Amounts {
    let mut usage = Amounts::new();
    usage.set(keys::COUNT_SERVICES, Quantity::from(1));
    usage.set(keys::SERVICES, Quantity::from(1));
    let (node_ports, load_balancers) =
        service.spec.as_ref().map_or((0, 0), |spec| match spec.r#type.as_str() {
            "NodePort" => (spec.ports.len(), 0),
            "LoadBalancer" if spec.allocate_load_balancer_node_ports == Some(false) => {
                (spec.ports.iter().filter(|port| port.node_port != 0).count(), 1)
            }
            "LoadBalancer" => (spec.ports.len(), 1),
            _ => (0, 0),
        });
    usage.set(keys::NODE_PORTS, Quantity::from(i64::try_from(node_ports).unwrap_or(i64::MAX)));
    usage.set(keys::LOAD_BALANCERS, Quantity::from(load_balancers));
    usage
}

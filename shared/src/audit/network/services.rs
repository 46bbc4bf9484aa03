//! What a service sends where.

use std::collections::HashMap;

use crate::{
    audit::{
        api::{ContainerPort, EndpointSlice, Service, ServicePort},
        subject::PodView,
    },
    model::Selector,
};

/// The label that names the service of an endpoint slice.
const SERVICE_NAME: &str = "kubernetes.io/service-name";

impl Service {
    /// What selects its pods; none where somebody else says where it leads.
    pub(crate) fn pod_selector(&self) -> Option<Selector> {
        let selects = !self.spec.selector.is_empty() && !self.is_external_name();
        selects.then(|| Selector::labels(&self.spec.selector))
    }

    /// Whether it is only another name.
    pub(crate) fn is_external_name(&self) -> bool {
        self.spec.r#type == "ExternalName"
    }

    /// Whether it is reached from outside of the cluster.
    pub(crate) fn is_exposed(&self) -> bool {
        matches!(self.spec.r#type.as_str(), "NodePort" | "LoadBalancer")
    }

    /// Whether it has a port of this number.
    pub(crate) fn has_port(&self, number: i32) -> bool {
        self.spec.ports.iter().any(|port| port.port == number)
    }
}

impl ServicePort {
    /// TCP where nothing is said.
    pub(crate) fn effective_protocol(&self) -> &str {
        if self.protocol.is_empty() { "TCP" } else { &self.protocol }
    }

    /// The name of the container's port, where it is one.
    pub(crate) fn target_name(&self) -> Option<&str> {
        self.target_port.text().filter(|name| !name.is_empty())
    }

    /// The number of the container's port, where it is one; left out it is the service's.
    pub(crate) fn target_number(&self) -> Option<i32> {
        match self.target_port.number() {
            Some(0) => Some(self.port),
            None if self.target_name().is_none() => Some(self.port),
            number => number,
        }
    }
}

impl ContainerPort {
    /// TCP where nothing is said.
    pub(crate) fn effective_protocol(&self) -> &str {
        if self.protocol.is_empty() { "TCP" } else { &self.protocol }
    }
}

impl<'w> PodView<'w> {
    /// The ports of the containers that services lead to: of those that run as long as the pod, sidecars among them.
    pub(crate) fn ports(&self) -> impl Iterator<Item = &'w ContainerPort> + use<'w> {
        self.running_containers().flat_map(|container| &container.get().ports)
    }
}

/// The endpoint slices of each service.
#[derive(Debug, Default)]
pub(crate) struct Slices<'w>(HashMap<(&'w str, &'w str), Vec<&'w EndpointSlice>>);

/// How many endpoints a service has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Endpoints {
    /// Pods, or where there are none addresses, that get traffic.
    pub(crate) ready: usize,
    /// All.
    pub(crate) all: usize,
}

impl<'w> Slices<'w> {
    /// Files them under their services.
    pub(crate) fn of(slices: impl Iterator<Item = &'w EndpointSlice>) -> Self {
        let mut all = Self::default();
        for slice in slices {
            if let Some(service) = slice.metadata.labels.get(SERVICE_NAME) {
                let key = (slice.metadata.namespace.as_str(), service.as_str());
                all.0.entry(key).or_default().push(slice);
            }
        }
        all
    }

    /// Counts the endpoints of a service. A pod with an address of each family is one.
    pub(crate) fn endpoints(&self, namespace: &str, service: &str) -> Endpoints {
        let slices = self.0.get(&(namespace, service)).map(Vec::as_slice).unwrap_or_default();
        let mut found: std::collections::BTreeMap<&str, bool> = std::collections::BTreeMap::new();
        for endpoint in slices.iter().flat_map(|slice| &slice.endpoints) {
            let pod = endpoint.target_ref.as_ref().map(|target| target.name.as_str());
            if let Some(name) = pod.or_else(|| endpoint.addresses.first().map(String::as_str)) {
                // What nobody says is taken as ready, as kube-proxy does.
                *found.entry(name).or_default() |= endpoint.conditions.ready != Some(false);
            }
        }
        Endpoints { ready: found.values().filter(|ready| **ready).count(), all: found.len() }
    }
}

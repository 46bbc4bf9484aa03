//! Network policies select the pods that they isolate, and those that may talk to them.

use prost::Message;
use serde::Deserialize;

use crate::{
    graph::{
        Within,
        edges::{Case, EdgeRule, Emit, Family, Reader, Source, Target},
    },
    model::{Kind, LabelSelector, ObjectMeta, Selector, kinds},
};

/// A range of addresses is no API object; its name is the CIDR.
const IP_BLOCK: Kind = Kind::cluster("networking.k8s.io", "IPBlock");

/// The fields of one direction's peers.
struct Direction {
    edge: &'static str,
    pods: &'static str,
    namespaces: &'static str,
    addresses: &'static str,
}

const FROM: Direction = Direction {
    edge: "allows_from",
    pods: "spec.ingress[].from[].podSelector",
    namespaces: "spec.ingress[].from[].namespaceSelector",
    addresses: "spec.ingress[].from[].ipBlock.cidr",
};

const TO: Direction = Direction {
    edge: "allows_to",
    pods: "spec.egress[].to[].podSelector",
    namespaces: "spec.egress[].to[].namespaceSelector",
    addresses: "spec.egress[].to[].ipBlock.cidr",
};

const fn rule(edge: &'static str, target: Kind, via: &'static str) -> EdgeRule {
    EdgeRule { source: kinds::NETWORK_POLICY, edge, target: Target::Kind(target), via }
}

pub(super) static FAMILY: Family = Family {
    title: "Network policies",
    readers: &[Reader::of::<NetworkPolicy>()],
    edges: &[
        rule("applies_to", kinds::POD, "spec.podSelector"),
        rule(FROM.edge, kinds::POD, FROM.pods),
        rule(FROM.edge, kinds::NAMESPACE, FROM.namespaces),
        rule(FROM.edge, IP_BLOCK, FROM.addresses),
        rule(TO.edge, kinds::POD, TO.pods),
        rule(TO.edge, kinds::NAMESPACE, TO.namespaces),
        rule(TO.edge, IP_BLOCK, TO.addresses),
    ],
    cases: &[
        Case {
            name: "a policy applies to the pods of its namespace that it selects; an empty selector to all of them",
            objects: r"
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny-all, namespace: shop}
spec: {podSelector: {}, policyTypes: [Ingress, Egress]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}, matchExpressions: [{key: tier, operator: NotIn, values: [back]}]}
  policyTypes: [Ingress]
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: main, image: web}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web-back, namespace: shop, labels: {app: web, tier: back}}
spec: {containers: [{name: main, image: web}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: elsewhere, labels: {app: web}}
spec: {containers: [{name: main, image: web}]}
",
            edges: &[
                "NetworkPolicy.networking.k8s.io/shop/deny-all applies_to Pod/shop/web",
                "NetworkPolicy.networking.k8s.io/shop/deny-all applies_to Pod/shop/web-back",
                "NetworkPolicy.networking.k8s.io/shop/web applies_to Pod/shop/web",
            ],
        },
        Case {
            name: "a peer's pods are of the own namespace unless namespaces are selected too; rules without peers name none",
            objects: r"
apiVersion: v1
kind: Namespace
metadata: {name: partner, labels: {team: partner}}
---
apiVersion: v1
kind: Namespace
metadata: {name: stranger, labels: {team: stranger}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: own, namespace: shop}
spec:
  podSelector: {matchLabels: {app: none}}
  ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]
  egress: [{to: [{podSelector: {matchLabels: {app: db}}}]}]
  policyTypes: [Ingress, Egress]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: theirs, namespace: shop}
spec:
  podSelector: {matchLabels: {app: none}}
  ingress: [{from: [{podSelector: {matchLabels: {app: web}}, namespaceSelector: {matchLabels: {team: partner}}}]}]
  egress: [{to: [{podSelector: {}, namespaceSelector: {matchLabels: {team: partner}}}]}]
  policyTypes: [Ingress, Egress]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: whole, namespace: shop}
spec:
  podSelector: {matchLabels: {app: none}}
  ingress: [{from: [{namespaceSelector: {matchExpressions: [{key: team, operator: In, values: [partner]}]}}]}]
  egress: [{to: [{namespaceSelector: {matchLabels: {team: partner}}}]}]
  policyTypes: [Ingress, Egress]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: anyone, namespace: shop}
spec:
  podSelector: {matchLabels: {app: none}}
  ingress: [{ports: [{port: 80}]}]
  egress: [{to: []}]
  policyTypes: [Ingress, Egress]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: ingress-only, namespace: shop}
spec:
  podSelector: {matchLabels: {app: none}}
  egress: [{to: [{podSelector: {matchLabels: {app: db}}}]}]
  policyTypes: [Ingress]
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: main, image: web}]}
---
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: shop, labels: {app: db}}
spec: {containers: [{name: main, image: db}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: partner, labels: {app: web}}
spec: {containers: [{name: main, image: web}]}
---
apiVersion: v1
kind: Pod
metadata: {name: other, namespace: partner, labels: {app: other}}
spec: {containers: [{name: main, image: web}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: stranger, labels: {app: web}}
spec: {containers: [{name: main, image: web}]}
",
            edges: &[
                "NetworkPolicy.networking.k8s.io/shop/own allows_from Pod/shop/web",
                "NetworkPolicy.networking.k8s.io/shop/own allows_to Pod/shop/db",
                "NetworkPolicy.networking.k8s.io/shop/theirs allows_from Pod/partner/web",
                "NetworkPolicy.networking.k8s.io/shop/theirs allows_to Pod/partner/web",
                "NetworkPolicy.networking.k8s.io/shop/theirs allows_to Pod/partner/other",
                "NetworkPolicy.networking.k8s.io/shop/whole allows_from Namespace/partner",
                "NetworkPolicy.networking.k8s.io/shop/whole allows_to Namespace/partner",
            ],
        },
        Case {
            name: "address blocks are nodes that can't be missing",
            objects: r"
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: blocks, namespace: shop}
spec:
  podSelector: {}
  ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]}]
  egress: [{to: [{ipBlock: {cidr: '2001:db8::/32'}}]}]
  policyTypes: [Ingress, Egress]
",
            edges: &[
                "NetworkPolicy.networking.k8s.io/shop/blocks allows_from IPBlock.networking.k8s.io/10.0.0.0%2F8",
                "NetworkPolicy.networking.k8s.io/shop/blocks allows_to IPBlock.networking.k8s.io/2001:db8::%2F32",
            ],
        },
    ],
};

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct NetworkPolicy {
    #[prost(message, optional, tag = "1")]
    metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    spec: Option<NetworkPolicySpec>,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct NetworkPolicySpec {
    #[prost(message, optional, tag = "1")]
    pod_selector: Option<LabelSelector>,
    #[prost(message, repeated, tag = "2")]
    ingress: Vec<NetworkPolicyIngressRule>,
    #[prost(message, repeated, tag = "3")]
    egress: Vec<NetworkPolicyEgressRule>,
    #[prost(string, repeated, tag = "4")]
    policy_types: Vec<String>,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct NetworkPolicyIngressRule {
    #[prost(message, repeated, tag = "2")]
    from: Vec<NetworkPolicyPeer>,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct NetworkPolicyEgressRule {
    #[prost(message, repeated, tag = "2")]
    to: Vec<NetworkPolicyPeer>,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct NetworkPolicyPeer {
    #[prost(message, optional, tag = "1")]
    pod_selector: Option<LabelSelector>,
    #[prost(message, optional, tag = "2")]
    namespace_selector: Option<LabelSelector>,
    #[prost(message, optional, tag = "3")]
    ip_block: Option<IpBlock>,
}

#[derive(Clone, PartialEq, Eq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct IpBlock {
    #[prost(string, tag = "1")]
    cidr: String,
}

impl NetworkPolicySpec {
    /// Rules of a direction that the policy does not have mean nothing. Without `policyTypes` it has those that
    /// have rules.
    fn has(&self, direction: &str) -> bool {
        self.policy_types.is_empty() || self.policy_types.iter().any(|has| has == direction)
    }
}

impl Source for NetworkPolicy {
    const KIND: Kind = kinds::NETWORK_POLICY;

    fn metadata(&self) -> Option<&ObjectMeta> {
        self.metadata.as_ref()
    }

    fn edges(&self, emit: &mut Emit<'_>) {
        let Some(spec) = &self.spec else { return };
        // Absent is empty here, and selects every pod.
        let pods = spec.pod_selector.as_ref().map_or_else(Selector::everything, Selector::from);
        emit.select("applies_to", kinds::POD, pods, "spec.podSelector");
        if spec.has("Ingress") {
            spec.ingress.iter().flat_map(|rule| &rule.from).for_each(|peer| allows(emit, peer, &FROM));
        }
        if spec.has("Egress") {
            spec.egress.iter().flat_map(|rule| &rule.to).for_each(|peer| allows(emit, peer, &TO));
        }
    }
}

/// What one peer allows. A rule without peers allows everyone, which is no edge.
fn allows(emit: &mut Emit<'_>, peer: &NetworkPolicyPeer, direction: &Direction) {
    if let Some(block) = &peer.ip_block {
        let _ = emit.refer(direction.edge, IP_BLOCK, &block.cidr, direction.addresses).imaginary();
    }
    match (&peer.pod_selector, &peer.namespace_selector) {
        (Some(pods), Some(namespaces)) => {
            let within = Within::Namespaces(namespaces.into());
            emit.select_within(direction.edge, kinds::POD, within, pods.into(), direction.pods);
        }
        (Some(pods), None) => emit.select(direction.edge, kinds::POD, pods.into(), direction.pods),
        (None, Some(namespaces)) => {
            let within = Within::Cluster;
            emit.select_within(
                direction.edge,
                kinds::NAMESPACE,
                within,
                namespaces.into(),
                direction.namespaces,
            );
        }
        (None, None) => {}
    }
}

//! Backend TLS policies say how gateways verify services.

use prost::Message;
use serde::Deserialize;

use crate::{
    graph::edges::{Case, EdgeRule, Emit, Family, Reader, Source, Target},
    model::{Kind, ObjectMeta, api::GatewayReference, kinds},
};

const TARGETS: &str = "spec.targetRefs[]";
const AUTHORITIES: &str = "spec.validation.caCertificateRefs[]";

pub(super) static FAMILY: Family = Family {
    title: "Backend TLS policies",
    readers: &[Reader::of::<BackendTlsPolicy>()],
    edges: &[
        EdgeRule { source: kinds::BACKEND_TLS_POLICY, edge: "policy_for", target: Target::Any, via: TARGETS },
        EdgeRule { source: kinds::BACKEND_TLS_POLICY, edge: "trusts", target: Target::Any, via: AUTHORITIES },
    ],
    cases: &[Case {
        name: "a policy is for services of its namespace and trusts what it names there; system authorities are none",
        objects: r"
apiVersion: gateway.networking.k8s.io/v1
kind: BackendTLSPolicy
metadata: {name: api, namespace: shop}
spec:
  targetRefs: [{group: '', kind: Service, name: api}, {group: '', kind: Service, name: other}]
  validation:
    hostname: api.example.com
    caCertificateRefs: [{group: '', kind: ConfigMap, name: ca}, {group: '', kind: Secret, name: ca}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: BackendTLSPolicy
metadata: {name: public, namespace: shop}
spec:
  targetRefs: [{group: '', kind: Service, name: api, sectionName: https}]
  validation: {hostname: api.example.com, wellKnownCACertificates: System}
---
apiVersion: v1
kind: Service
metadata: {name: api, namespace: shop}
spec: {ports: [{port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: other, namespace: elsewhere}
spec: {ports: [{port: 80}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: ca, namespace: shop}
",
        edges: &[
            "BackendTLSPolicy.gateway.networking.k8s.io/shop/api policy_for Service/shop/api",
            "BackendTLSPolicy.gateway.networking.k8s.io/shop/api policy_for Service/shop/other!",
            "BackendTLSPolicy.gateway.networking.k8s.io/shop/api trusts ConfigMap/shop/ca",
            "BackendTLSPolicy.gateway.networking.k8s.io/shop/api trusts Secret/shop/ca!",
            "BackendTLSPolicy.gateway.networking.k8s.io/shop/public policy_for Service/shop/api",
        ],
    }],
};

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct BackendTlsPolicy {
    #[prost(message, optional, tag = "1")]
    metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    spec: Option<BackendTlsPolicySpec>,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct BackendTlsPolicySpec {
    #[prost(message, repeated, tag = "1")]
    target_refs: Vec<GatewayReference>,
    #[prost(message, optional, tag = "2")]
    validation: Option<Validation>,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Validation {
    #[prost(message, repeated, tag = "1")]
    ca_certificate_refs: Vec<GatewayReference>,
}

impl Source for BackendTlsPolicy {
    const KIND: Kind = kinds::BACKEND_TLS_POLICY;

    fn metadata(&self) -> Option<&ObjectMeta> {
        self.metadata.as_ref()
    }

    fn edges(&self, emit: &mut Emit<'_>) {
        let Some(spec) = &self.spec else { return };
        for to in &spec.target_refs {
            refer(emit, "policy_for", to, TARGETS);
        }
        for to in spec.validation.iter().flat_map(|validation| &validation.ca_certificate_refs) {
            refer(emit, "trusts", to, AUTHORITIES);
        }
    }
}

/// Group and kind are required, and both are always of the policy's own namespace.
fn refer(emit: &mut Emit<'_>, edge: &'static str, to: &GatewayReference, via: &'static str) {
    let (group, kind) = to.group_kind("", "");
    let _ = emit.refer_any(edge, group, kind, &to.name, via);
}

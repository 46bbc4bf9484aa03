//! Gateways: their class, their parameters, their certificates.

use prost::Message;
use serde::Deserialize;

use crate::{
    graph::edges::{Case, EdgeRule, Emit, Family, Reader, Source, Target},
    model::{Kind, ObjectMeta, api::GatewayReference, kinds},
};

const CLASS: &str = "spec.gatewayClassName";
const PARAMETERS: &str = "spec.infrastructure.parametersRef";
pub(super) const CERTIFICATES: &str = "spec.listeners[].tls.certificateRefs[]";
const CLIENT_CERTIFICATE: &str = "spec.tls.backend.clientCertificateRef";
const FRONTEND: &str = "spec.tls.frontend.default.validation.caCertificateRefs[]";
const FRONTEND_PORT: &str = "spec.tls.frontend.perPort[].tls.validation.caCertificateRefs[]";

const fn rule(edge: &'static str, target: Target, via: &'static str) -> EdgeRule {
    EdgeRule { source: kinds::GATEWAY, edge, target, via }
}

pub(super) static FAMILY: Family = Family {
    title: "Gateways",
    readers: &[Reader::of::<Gateway>()],
    edges: &[
        rule("uses_class", Target::Kind(kinds::GATEWAY_CLASS), CLASS),
        rule("parameters", Target::Any, PARAMETERS),
        rule("terminates_tls_with", Target::Any, CERTIFICATES),
        rule("terminates_tls_with", Target::Any, CLIENT_CERTIFICATE),
        rule("terminates_tls_with", Target::Any, FRONTEND),
        rule("terminates_tls_with", Target::Any, FRONTEND_PORT),
    ],
    cases: &[
        Case {
            name: "a gateway uses its class, and the parameters of its own namespace",
            objects: r"
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: public}
spec: {controllerName: example.com/gateway}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: web, namespace: shop}
spec:
  gatewayClassName: public
  infrastructure: {parametersRef: {group: '', kind: ConfigMap, name: settings}}
  listeners: [{name: http, port: 80, protocol: HTTP}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: lost, namespace: shop}
spec: {gatewayClassName: gone, listeners: [{name: http, port: 80, protocol: HTTP}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: infra}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: shop}
",
            edges: &[
                "Gateway.gateway.networking.k8s.io/shop/web uses_class GatewayClass.gateway.networking.k8s.io/public",
                "Gateway.gateway.networking.k8s.io/shop/web parameters ConfigMap/shop/settings",
                "Gateway.gateway.networking.k8s.io/shop/lost uses_class \
                 GatewayClass.gateway.networking.k8s.io/gone!",
            ],
        },
        Case {
            name: "certificates are secrets unless the reference says another kind; clients are checked by config maps",
            objects: r"
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: web, namespace: shop}
spec:
  gatewayClassName: public
  listeners:
  - name: https
    port: 443
    protocol: HTTPS
    tls:
      certificateRefs:
      - {name: web-tls}
      - {name: shared-tls, namespace: infra}
      - {group: example.com, kind: Certificate, name: web-tls}
  - {name: http, port: 80, protocol: HTTP}
  tls:
    backend: {clientCertificateRef: {name: client-tls}}
    frontend:
      default: {validation: {caCertificateRefs: [{group: '', kind: ConfigMap, name: clients}]}}
      perPort:
      - port: 8443
        tls: {validation: {caCertificateRefs: [{group: '', kind: ConfigMap, name: partners, namespace: infra}]}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: public}
spec: {controllerName: example.com/gateway}
---
apiVersion: v1
kind: Secret
metadata: {name: web-tls, namespace: shop}
---
apiVersion: v1
kind: Secret
metadata: {name: shared-tls, namespace: infra}
---
apiVersion: v1
kind: Secret
metadata: {name: shared-tls, namespace: shop}
---
apiVersion: v1
kind: Secret
metadata: {name: client-tls, namespace: infra}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: clients, namespace: shop}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: partners, namespace: infra}
",
            edges: &[
                "Gateway.gateway.networking.k8s.io/shop/web uses_class GatewayClass.gateway.networking.k8s.io/public",
                "Gateway.gateway.networking.k8s.io/shop/web terminates_tls_with Secret/shop/web-tls",
                "Gateway.gateway.networking.k8s.io/shop/web terminates_tls_with Secret/infra/shared-tls",
                "Gateway.gateway.networking.k8s.io/shop/web terminates_tls_with \
                 Certificate.example.com/shop/web-tls!",
                "Gateway.gateway.networking.k8s.io/shop/web terminates_tls_with Secret/shop/client-tls!",
                "Gateway.gateway.networking.k8s.io/shop/web terminates_tls_with ConfigMap/shop/clients",
                "Gateway.gateway.networking.k8s.io/shop/web terminates_tls_with ConfigMap/infra/partners",
            ],
        },
    ],
};

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Gateway {
    #[prost(message, optional, tag = "1")]
    metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    spec: Option<GatewaySpec>,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct GatewaySpec {
    #[prost(string, tag = "1")]
    gateway_class_name: String,
    #[prost(message, repeated, tag = "2")]
    listeners: Vec<Listener>,
    #[prost(message, optional, tag = "3")]
    infrastructure: Option<Parameters>,
    #[prost(message, optional, tag = "4")]
    tls: Option<GatewayTls>,
}

#[derive(Clone, PartialEq, Eq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Parameters {
    #[prost(message, optional, tag = "1")]
    pub(super) parameters_ref: Option<GatewayReference>,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Listener {
    #[prost(message, optional, tag = "1")]
    pub(super) tls: Option<ListenerTls>,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ListenerTls {
    #[prost(message, repeated, tag = "1")]
    pub(super) certificate_refs: Vec<GatewayReference>,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct GatewayTls {
    #[prost(message, optional, tag = "1")]
    backend: Option<BackendTls>,
    #[prost(message, optional, tag = "2")]
    frontend: Option<FrontendTls>,
}

#[derive(Clone, PartialEq, Eq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct BackendTls {
    #[prost(message, optional, tag = "1")]
    client_certificate_ref: Option<GatewayReference>,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct FrontendTls {
    #[prost(message, optional, tag = "1")]
    default: Option<TlsConfig>,
    #[prost(message, repeated, tag = "2")]
    per_port: Vec<PortTls>,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct PortTls {
    #[prost(message, optional, tag = "1")]
    tls: Option<TlsConfig>,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct TlsConfig {
    #[prost(message, optional, tag = "1")]
    validation: Option<TlsValidation>,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct TlsValidation {
    #[prost(message, repeated, tag = "1")]
    ca_certificate_refs: Vec<GatewayReference>,
}

impl Source for Gateway {
    const KIND: Kind = kinds::GATEWAY;

    fn metadata(&self) -> Option<&ObjectMeta> {
        self.metadata.as_ref()
    }

    fn edges(&self, emit: &mut Emit<'_>) {
        let Some(spec) = &self.spec else { return };
        let _ = emit.refer("uses_class", kinds::GATEWAY_CLASS, &spec.gateway_class_name, CLASS);
        let parameters =
            spec.infrastructure.as_ref().and_then(|infrastructure| infrastructure.parameters_ref.as_ref());
        refer(emit, "parameters", parameters, PARAMETERS);
        certificates(emit, &spec.listeners);
        let Some(tls) = &spec.tls else { return };
        let client = tls.backend.as_ref().and_then(|backend| backend.client_certificate_ref.as_ref());
        refer(emit, "terminates_tls_with", client, CLIENT_CERTIFICATE);
        let Some(frontend) = &tls.frontend else { return };
        let ports =
            frontend.per_port.iter().filter_map(|port| port.tls.as_ref()).map(|tls| (tls, FRONTEND_PORT));
        for (config, via) in frontend.default.as_ref().map(|tls| (tls, FRONTEND)).into_iter().chain(ports) {
            let authorities = config.validation.iter().flat_map(|validation| &validation.ca_certificate_refs);
            authorities.for_each(|to| refer(emit, "terminates_tls_with", Some(to), via));
        }
    }
}

/// The certificates of listeners, which a listener set has as well.
pub(super) fn certificates(emit: &mut Emit<'_>, listeners: &[Listener]) {
    let tls = listeners.iter().filter_map(|listener| listener.tls.as_ref());
    for to in tls.flat_map(|tls| &tls.certificate_refs) {
        refer(emit, "terminates_tls_with", Some(to), CERTIFICATES);
    }
}

/// Where the kind may be left out, it is Secret; where it may not, none is ever put in.
pub(super) fn refer(
    emit: &mut Emit<'_>,
    edge: &'static str,
    to: Option<&GatewayReference>,
    via: &'static str,
) {
    if let Some(to) = to {
        let (group, kind) = to.group_kind("", kinds::SECRET.kind);
        let _ = emit.refer_any(edge, group, kind, &to.name, via).in_namespace(&to.namespace);
    }
}

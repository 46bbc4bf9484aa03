//! Routes of the Gateway API: what they attach to, where they send requests, what extends them.

use prost::Message;
use serde::Deserialize;

use crate::{
    graph::edges::{Case, EdgeRule, Emit, Family, Reader, Source, Target},
    model::{
        Kind, ObjectMeta,
        api::{GatewayReference, RouteFilter, RouteSpec},
        kinds,
    },
};

const PARENT: &str = "spec.parentRefs[]";
const BACKEND: &str = "spec.rules[].backendRefs[]";
/// The fields of the filters of a rule, and those of the filters of one backend.
const OF_RULE: Filters = Filters {
    mirror: "spec.rules[].filters[].requestMirror.backendRef",
    authorizer: "spec.rules[].filters[].externalAuth.backendRef",
    extension: "spec.rules[].filters[].extensionRef",
};
const OF_BACKEND: Filters = Filters {
    mirror: "spec.rules[].backendRefs[].filters[].requestMirror.backendRef",
    authorizer: "spec.rules[].backendRefs[].filters[].externalAuth.backendRef",
    extension: "spec.rules[].backendRefs[].filters[].extensionRef",
};

struct Filters {
    mirror: &'static str,
    authorizer: &'static str,
    extension: &'static str,
}

const fn rule(source: Kind, edge: &'static str, via: &'static str) -> EdgeRule {
    EdgeRule { source, edge, target: Target::Any, via }
}

pub(super) static FAMILY: Family = Family {
    title: "Routes",
    readers: &[
        Reader::of::<HttpRoute>(),
        Reader::of::<GrpcRoute>(),
        Reader::of::<TlsRoute>(),
        Reader::of::<TcpRoute>(),
        Reader::of::<UdpRoute>(),
    ],
    edges: &[
        rule(kinds::HTTP_ROUTE, "attached_to", PARENT),
        rule(kinds::HTTP_ROUTE, "routes_to", BACKEND),
        rule(kinds::HTTP_ROUTE, "routes_to", OF_RULE.mirror),
        rule(kinds::HTTP_ROUTE, "routes_to", OF_RULE.authorizer),
        rule(kinds::HTTP_ROUTE, "routes_to", OF_BACKEND.mirror),
        rule(kinds::HTTP_ROUTE, "routes_to", OF_BACKEND.authorizer),
        rule(kinds::HTTP_ROUTE, "extends_with", OF_RULE.extension),
        rule(kinds::HTTP_ROUTE, "extends_with", OF_BACKEND.extension),
        rule(kinds::GRPC_ROUTE, "attached_to", PARENT),
        rule(kinds::GRPC_ROUTE, "routes_to", BACKEND),
        rule(kinds::GRPC_ROUTE, "routes_to", OF_RULE.mirror),
        rule(kinds::GRPC_ROUTE, "routes_to", OF_BACKEND.mirror),
        rule(kinds::GRPC_ROUTE, "extends_with", OF_RULE.extension),
        rule(kinds::GRPC_ROUTE, "extends_with", OF_BACKEND.extension),
        rule(kinds::TLS_ROUTE, "attached_to", PARENT),
        rule(kinds::TLS_ROUTE, "routes_to", BACKEND),
        rule(kinds::TCP_ROUTE, "attached_to", PARENT),
        rule(kinds::TCP_ROUTE, "routes_to", BACKEND),
        rule(kinds::UDP_ROUTE, "attached_to", PARENT),
        rule(kinds::UDP_ROUTE, "routes_to", BACKEND),
    ],
    cases: &[
        Case {
            name: "an HTTP route attaches to gateways, listener sets and services, and routes to services",
            objects: r"
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: shop}
spec:
  parentRefs:
  - {name: public, namespace: infra, sectionName: https}
  - {name: public, namespace: infra, sectionName: http}
  - {kind: ListenerSet, name: team}
  - {group: '', kind: Service, name: web}
  rules:
  - backendRefs:
    - {name: web, port: 80, weight: 9}
    - name: canary
      port: 80
      filters:
      - {type: RequestMirror, requestMirror: {backendRef: {name: canary-copy, port: 80}}}
      - {type: ExternalAuth, externalAuth: {protocol: HTTP, backendRef: {name: canary-door, port: 80}}}
      - {type: ExtensionRef, extensionRef: {group: example.com, kind: Patch, name: canary}}
    filters:
    - {type: RequestMirror, requestMirror: {backendRef: {name: copy, namespace: audit, port: 80}}}
    - {type: ExternalAuth, externalAuth: {protocol: HTTP, backendRef: {name: door, port: 80}}}
    - {type: ExtensionRef, extensionRef: {group: example.com, kind: Patch, name: web}}
    - {type: RequestHeaderModifier, requestHeaderModifier: {remove: [x-debug]}}
  - backendRefs: [{group: multicluster.x-k8s.io, kind: ServiceImport, name: far, port: 80}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public, namespace: infra}
spec: {gatewayClassName: public, listeners: [{name: http, port: 80, protocol: HTTP}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public, namespace: shop}
spec: {gatewayClassName: public, listeners: [{name: http, port: 80, protocol: HTTP}]}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {ports: [{port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: canary, namespace: infra}
spec: {ports: [{port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: copy, namespace: audit}
spec: {ports: [{port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: far, namespace: shop}
spec: {ports: [{port: 80}]}
",
            edges: &[
                "HTTPRoute.gateway.networking.k8s.io/shop/web attached_to \
                 Gateway.gateway.networking.k8s.io/infra/public",
                "HTTPRoute.gateway.networking.k8s.io/shop/web attached_to \
                 ListenerSet.gateway.networking.k8s.io/shop/team!",
                "HTTPRoute.gateway.networking.k8s.io/shop/web attached_to Service/shop/web",
                "HTTPRoute.gateway.networking.k8s.io/shop/web routes_to Service/shop/web",
                "HTTPRoute.gateway.networking.k8s.io/shop/web routes_to Service/shop/canary!",
                "HTTPRoute.gateway.networking.k8s.io/shop/web routes_to Service/shop/canary-copy!",
                "HTTPRoute.gateway.networking.k8s.io/shop/web routes_to Service/shop/canary-door!",
                "HTTPRoute.gateway.networking.k8s.io/shop/web routes_to Service/audit/copy",
                "HTTPRoute.gateway.networking.k8s.io/shop/web routes_to Service/shop/door!",
                "HTTPRoute.gateway.networking.k8s.io/shop/web routes_to \
                 ServiceImport.multicluster.x-k8s.io/shop/far!",
                "HTTPRoute.gateway.networking.k8s.io/shop/web extends_with Patch.example.com/shop/web!",
                "HTTPRoute.gateway.networking.k8s.io/shop/web extends_with Patch.example.com/shop/canary!",
            ],
        },
        Case {
            name: "a gRPC route mirrors and is extended likewise",
            objects: r"
apiVersion: gateway.networking.k8s.io/v1
kind: GRPCRoute
metadata: {name: api, namespace: shop}
spec:
  parentRefs: [{name: public}]
  rules:
  - filters:
    - {type: RequestMirror, requestMirror: {backendRef: {name: copy, port: 80}}}
    - {type: ExtensionRef, extensionRef: {group: '', kind: ConfigMap, name: api}}
    backendRefs:
    - name: api
      port: 80
      filters:
      - {type: RequestMirror, requestMirror: {backendRef: {name: api-copy, port: 80}}}
      - {type: ExtensionRef, extensionRef: {group: '', kind: ConfigMap, name: backend}}
---
apiVersion: v1
kind: Service
metadata: {name: api, namespace: shop}
spec: {ports: [{port: 80}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: api, namespace: shop}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: backend, namespace: elsewhere}
",
            edges: &[
                "GRPCRoute.gateway.networking.k8s.io/shop/api attached_to \
                 Gateway.gateway.networking.k8s.io/shop/public!",
                "GRPCRoute.gateway.networking.k8s.io/shop/api routes_to Service/shop/api",
                "GRPCRoute.gateway.networking.k8s.io/shop/api routes_to Service/shop/copy!",
                "GRPCRoute.gateway.networking.k8s.io/shop/api routes_to Service/shop/api-copy!",
                "GRPCRoute.gateway.networking.k8s.io/shop/api extends_with ConfigMap/shop/api",
                "GRPCRoute.gateway.networking.k8s.io/shop/api extends_with ConfigMap/shop/backend!",
            ],
        },
        Case {
            name: "TLS, TCP and UDP routes attach and route, each to its own namespace unless it says another",
            objects: r"
apiVersion: gateway.networking.k8s.io/v1
kind: TLSRoute
metadata: {name: db, namespace: shop}
spec: {parentRefs: [{name: public}], hostnames: [db.example.com], rules: [{backendRefs: [{name: db, port: 80}]}]}
---
apiVersion: gateway.networking.k8s.io/v1alpha2
kind: TCPRoute
metadata: {name: db, namespace: shop}
spec: {parentRefs: [{name: public}], rules: [{backendRefs: [{name: db, namespace: infra, port: 80}]}]}
---
apiVersion: gateway.networking.k8s.io/v1alpha2
kind: UDPRoute
metadata: {name: dns, namespace: shop}
spec: {parentRefs: [{name: public, namespace: infra}], rules: [{backendRefs: [{name: dns, port: 53}]}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public, namespace: shop}
spec: {gatewayClassName: public, listeners: [{name: http, port: 80, protocol: HTTP}]}
---
apiVersion: v1
kind: Service
metadata: {name: db, namespace: shop}
spec: {ports: [{port: 80}]}
",
            edges: &[
                "TLSRoute.gateway.networking.k8s.io/shop/db attached_to Gateway.gateway.networking.k8s.io/shop/public",
                "TLSRoute.gateway.networking.k8s.io/shop/db routes_to Service/shop/db",
                "TCPRoute.gateway.networking.k8s.io/shop/db attached_to Gateway.gateway.networking.k8s.io/shop/public",
                "TCPRoute.gateway.networking.k8s.io/shop/db routes_to Service/infra/db!",
                "UDPRoute.gateway.networking.k8s.io/shop/dns attached_to \
                 Gateway.gateway.networking.k8s.io/infra/public!",
                "UDPRoute.gateway.networking.k8s.io/shop/dns routes_to Service/shop/dns!",
            ],
        },
    ],
};

/// The five kinds differ in what they match, which is not read.
macro_rules! route {
    ($name:ident, $kind:expr) => {
        #[derive(Clone, PartialEq, Message, Deserialize)]
        #[serde(rename_all = "camelCase", default)]
        struct $name {
            #[prost(message, optional, tag = "1")]
            metadata: Option<ObjectMeta>,
            #[prost(message, optional, tag = "2")]
            spec: Option<RouteSpec>,
        }

        impl Source for $name {
            const KIND: Kind = $kind;

            fn metadata(&self) -> Option<&ObjectMeta> {
                self.metadata.as_ref()
            }

            fn edges(&self, emit: &mut Emit<'_>) {
                if let Some(spec) = &self.spec {
                    edges(spec, emit);
                }
            }
        }
    };
}

route!(HttpRoute, kinds::HTTP_ROUTE);
route!(GrpcRoute, kinds::GRPC_ROUTE);
route!(TlsRoute, kinds::TLS_ROUTE);
route!(TcpRoute, kinds::TCP_ROUTE);
route!(UdpRoute, kinds::UDP_ROUTE);

fn edges(spec: &RouteSpec, emit: &mut Emit<'_>) {
    for to in &spec.parent_refs {
        let (group, kind) = to.group_kind(kinds::GATEWAY.group, kinds::GATEWAY.kind);
        let _ = emit.refer_any("attached_to", group, kind, &to.name, PARENT).in_namespace(&to.namespace);
    }
    for rule in &spec.rules {
        filters(emit, &rule.filters, &OF_RULE);
        for backend in &rule.backend_refs {
            routes_to(emit, &backend.to, BACKEND);
            filters(emit, &backend.filters, &OF_BACKEND);
        }
    }
}

fn filters(emit: &mut Emit<'_>, filters: &[RouteFilter], via: &Filters) {
    for filter in filters {
        if let Some(to) = filter.request_mirror.as_ref().and_then(|mirror| mirror.backend_ref.as_ref()) {
            routes_to(emit, to, via.mirror);
        }
        if let Some(to) = filter.external_auth.as_ref().and_then(|auth| auth.backend_ref.as_ref()) {
            routes_to(emit, to, via.authorizer);
        }
        if let Some(to) = &filter.extension_ref {
            // Group and kind are required.
            let (group, kind) = to.group_kind("", "");
            let _ = emit.refer_any("extends_with", group, kind, &to.name, via.extension);
        }
    }
}

/// A backend is a Service unless it says otherwise.
fn routes_to(emit: &mut Emit<'_>, to: &GatewayReference, via: &'static str) {
    let (group, kind) = to.group_kind("", kinds::SERVICE.kind);
    let _ = emit.refer_any("routes_to", group, kind, &to.name, via).in_namespace(&to.namespace);
}

//! Listener sets add listeners to a gateway.

use prost::Message;
use serde::Deserialize;

use crate::{
    graph::edges::{Case, EdgeRule, Emit, Family, Reader, Source, Target},
    model::{Kind, ObjectMeta, api::GatewayReference, kinds},
};

use super::gateway::{CERTIFICATES, Listener, certificates};

/// The experimental name of the listener set.
const X_LISTENER_SET: Kind = Kind::namespaced("gateway.networking.x-k8s.io", "XListenerSet");

const PARENT: &str = "spec.parentRef";

const fn attached(source: Kind) -> EdgeRule {
    EdgeRule { source, edge: "attached_to", target: Target::Kind(kinds::GATEWAY), via: PARENT }
}

const fn terminates(source: Kind) -> EdgeRule {
    EdgeRule { source, edge: "terminates_tls_with", target: Target::Any, via: CERTIFICATES }
}

pub(super) static FAMILY: Family = Family {
    title: "Listener sets",
    readers: &[Reader::of::<ListenerSet>(), Reader::of::<XListenerSet>()],
    edges: &[
        attached(kinds::LISTENER_SET),
        terminates(kinds::LISTENER_SET),
        attached(X_LISTENER_SET),
        terminates(X_LISTENER_SET),
    ],
    cases: &[Case {
        name: "a listener set attaches to its gateway, by either of its names",
        objects: r"
apiVersion: gateway.networking.k8s.io/v1
kind: ListenerSet
metadata: {name: team, namespace: shop}
spec:
  parentRef: {name: web, namespace: infra}
  listeners:
  - {name: https, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: team-tls}]}}
---
apiVersion: gateway.networking.x-k8s.io/v1alpha1
kind: XListenerSet
metadata: {name: team, namespace: shop}
spec:
  parentRef: {name: web}
  listeners:
  - {name: https, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: team-tls}]}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: web, namespace: infra}
spec: {gatewayClassName: public, listeners: [{name: http, port: 80, protocol: HTTP}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: public}
spec: {controllerName: example.com/gateway}
---
apiVersion: v1
kind: Secret
metadata: {name: team-tls, namespace: shop}
",
        edges: &[
            "ListenerSet.gateway.networking.k8s.io/shop/team attached_to \
             Gateway.gateway.networking.k8s.io/infra/web",
            "ListenerSet.gateway.networking.k8s.io/shop/team terminates_tls_with Secret/shop/team-tls",
            "XListenerSet.gateway.networking.x-k8s.io/shop/team attached_to \
             Gateway.gateway.networking.k8s.io/shop/web!",
            "XListenerSet.gateway.networking.x-k8s.io/shop/team terminates_tls_with Secret/shop/team-tls",
        ],
    }],
};

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ListenerSet {
    #[prost(message, optional, tag = "1")]
    metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    spec: Option<ListenerSetSpec>,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct XListenerSet {
    #[prost(message, optional, tag = "1")]
    metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    spec: Option<ListenerSetSpec>,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ListenerSetSpec {
    #[prost(message, optional, tag = "1")]
    parent_ref: Option<GatewayReference>,
    #[prost(message, repeated, tag = "2")]
    listeners: Vec<Listener>,
}

impl Source for ListenerSet {
    const KIND: Kind = kinds::LISTENER_SET;

    fn metadata(&self) -> Option<&ObjectMeta> {
        self.metadata.as_ref()
    }

    fn edges(&self, emit: &mut Emit<'_>) {
        listener_set(emit, self.spec.as_ref());
    }
}

impl Source for XListenerSet {
    const KIND: Kind = X_LISTENER_SET;

    fn metadata(&self) -> Option<&ObjectMeta> {
        self.metadata.as_ref()
    }

    fn edges(&self, emit: &mut Emit<'_>) {
        listener_set(emit, self.spec.as_ref());
    }
}

fn listener_set(emit: &mut Emit<'_>, spec: Option<&ListenerSetSpec>) {
    let Some(spec) = spec else { return };
    if let Some(to) = &spec.parent_ref {
        let (group, kind) = to.group_kind(kinds::GATEWAY.group, kinds::GATEWAY.kind);
        let _ = emit.refer_any("attached_to", group, kind, &to.name, PARENT).in_namespace(&to.namespace);
    }
    certificates(emit, &spec.listeners);
}

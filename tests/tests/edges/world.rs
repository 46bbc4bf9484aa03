//! A server with every kind that the catalogue reads, and what the plugin says of it.

use std::collections::BTreeSet;

use passmuster_tests::{ControlPlane, Options, Plugin};
use serde_json::{Value, json};

/// Kinds that no Kubernetes server has by itself: kind, versions, group, plural, whether it has namespaces.
const DEFINED: &[(&str, &[&str], &str, &str, bool)] = &[
    ("GatewayClass", &["v1"], GATEWAY, "gatewayclasses", false),
    ("Gateway", &["v1"], GATEWAY, "gateways", true),
    ("HTTPRoute", &["v1"], GATEWAY, "httproutes", true),
    ("GRPCRoute", &["v1"], GATEWAY, "grpcroutes", true),
    ("TLSRoute", &["v1"], GATEWAY, "tlsroutes", true),
    ("TCPRoute", &["v1alpha2"], GATEWAY, "tcproutes", true),
    ("UDPRoute", &["v1alpha2"], GATEWAY, "udproutes", true),
    ("BackendTLSPolicy", &["v1"], GATEWAY, "backendtlspolicies", true),
    ("ListenerSet", &["v1"], GATEWAY, "listenersets", true),
    ("XListenerSet", &["v1alpha1"], "gateway.networking.x-k8s.io", "xlistenersets", true),
    ("VerticalPodAutoscaler", &["v1"], "autoscaling.k8s.io", "verticalpodautoscalers", true),
    ("VolumeSnapshot", &["v1"], SNAPSHOT, "volumesnapshots", true),
    ("VolumeSnapshotContent", &["v1"], SNAPSHOT, "volumesnapshotcontents", false),
    ("VolumeSnapshotClass", &["v1"], SNAPSHOT, "volumesnapshotclasses", false),
    ("Shop", &["v1"], "example.com", "shops", true),
    ("Shop", &["v1"], "other.example.com", "shops", true),
    ("Deployment", &["v1"], "extensions.example.com", "deployments", true),
];
const GATEWAY: &str = "gateway.networking.k8s.io";
const SNAPSHOT: &str = "snapshot.storage.k8s.io";

/// What a server takes only when it is told to, and what that needs.
const GATED: &[&str] = &[
    "--feature-gates=ClusterTrustBundle=true,ClusterTrustBundleProjection=true,CrossNamespaceVolumeDataSource=true",
    "--runtime-config=certificates.k8s.io/v1beta1/clustertrustbundles=true",
];

/// A bare server with all of these kinds defined and every field taken.
pub(crate) fn start() -> ControlPlane {
    let apiserver_args = GATED.iter().map(|arg| (*arg).to_owned()).collect();
    let plane = ControlPlane::start(Options { apiserver_args, ..Options::bare() }).unwrap();
    for (kind, versions, group, plural, namespaced) in DEFINED {
        plane.define(kind, versions, group, plural, *namespaced).unwrap();
    }
    plane
}

/// Creates the namespaces that objects live in and that do not exist.
pub(crate) fn make_namespaces<'a>(plane: &ControlPlane, of: impl IntoIterator<Item = &'a Value>) {
    let names: BTreeSet<&str> = of.into_iter().filter_map(|o| o["metadata"]["namespace"].as_str()).collect();
    for name in names {
        if plane.api().get(&format!("/api/v1/namespaces/{name}")).is_err() {
            plane
                .create(&json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}))
                .unwrap();
        }
    }
}

/// Everything there is, as the plugin reads it from the server.
pub(crate) fn whole(plane: &ControlPlane) -> Value {
    Plugin::new("kubectl-graph").on(plane).args(["-A", "--show", "all", "-o", "json"]).run().success().json()
}

/// The edges of a printed graph as cases write them: `source type target`, `?` after the type when it is optional,
/// `!` after the target when that is missing.
pub(crate) fn edges(graph: &Value) -> BTreeSet<Edge> {
    let missing: BTreeSet<&str> = list(&graph["nodes"])
        .iter()
        .filter(|node| node["missing"] == true)
        .map(|node| text(&node["id"]))
        .collect();
    list(&graph["edges"])
        .iter()
        .map(|edge| Edge {
            source: text(&edge["source"]).to_owned(),
            kind: text(&edge["type"]).to_owned(),
            target: text(&edge["target"]).to_owned(),
            optional: edge["optional"] == true,
            missing: missing.contains(text(&edge["target"])),
        })
        .collect()
}

/// An edge, without the field that it comes from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Edge {
    pub(crate) source: String,
    pub(crate) kind: String,
    pub(crate) target: String,
    pub(crate) optional: bool,
    pub(crate) missing: bool,
}

impl std::fmt::Display for Edge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (optional, missing) = (if self.optional { "?" } else { "" }, if self.missing { "!" } else { "" });
        write!(f, "{} {}{optional} {}{missing}", self.source, self.kind, self.target)
    }
}

pub(crate) fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

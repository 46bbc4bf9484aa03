//! Documents for tests, drawn by hand.

use std::collections::BTreeMap;

use crate::{
    graph::{Document, Edge, Node},
    model::{Health, ObjectKey, Skipped, Status, Time},
};

/// What ages are counted to in tests.
pub(super) const NOW: Time = Time { seconds: 1_000_000_000, nanos: 0 };

/// A document of lines: `ID [root] [missing] [unknown] [ready=1/1] [status=Running] [health] [age=300]` for objects,
/// `ID type ID [optional]` for edges, whose ends need no line of their own.
pub(super) fn sketch(text: &str) -> Document {
    let mut nodes: BTreeMap<ObjectKey, (Node, bool)> = BTreeMap::new();
    let mut edges = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let words: Vec<&str> = line.split(' ').filter(|word| !word.is_empty()).collect();
        let key = |id: &str| id.parse::<ObjectKey>().unwrap_or_else(|error| panic!("{line}: {error}"));
        let edge = words.get(2).is_some_and(|word| word.contains('/') && !word.contains('='));
        let source = key(words[0]);
        nodes.entry(source.clone()).or_insert_with(|| (node(&source), false));
        if edge {
            let target = key(words[2]);
            nodes.entry(target.clone()).or_insert_with(|| (node(&target), false));
            edges.push((source, words[1], target, words.contains(&"optional")));
            continue;
        }
        let (node, root) = nodes.get_mut(&source).unwrap();
        for word in &words[1..] {
            match word.split_once('=').unwrap_or((word, "")) {
                ("root", _) => *root = true,
                ("missing", _) => node.missing = true,
                ("unknown", _) => node.unknown = true,
                ("ready", ready) => node.status.ready = Some(ready.to_owned()),
                ("status", status) => node.status.status = Some(status.to_owned()),
                ("healthy", _) => node.status.health = Health::Healthy,
                ("progressing", _) => node.status.health = Health::Progressing,
                ("degraded", _) => node.status.health = Health::Degraded,
                ("age", age) => {
                    node.created =
                        Some(Time { seconds: NOW.seconds - age.parse::<i64>().unwrap(), nanos: 0 });
                }
                other => panic!("{line}: {other:?}"),
            }
        }
    }
    let index: BTreeMap<&ObjectKey, u32> = nodes.keys().zip(0u32..).collect();
    let mut edges: Vec<Edge> = edges
        .iter()
        .map(|(source, edge_type, target, optional)| Edge {
            source: index[source],
            target: index[target],
            edge_type: (*edge_type).into(),
            via: "spec.field".into(),
            optional: *optional,
            count: 1,
        })
        .collect();
    edges.sort_by(|a, b| (a.source, &a.edge_type, a.target).cmp(&(b.source, &b.edge_type, b.target)));
    Document {
        cluster: "test".to_owned(),
        roots: nodes.values().zip(0u32..).filter(|((_, root), _)| *root).map(|(_, at)| at).collect(),
        nodes: nodes.into_values().map(|(node, _)| node).collect(),
        edges,
        skipped: vec![Skipped {
            resource: "secrets".to_owned(),
            namespace: Some("shop".to_owned()),
            reason: "Forbidden".to_owned(),
            message: "secrets is forbidden".to_owned(),
        }],
    }
}

fn node(key: &ObjectKey) -> Node {
    let api_version = if key.group.is_empty() { "v1".to_owned() } else { format!("{}/v1", key.group) };
    Node {
        key: key.clone(),
        api_version: api_version.into(),
        uid: None,
        created: None,
        status: Status::default(),
        missing: false,
        unknown: false,
    }
}

/// A deployment as it comes from a cluster.
pub(super) fn deployment() -> Document {
    sketch(DEPLOYMENT)
}

pub(super) const DEPLOYMENT: &str = "
    Deployment.apps/shop/nginx root ready=3/3 healthy age=300
    ReplicaSet.apps/shop/nginx-7c5ddbdf54 ready=3/3 healthy age=300
    ReplicaSet.apps/shop/nginx-7c5ddbdf54 owned_by Deployment.apps/shop/nginx
    Pod/shop/nginx-7c5ddbdf54-2xkqp ready=1/1 status=Running healthy age=299
    Pod/shop/nginx-7c5ddbdf54-9fj2m ready=1/1 status=Running healthy age=299
    Pod/shop/nginx-7c5ddbdf54-zz8tw ready=0/1 status=CrashLoopBackOff degraded age=120
    Pod/shop/nginx-7c5ddbdf54-2xkqp owned_by ReplicaSet.apps/shop/nginx-7c5ddbdf54
    Pod/shop/nginx-7c5ddbdf54-9fj2m owned_by ReplicaSet.apps/shop/nginx-7c5ddbdf54
    Pod/shop/nginx-7c5ddbdf54-zz8tw owned_by ReplicaSet.apps/shop/nginx-7c5ddbdf54
    Pod/shop/nginx-7c5ddbdf54-2xkqp runs_on Node/n1
    Pod/shop/nginx-7c5ddbdf54-9fj2m runs_on Node/n2
    Pod/shop/nginx-7c5ddbdf54-zz8tw runs_on Node/n1
    Node/n1 status=Ready healthy age=900000
    Node/n2 status=Ready healthy age=900000
    Deployment.apps/shop/nginx uses ConfigMap/shop/nginx-conf
    Pod/shop/nginx-7c5ddbdf54-2xkqp uses ConfigMap/shop/nginx-conf
    Pod/shop/nginx-7c5ddbdf54-9fj2m uses ConfigMap/shop/nginx-conf
    Pod/shop/nginx-7c5ddbdf54-zz8tw uses ConfigMap/shop/nginx-conf
    Pod/shop/nginx-7c5ddbdf54-2xkqp uses ConfigMap/shop/istio-ca
    Pod/shop/nginx-7c5ddbdf54-9fj2m uses ConfigMap/shop/istio-ca
    Pod/shop/nginx-7c5ddbdf54-zz8tw uses ConfigMap/shop/istio-ca
    Deployment.apps/shop/nginx uses Secret/shop/nginx-tls
    Deployment.apps/shop/nginx uses Secret/shop/license optional
    Secret/shop/license missing
    Deployment.apps/shop/nginx pulls_with Secret/shop/registry
    Secret/shop/registry unknown
    Service/shop/nginx age=280
    Service/shop/nginx targets Pod/shop/nginx-7c5ddbdf54-2xkqp
    Service/shop/nginx targets Pod/shop/nginx-7c5ddbdf54-9fj2m
    Service/shop/nginx targets Pod/shop/nginx-7c5ddbdf54-zz8tw
    EndpointSlice.discovery.k8s.io/shop/nginx-x7h2p slice_of Service/shop/nginx
    EndpointSlice.discovery.k8s.io/shop/nginx-x7h2p owned_by Service/shop/nginx
    EndpointSlice.discovery.k8s.io/shop/nginx-x7h2p backs_onto Pod/shop/nginx-7c5ddbdf54-2xkqp
    EndpointSlice.discovery.k8s.io/shop/nginx-x7h2p backs_onto Pod/shop/nginx-7c5ddbdf54-9fj2m
    Ingress.networking.k8s.io/shop/nginx routes_to Service/shop/nginx
    Ingress.networking.k8s.io/shop/nginx terminates_tls_with Secret/shop/nginx-tls
    HorizontalPodAutoscaler.autoscaling/shop/nginx scales Deployment.apps/shop/nginx
    PodDisruptionBudget.policy/shop/nginx protects Pod/shop/nginx-7c5ddbdf54-2xkqp
    PodDisruptionBudget.policy/shop/nginx protects Pod/shop/nginx-7c5ddbdf54-9fj2m
    NetworkPolicy.networking.k8s.io/shop/deny applies_to Pod/shop/nginx-7c5ddbdf54-2xkqp
    NetworkPolicy.networking.k8s.io/shop/deny applies_to Pod/shop/nginx-7c5ddbdf54-9fj2m
    NetworkPolicy.networking.k8s.io/shop/deny applies_to Pod/shop/nginx-7c5ddbdf54-zz8tw
    ServiceMonitor.monitoring.coreos.com/monitoring/nginx scrapes Service/shop/nginx
";

/// Names that mean something in one output or another.
pub(super) fn hostile() -> Document {
    let mut document = deployment();
    let names = [
        "\"quoted\" 'single' `tick`",
        "back\\slash\\",
        "</script><script>alert(1)</script>",
        "a]-->b",
        "end",
        "#35; &amp; &lt;",
        "esc\u{1b}[2J",
        "\u{202e}reversed",
        "line\nbreak",
        "'; MATCH (n) DETACH DELETE n; //",
        "`) SET x",
        "1. list",
        "- list",
        "日本語",
        "%%{init}%%",
        "${x}",
        "<b>bold</b>",
        "]]>",
        "<!-- -->",
        "",
        "\\N\\G",
        "\u{fffe}",
        "subgraph x",
        "a;b|c{d}(e)",
    ];
    for (at, node) in document.nodes.iter_mut().enumerate() {
        let name = names[at % names.len()];
        node.key.name = name.into();
        node.key.namespace = format!("ns-{}{name}", at % 3).into();
        node.status.status = Some(name.to_owned());
    }
    document.cluster = names[0].to_owned();
    for (at, edge) in document.edges.iter_mut().enumerate() {
        edge.edge_type = names[at % names.len()].into();
        edge.via = names[(at + 1) % names.len()].into();
    }
    document
}

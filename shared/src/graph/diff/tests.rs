use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::{
    graph::Node,
    model::{Health, ObjectKey, Skipped, Status},
};

fn node(key: &str) -> Node {
    Node {
        key: key.parse().unwrap(),
        api_version: "v1".into(),
        uid: Some("1".into()),
        created: None,
        status: Status::default(),
        missing: false,
        unknown: false,
    }
}

fn document(nodes: Vec<Node>, edges: &[(u32, &str, u32)]) -> Document {
    let edge = |&(source, edge_type, target): &(u32, &str, u32)| Edge {
        source,
        target,
        edge_type: edge_type.into(),
        via: "spec.x".into(),
        optional: false,
        count: 1,
    };
    Document { nodes, edges: edges.iter().map(edge).collect(), ..Document::default() }
}

/// The example of the documentation.
fn example() -> (Document, Document) {
    let mut old = node("Deployment.apps/shop/nginx");
    old.status = Status { ready: Some("1/3".into()), status: None, health: Health::Progressing };
    let mut new = old.clone();
    new.status = Status { ready: Some("3/3".into()), status: None, health: Health::Healthy };
    let before = document(vec![node("Pod/shop/old"), old], &[(1, "uses", 0)]);
    let after = document(vec![node("ConfigMap/shop/nginx-conf"), new], &[(1, "uses", 0)]);
    (before, after)
}

#[test]
fn text_tells_object_by_object() {
    let (before, after) = example();
    let mut text = Vec::new();
    write_text(&diff(&before, &after), false, &mut text).unwrap();
    let expected = "\
+ ConfigMap/shop/nginx-conf
- Pod/shop/old
~ Deployment.apps/shop/nginx  READY 1/3 → 3/3
+ Deployment.apps/shop/nginx uses ConfigMap/shop/nginx-conf  (spec.x)
- Deployment.apps/shop/nginx uses Pod/shop/old  (spec.x)
";
    assert_eq!(String::from_utf8(text).unwrap(), expected);
}

#[test]
fn a_watch_line_is_what_design_says() {
    let (before, after) = example();
    let line = serde_json::to_value(diff(&before, &after)).unwrap();
    let edge = |target: &str| json!({"source": "Deployment.apps/shop/nginx", "type": "uses", "target": target, "via": "spec.x"});
    assert_eq!(line["type"], "delta");
    assert_eq!(line["added"]["edges"], json!([edge("ConfigMap/shop/nginx-conf")]));
    assert_eq!(line["removed"]["edges"], json!([edge("Pod/shop/old")]));
    assert_eq!(line["added"]["nodes"][0]["id"], "ConfigMap/shop/nginx-conf");
    assert_eq!(line["removed"]["nodes"][0]["id"], "Pod/shop/old");
    assert_eq!(line["changed"]["nodes"][0]["status"]["ready"], "3/3");
    assert_eq!(line.as_object().unwrap().len(), 4);
    let delta = diff(&before, &after);
    let whole = serde_json::to_value(GraphDiff { before: "a.json", after: "b.json", delta: &delta }).unwrap();
    assert_eq!(whole["kind"], "GraphDiff");
    assert_eq!(whole["changed"]["nodes"][0]["before"]["status"]["ready"], "1/3");
    assert_eq!(whole["changed"]["nodes"][0]["after"]["status"]["ready"], "3/3");
}

#[test]
fn equal_graphs_differ_in_nothing() {
    let (graph, _) = example();
    assert!(diff(&graph, &graph).is_empty());
    let mut text = Vec::new();
    write_text(&diff(&graph, &graph), true, &mut text).unwrap();
    assert_eq!(text, b"");
}

#[test]
fn control_characters_do_not_reach_the_terminal() {
    let mut evil = node("Pod/a/b");
    evil.key = ObjectKey::new("", "Pod", "a", "b\u{1b}[2J");
    let mut text = Vec::new();
    write_text(&diff(&Document::default(), &document(vec![evil], &[])), false, &mut text).unwrap();
    assert!(!text.contains(&0x1b));
}

#[test]
fn a_delta_of_another_graph_is_refused() {
    let (before, after) = example();
    let delta = diff(&before, &after);
    let mut other = after.clone();
    assert!(apply(&mut other, &delta).is_err());
    assert_eq!(other, after, "as it was");
    let key: ObjectKey = "ConfigMap/shop/nginx-conf".parse().unwrap();
    let mut empty = Document::default();
    let removed = Delta {
        removed: Part { nodes: diff(&Document::default(), &after).added.nodes, edges: vec![] },
        ..Delta::default()
    };
    assert_eq!(apply(&mut empty, &removed), Err(ApplyError::NoNode(key)));
}

#[test]
fn one_edge_of_a_large_graph() {
    let nodes: Vec<Node> = (0..20_000).map(|n| node(&format!("Pod/shop/pod-{n:05}"))).collect();
    let edges: Vec<(u32, &str, u32)> = (0..100_000u32).map(|n| (n / 5, "targets", n % 5)).collect();
    let before = document(nodes, &edges);
    let mut after = before.clone();
    after.edges.remove(50_000);
    let delta = diff(&before, &after);
    let mut made = before;
    apply(&mut made, &delta).unwrap();
    assert_eq!(delta.removed.edges.len(), 1);
    assert_eq!(made, after);
}

/// Graphs over few names, so that two of them have much in common.
fn graphs() -> impl Strategy<Value = Document> {
    let nodes =
        proptest::collection::btree_map(0u8..12, (0u8..3, any::<bool>(), any::<bool>(), 0u8..3), 0..10);
    let edge = (
        (any::<prop::sample::Index>(), 0u8..2, any::<prop::sample::Index>(), 0u8..2),
        (any::<bool>(), 1u32..3),
    );
    let edges = proptest::collection::vec(edge, 0..20);
    (nodes, edges, 0u8..2, 0u8..2).prop_map(|(nodes, edges, cluster, skipped)| {
        let mut document = Document { cluster: format!("c{cluster}"), ..Document::default() };
        for (at, (name, (uid, missing, root, status))) in (0..).zip(nodes) {
            let mut node = node(&format!("Pod/shop/p{name:02}"));
            node.uid = Some(uid.to_string().into());
            node.missing = missing;
            node.status.status = Some(format!("s{status}"));
            document.nodes.push(node);
            if root {
                document.roots.push(at);
            }
        }
        if !document.nodes.is_empty() {
            for ((source, edge_type, target, via), (optional, count)) in edges {
                let at =
                    |index: prop::sample::Index| u32::try_from(index.index(document.nodes.len())).unwrap();
                document.edges.push(Edge {
                    source: at(source),
                    target: at(target),
                    edge_type: format!("t{edge_type}").into(),
                    via: format!("v{via}").into(),
                    optional,
                    count,
                });
            }
        }
        let key = |edge: &Edge| (edge.source, edge.edge_type.clone(), edge.target, edge.via.clone());
        document.edges.sort_by_key(key);
        document.edges.dedup_by_key(|edge| key(edge));
        document.skipped = (0..skipped)
            .map(|_| Skipped {
                resource: "secrets".into(),
                namespace: None,
                reason: "Forbidden".into(),
                message: "no".into(),
            })
            .collect();
        document
    })
}

proptest! {
    #[test]
    fn a_delta_makes_the_one_of_the_other(before in graphs(), after in graphs()) {
        let delta = diff(&before, &after);
        let mut made = before.clone();
        apply(&mut made, &delta).unwrap();
        prop_assert_eq!(&made, &after);
        prop_assert_eq!(delta.is_empty(), before == after);
    }
}

//! A graph kept by applying the lines of `-w -o json`, as any program that reads them would.

use std::{collections::BTreeMap, time::Duration};

use passmuster_tests::plugin::Running;
use serde_json::{Value, json};

/// What the lines so far add up to.
pub(crate) struct Mirror {
    nodes: BTreeMap<String, Value>,
    edges: BTreeMap<String, Value>,
    /// The last line.
    pub(crate) last: Value,
}

impl Mirror {
    /// Begins with the first line.
    pub(crate) fn start(running: &Running) -> Self {
        let first = running.json_line(Duration::from_secs(30));
        assert_eq!(first["type"], "graph", "{first}");
        assert_eq!(first["graph"]["apiVersion"], "passmuster.dev/v1alpha1");
        let mut mirror = Self { nodes: BTreeMap::new(), edges: BTreeMap::new(), last: Value::Null };
        mirror.add(&first["graph"]);
        mirror
    }

    /// Takes the next line, if one comes in time. Every line must say something new.
    pub(crate) fn step(&mut self, running: &Running, within: Duration) -> bool {
        let Some(line) = running.line(within) else { return false };
        let delta: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(delta["type"], "delta", "{line}");
        for node in array(&delta["removed"]["nodes"]) {
            assert!(self.nodes.remove(&id(node)).is_some(), "removed what was not there: {node}");
        }
        for edge in array(&delta["removed"]["edges"]) {
            assert!(self.edges.remove(&key(edge)).is_some(), "removed what was not there: {edge}");
        }
        for node in array(&delta["changed"]["nodes"]) {
            let before = self.nodes.insert(id(node), node.clone());
            assert!(before.is_some_and(|before| before != *node), "changed what did not change: {node}");
        }
        self.add(&delta["added"]);
        self.last = delta;
        true
    }

    fn add(&mut self, part: &Value) {
        for node in array(&part["nodes"]) {
            assert_eq!(self.nodes.insert(id(node), node.clone()), None, "added what was there");
        }
        for edge in array(&part["edges"]) {
            assert_eq!(self.edges.insert(key(edge), edge.clone()), None, "added what was there");
        }
    }

    /// Whether there is an edge of this type between these objects.
    pub(crate) fn has(&self, source: &str, edge: &str, target: &str) -> bool {
        self.edges.values().any(|e| e["source"] == source && e["type"] == edge && e["target"] == target)
    }

    /// The edges of this type from or to the objects that a test is about.
    pub(crate) fn edges(&self, edge: &str) -> Vec<(String, String)> {
        let of_type = self.edges.values().filter(|e| e["type"] == edge);
        of_type.map(|e| (text(&e["source"]), text(&e["target"]))).collect()
    }

    /// The whole, in an order of its own, to compare with [`canonical`].
    pub(crate) fn canonical(&self) -> String {
        let nodes: Vec<&Value> = self.nodes.values().collect();
        let edges: Vec<&Value> = self.edges.values().collect();
        serde_json::to_string_pretty(&json!({"nodes": nodes, "edges": edges})).unwrap()
    }
}

/// A printed graph in the same order.
pub(crate) fn canonical(graph: &Value) -> String {
    let mut mirror = Mirror { nodes: BTreeMap::new(), edges: BTreeMap::new(), last: Value::Null };
    mirror.add(graph);
    mirror.canonical()
}

fn array(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn id(node: &Value) -> String {
    text(&node["id"])
}

fn key(edge: &Value) -> String {
    format!("{} {} {} {}", edge["source"], edge["type"], edge["target"], edge["via"])
}

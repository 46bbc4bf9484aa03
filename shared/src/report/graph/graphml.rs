use std::io::{self, Write};

use crate::{
    graph::Document,
    report::{Make, Options, Output, markup::escaped},
};

pub(super) static OUTPUT: Output<Document> =
    Output { name: "graphml", about: "XML for Gephi, yEd, networkx", make: Make::Plain(render) };

/// Attributes: id, of nodes or of edges, name, type.
const KEYS: &[(&str, &str, &str, &str)] = &[
    ("n0", "node", "kind", "string"),
    ("n1", "node", "group", "string"),
    ("n2", "node", "namespace", "string"),
    ("n3", "node", "name", "string"),
    ("n4", "node", "apiVersion", "string"),
    ("n5", "node", "uid", "string"),
    ("n6", "node", "ready", "string"),
    ("n7", "node", "status", "string"),
    ("n8", "node", "missing", "boolean"),
    ("n9", "node", "unknown", "boolean"),
    ("n10", "node", "root", "boolean"),
    ("e0", "edge", "type", "string"),
    ("e1", "edge", "via", "string"),
    ("e2", "edge", "optional", "boolean"),
    ("e3", "edge", "count", "int"),
];

fn render(document: &Document, _: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let mut out = io::BufWriter::with_capacity(1 << 16, out);
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(
        out,
        "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
         xsi:schemaLocation=\"http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd\">"
    )?;
    for (id, of, name, kind) in KEYS {
        writeln!(out, "  <key id=\"{id}\" for=\"{of}\" attr.name=\"{name}\" attr.type=\"{kind}\"/>")?;
    }
    writeln!(out, "  <graph id=\"{}\" edgedefault=\"directed\">", escaped(&document.cluster))?;
    for (node, index) in document.nodes.iter().zip(0u32..) {
        writeln!(out, "    <node id=\"{}\">", escaped(&node.key.to_string()))?;
        let flag = |set: bool| set.then_some("true");
        let text = |text: &'_ str| (!text.is_empty()).then_some(text.to_owned());
        for (id, value) in [
            ("n0", text(&node.key.kind)),
            ("n1", text(&node.key.group)),
            ("n2", text(&node.key.namespace)),
            ("n3", text(&node.key.name)),
            ("n4", text(&node.api_version)),
            ("n5", node.uid.as_deref().and_then(text)),
            ("n6", node.status.ready.clone()),
            ("n7", node.status.status.clone()),
            ("n8", flag(node.missing).and_then(text)),
            ("n9", flag(node.unknown).and_then(text)),
            ("n10", flag(document.is_root(index)).and_then(text)),
        ] {
            if let Some(value) = value {
                writeln!(out, "      <data key=\"{id}\">{}</data>", escaped(&value))?;
            }
        }
        writeln!(out, "    </node>")?;
    }
    for (edge, index) in document.edges.iter().zip(0u32..) {
        let id = |index: u32| document.node(index).key.to_string();
        let (source, target) = (id(edge.source), id(edge.target));
        writeln!(
            out,
            "    <edge id=\"e{index}\" source=\"{}\" target=\"{}\">",
            escaped(&source),
            escaped(&target)
        )?;
        writeln!(out, "      <data key=\"e0\">{}</data>", escaped(&edge.edge_type))?;
        writeln!(out, "      <data key=\"e1\">{}</data>", escaped(&edge.via))?;
        writeln!(out, "      <data key=\"e2\">{}</data>", edge.optional)?;
        writeln!(out, "      <data key=\"e3\">{}</data>", edge.count)?;
        writeln!(out, "    </edge>")?;
    }
    writeln!(out, "  </graph>\n</graphml>")?;
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sketch::{deployment, hostile};

    fn graphml(document: &Document) -> String {
        let mut out = Vec::new();
        render(document, &Options::default(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn every_node_and_edge_is_there() {
        for document in [deployment(), hostile(), Document::default()] {
            let text = graphml(&document);
            let tree = roxmltree::Document::parse(&text).unwrap();
            let named = |name: &str| {
                tree.descendants().filter(|node| node.tag_name().name() == name).collect::<Vec<_>>()
            };
            assert_eq!(
                tree.root_element().tag_name().namespace(),
                Some("http://graphml.graphdrawing.org/xmlns")
            );
            assert_eq!(
                (named("node").len(), named("edge").len()),
                (document.nodes.len(), document.edges.len())
            );
            let ids: std::collections::BTreeSet<_> =
                named("node").iter().map(|node| node.attribute("id").unwrap()).collect();
            assert_eq!(ids.len(), document.nodes.len());
            for edge in named("edge") {
                assert!(
                    ids.contains(edge.attribute("source").unwrap())
                        && ids.contains(edge.attribute("target").unwrap())
                );
            }
            let keys: std::collections::BTreeSet<_> =
                named("key").iter().map(|key| key.attribute("id").unwrap()).collect();
            assert!(named("data").iter().all(|data| keys.contains(data.attribute("key").unwrap())));
        }
    }

    #[test]
    fn deployment_in_graphml() {
        insta::assert_snapshot!(graphml(&deployment()));
    }
}

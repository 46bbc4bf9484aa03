use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use crate::{
    graph::Document,
    report::{Make, Options, Output, arrows, label::Labels, palette},
    text::neutral,
};

pub(super) static OUTPUT: Output<Document> =
    Output { name: "dot", about: "for Graphviz; a cluster for each namespace", make: Make::Plain(render) };

fn render(document: &Document, _: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let mut out = io::BufWriter::with_capacity(1 << 16, out);
    let labels = Labels::new(document);
    writeln!(out, "digraph {} {{", quoted(&document.cluster))?;
    writeln!(out, "  graph [rankdir=LR, fontname=\"Helvetica\", ranksep=0.9, nodesep=0.25]")?;
    writeln!(
        out,
        "  node [shape=box, style=\"rounded,filled\", fontname=\"Helvetica\", fontsize=11, color=\"#8c959f\", fillcolor=\"#ffffff\"]"
    )?;
    writeln!(
        out,
        "  edge [fontname=\"Helvetica\", fontsize=9, color=\"#57606a\", fontcolor=\"#57606a\", arrowsize=0.7]"
    )?;
    let mut namespaces: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    for (node, index) in document.nodes.iter().zip(0u32..) {
        namespaces.entry(&*node.key.namespace).or_default().push(index);
    }
    for (namespace, nodes) in &namespaces {
        let indent = if namespace.is_empty() { "  " } else { "    " };
        if !namespace.is_empty() {
            writeln!(out, "  subgraph {} {{", quoted(&format!("cluster_{namespace}")))?;
            writeln!(
                out,
                "    label={}; style=\"rounded,filled\"; color=\"#d0d7de\"; fillcolor=\"#f6f8fa\"",
                label(namespace)
            )?;
        }
        for index in nodes {
            let node = document.node(*index);
            let mut lines = vec![labels.kind(&node.key), neutral(&node.key.name).into_owned()];
            lines.extend(palette::status_line(node));
            let lines: Vec<String> = lines.iter().map(|line| escaped(line)).collect();
            let (stroke, fill, style) = palette::of_node(node);
            write!(out, "{indent}{} [label=\"{}\"", quoted(&node.key.to_string()), lines.join("\\n"))?;
            if let Some(fill) = fill {
                write!(out, ", fillcolor=\"{fill}\"")?;
            }
            if let Some(stroke) = stroke {
                write!(out, ", color=\"{stroke}\"")?;
            }
            if style == palette::Line::Dashed {
                write!(out, ", style=\"rounded,filled,dashed\"")?;
            }
            if document.is_root(*index) {
                write!(out, ", penwidth=2.5")?;
            }
            writeln!(out, "]")?;
        }
        if !namespace.is_empty() {
            writeln!(out, "  }}")?;
        }
    }
    for arrow in arrows::of(document) {
        let (source, target) = (&document.node(arrow.source).key, &document.node(arrow.target).key);
        write!(out, "  {} -> {}", quoted(&source.to_string()), quoted(&target.to_string()))?;
        write!(
            out,
            " [label=\"{}\", tooltip=\"{}\"",
            escaped(&neutral(arrow.edge_type)),
            escaped(&neutral(&arrow.via))
        )?;
        if arrow.optional {
            write!(out, ", style=dashed")?;
        }
        writeln!(out, "]")?;
    }
    writeln!(out, "}}")?;
    out.flush()
}

fn label(text: &str) -> String {
    format!("\"{}\"", escaped(&neutral(text)))
}

/// A quoted ID. In one, a backslash stands for itself and only `\"` means something else.
fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(&neutral(text)))
}

/// Text inside a quoted label, where `\n`, `\N` and the like mean something.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sketch::{deployment, hostile};

    fn dot(document: &Document) -> String {
        let mut out = Vec::new();
        render(document, &Options::default(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn deployment_in_dot() {
        insta::assert_snapshot!(dot(&deployment()));
    }

    #[test]
    fn hostile_names_stay_inside_their_quotes() {
        insta::assert_snapshot!(dot(&hostile()));
    }
}

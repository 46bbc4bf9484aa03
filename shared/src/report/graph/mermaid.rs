use std::{
    collections::BTreeMap,
    fmt::Write as _,
    io::{self, Write},
};

use crate::{
    graph::Document,
    model::Health,
    report::{Make, Options, Output, arrows, label::Labels, palette},
    text::neutral,
};

pub(super) static OUTPUT: Output<Document> =
    Output { name: "mermaid", about: "a Mermaid flowchart, for Markdown", make: Make::Plain(render) };

fn render(document: &Document, _: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let mut out = io::BufWriter::with_capacity(1 << 16, out);
    let labels = Labels::new(document);
    writeln!(out, "flowchart LR")?;
    let mut namespaces: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    for (node, index) in document.nodes.iter().zip(0u32..) {
        namespaces.entry(&*node.key.namespace).or_default().push(index);
    }
    for ((namespace, nodes), number) in namespaces.iter().zip(0..) {
        let indent = if namespace.is_empty() { "  " } else { "    " };
        if !namespace.is_empty() {
            writeln!(out, "  subgraph s{number}[\"{}\"]", label(namespace))?;
        }
        for index in nodes {
            let node = document.node(*index);
            let mut lines = vec![escaped(&labels.kind(&node.key)), escaped(&node.key.name)];
            lines.extend(palette::status_line(node).map(|line| escaped(&line)));
            writeln!(out, "{indent}n{index}[\"{}\"]", lines.join("<br/>"))?;
        }
        if !namespace.is_empty() {
            writeln!(out, "  end")?;
        }
    }
    for arrow in arrows::of(document) {
        let line = if arrow.optional { "-.->" } else { "-->" };
        let label = match label(arrow.edge_type) {
            empty if empty.is_empty() => empty,
            label => format!("|\"{label}\"|"),
        };
        writeln!(out, "  n{} {line}{label} n{}", arrow.source, arrow.target)?;
    }
    let class = |index: u32| {
        let node = document.node(index);
        match node.status.health {
            _ if node.missing => Some("missing"),
            _ if node.unknown => Some("unknown"),
            Health::Healthy => Some("healthy"),
            Health::Progressing => Some("progressing"),
            Health::Degraded => Some("degraded"),
            Health::Unknown => None,
        }
    };
    let mut classes: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for index in (0u32..).take(document.nodes.len()) {
        if let Some(class) = class(index) {
            classes.entry(class).or_default().push(format!("n{index}"));
        }
        if document.is_root(index) {
            classes.entry("root").or_default().push(format!("n{index}"));
        }
    }
    for (name, style) in [
        ("healthy", "fill:#dafbe1,stroke:#1a7f37,color:#1f2328"),
        ("progressing", "fill:#fff8c5,stroke:#9a6700,color:#1f2328"),
        ("degraded", "fill:#ffebe9,stroke:#cf222e,color:#1f2328"),
        ("missing", "fill:#ffffff,stroke:#cf222e,color:#cf222e,stroke-dasharray:4 3"),
        ("unknown", "fill:#ffffff,stroke:#6e7781,color:#6e7781,stroke-dasharray:4 3"),
        ("root", "stroke-width:3px"),
    ] {
        if let Some(nodes) = classes.get(name) {
            writeln!(out, "  classDef {name} {style}\n  class {} {name}", nodes.join(","))?;
        }
    }
    out.flush()
}

/// Text inside a quoted label: Mermaid takes Markdown and HTML there, and its own entities.
fn escaped(text: &str) -> String {
    let text = neutral(text);
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        if character == '"' {
            safe.push_str("#quot;");
        } else if "#&<>`*~\\;{}[]()|$%=".contains(character) {
            let _ = write!(safe, "#{};", u32::from(character));
        } else {
            safe.push(character);
        }
    }
    safe
}

/// A whole label. Markdown would take some beginnings for a list.
fn label(text: &str) -> String {
    let safe = escaped(text);
    match safe.chars().next() {
        Some(first @ ('0'..='9' | '-' | '+')) => format!("#{};{}", u32::from(first), &safe[1..]),
        _ => safe,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sketch::{deployment, hostile};

    fn mermaid(document: &Document) -> String {
        let mut out = Vec::new();
        render(document, &Options::default(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn deployment_in_mermaid() {
        insta::assert_snapshot!(mermaid(&deployment()));
    }

    #[test]
    fn hostile_names_stay_inside_their_quotes() {
        insta::assert_snapshot!(mermaid(&hostile()));
    }
}

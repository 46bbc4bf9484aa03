use std::{
    fmt::{Display, Write as _},
    io::{self, Write},
};

use anstyle::{AnsiColor, Style};

use super::{Changed, Delta, KeyedEdge, NodeState};
use crate::text::neutral;

/// One line of the text: its sign, and what follows.
struct Line<'a> {
    sign: char,
    what: What<'a>,
}

enum What<'a> {
    Node(&'a NodeState),
    Changed(&'a Changed),
    Edge(&'a KeyedEdge),
}

/// Writes what differs, one line each, object by object: `+` is new, `-` is gone, `~` changed.
///
/// ```text
/// + ConfigMap/shop/nginx-conf
/// ~ Deployment.apps/shop/nginx  READY 1/3 → 3/3
/// + Deployment.apps/shop/nginx uses ConfigMap/shop/nginx-conf
/// ```
///
/// Nothing for graphs that are the same.
pub fn write_text(delta: &Delta, color: bool, out: &mut impl Write) -> io::Result<()> {
    let mut lines = Vec::new();
    for (sign, part) in [('-', &delta.removed), ('+', &delta.added)] {
        lines.extend(part.nodes.iter().map(|node| Line { sign, what: What::Node(node) }));
        lines.extend(part.edges.iter().map(|edge| Line { sign, what: What::Edge(edge) }));
    }
    lines.extend(delta.changed.iter().map(|changed| Line { sign: '~', what: What::Changed(changed) }));
    // Stable: of one edge that became optional, the old comes before the new.
    lines.sort_by(|a, b| a.order().cmp(&b.order()));
    for line in &lines {
        let style = match line.sign {
            _ if !color => Style::new(),
            '+' => AnsiColor::Green.on_default(),
            '-' => AnsiColor::Red.on_default(),
            _ => AnsiColor::Yellow.on_default(),
        };
        writeln!(out, "{style}{} {}{style:#}", line.sign, neutral(&line.what.to_string()))?;
    }
    Ok(())
}

impl Line<'_> {
    /// By object: first the object itself, then its edges.
    fn order(&self) -> impl Ord {
        match self.what {
            What::Node(state) => (state.node.key.clone(), None),
            What::Changed(changed) => (changed.after.node.key.clone(), None),
            What::Edge(edge) => {
                (edge.source.clone(), Some((edge.edge_type.clone(), edge.target.clone(), edge.via.clone())))
            }
        }
    }
}

impl Display for What<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Node(state) => {
                write!(f, "{}", state.node.key)?;
                match existence(state) {
                    "exists" => Ok(()),
                    other => write!(f, "  ({other})"),
                }
            }
            Self::Changed(changed) => write!(f, "{}  {}", changed.after.node.key, changes(changed)),
            Self::Edge(edge) => {
                write!(f, "{} {} {}  ({}", edge.source, edge.edge_type, edge.target, edge.via)?;
                if edge.optional {
                    f.write_str(", optional")?;
                }
                if edge.count > 1 {
                    write!(f, ", {} times", edge.count)?;
                }
                f.write_str(")")
            }
        }
    }
}

fn existence(state: &NodeState) -> &'static str {
    match (state.node.missing, state.node.unknown) {
        (true, _) => "missing",
        (_, true) => "unknown",
        _ => "exists",
    }
}

/// What is different about an object, in a few words.
fn changes(Changed { before, after }: &Changed) -> String {
    let mut text = String::new();
    let mut tell = |what: &str, before: &str, after: &str| {
        if before != after {
            let comma = if text.is_empty() { "" } else { ", " };
            // Writing to a string can't fail.
            let _ = write!(text, "{comma}{what} {before} → {after}");
        }
    };
    let (old, new) = (&before.node, &after.node);
    tell("was", existence(before), existence(after));
    let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "<none>".to_owned());
    tell("READY", &or_none(&old.status.ready), &or_none(&new.status.ready));
    tell("STATUS", &or_none(&old.status.status), &or_none(&new.status.status));
    if old.status.ready == new.status.ready && old.status.status == new.status.status {
        tell("health", &health(before), &health(after));
    }
    tell("apiVersion", &old.api_version, &new.api_version);
    let root = |state: &NodeState| if state.root { "asked for" } else { "found" };
    tell("was", root(before), root(after));
    if old.uid != new.uid && old.uid.is_some() && new.uid.is_some() {
        text.push_str(if text.is_empty() { "recreated" } else { ", recreated" });
    }
    if text.is_empty() {
        // Only the uid, of which one side knows nothing.
        text.push_str("uid");
    }
    text
}

fn health(state: &NodeState) -> String {
    format!("{:?}", state.node.status.health).to_lowercase()
}

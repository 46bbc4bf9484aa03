//! What the EDGE column says.

use std::{collections::BTreeMap, fmt::Write as _};

use crate::{
    graph::Edge,
    text::{counted, neutral, plural},
};

/// One reason why an object stands beneath another. Orders by object, then as the column says them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Term<'a> {
    /// The object that stands beneath.
    pub(super) node: u32,
    /// Whether it refers to the line above, rather than the other way around.
    pub(super) incoming: bool,
    pub(super) edge_type: &'a str,
    /// The kind of the family's member that it refers to, if that is not the line above itself.
    pub(super) member_kind: Option<&'a str>,
    /// The edge's target.
    pub(super) end: u32,
    optional: bool,
    /// How many pods, if the line stands for pods.
    pods: usize,
    by_all: bool,
}

impl<'a> Term<'a> {
    pub(super) fn incoming(edge: &'a Edge, member_kind: Option<&'a str>) -> Self {
        let edge_type = &*edge.edge_type;
        let (node, end, optional) = (edge.source, edge.target, edge.optional);
        Self { node, incoming: true, edge_type, member_kind, end, optional, pods: 0, by_all: false }
    }

    pub(super) fn outgoing(edge: &'a Edge) -> Self {
        Self { node: edge.target, incoming: false, ..Self::incoming(edge, None) }
    }

    /// The line above needs pods that this object owns.
    pub(super) fn outgoing_to_pods(top: u32, edge_type: &'a str, pods: usize) -> Self {
        let (incoming, member_kind, optional, by_all) = (false, None, false, false);
        Self { node: top, incoming, edge_type, member_kind, end: top, optional, pods, by_all }
    }

    /// All pods of the line above need this object.
    pub(super) fn common(edge: &'a Edge, pods: usize) -> Self {
        Self { pods, by_all: true, ..Self::outgoing(edge) }
    }
}

/// What the EDGE column says of a line, and what it says when there is little room.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Wording {
    pub(super) long: String,
    pub(super) short: String,
}

impl Wording {
    /// Words the terms of one object, which are sorted; totals are the family's members by kind.
    pub(super) fn new(terms: &[Term<'_>], totals: &BTreeMap<&str, usize>) -> Self {
        let mut wording = Self::default();
        let mut before = None;
        for same in terms.chunk_by(|a, b| {
            (a.incoming, a.edge_type, a.member_kind) == (b.incoming, b.edge_type, b.member_kind)
        }) {
            let Some(term) = same.first() else { continue };
            if before.is_some() {
                wording.long.push_str(", ");
            }
            if before != Some(term.incoming) {
                wording.long.push_str(arrow(term.incoming));
            }
            before = Some(term.incoming);
            wording.long.push_str(&neutral(term.edge_type));
            if let Some(kind) = term.member_kind {
                let mut ends: Vec<u32> = same.iter().map(|term| term.end).collect();
                ends.dedup();
                let (count, noun) = (ends.len(), neutral(&kind.to_lowercase()).into_owned());
                let _ = match totals.get(kind) {
                    Some(total) if *total > count => {
                        write!(wording.long, " {count} of {total} {}", plural(&noun))
                    }
                    _ => write!(wording.long, " {}", counted(count, &noun)),
                };
            } else if term.by_all {
                let _ = write!(wording.long, " (by {})", counted(term.pods, "pod"));
            } else if term.pods > 0 {
                let _ = write!(wording.long, " {}", counted(term.pods, "pod"));
            }
            if same.iter().all(|term| term.optional) {
                wording.long.push_str(" (optional)");
            }
            if wording.short.is_empty() {
                wording.short = format!("{}{}", arrow(term.incoming), neutral(term.edge_type));
            }
        }
        wording
    }
}

fn arrow(incoming: bool) -> &'static str {
    if incoming { "← " } else { "→ " }
}

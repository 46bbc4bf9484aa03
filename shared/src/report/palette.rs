//! Colours of drawings, for light paper.

use crate::{graph::Node, model::Health, text::neutral};

/// How an outline is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Line {
    /// As usual.
    Solid,
    /// The object is missing, or nothing is known of it.
    Dashed,
}

/// Colours of a node: outline, inside, outline's line.
pub(super) fn of_node(node: &Node) -> (Option<&'static str>, Option<&'static str>, Line) {
    match node.status.health {
        _ if node.missing => (Some("#cf222e"), None, Line::Dashed),
        _ if node.unknown => (Some("#6e7781"), None, Line::Dashed),
        Health::Healthy => (Some("#1a7f37"), Some("#dafbe1"), Line::Solid),
        Health::Progressing => (Some("#9a6700"), Some("#fff8c5"), Line::Solid),
        Health::Degraded => (Some("#cf222e"), Some("#ffebe9"), Line::Solid),
        Health::Unknown => (None, None, Line::Solid),
    }
}

/// One line about how an object is doing, if there is anything to be said.
pub(super) fn status_line(node: &Node) -> Option<String> {
    let status = &node.status;
    let said: Vec<&str> = match (node.missing, node.unknown) {
        (true, _) => vec!["missing"],
        (_, true) => vec!["unknown"],
        _ => [&status.ready, &status.status].into_iter().filter_map(|text| text.as_deref()).collect(),
    };
    // A status comes from whoever writes it, as names do.
    (!said.is_empty()).then(|| neutral(&said.join(" ")).into_owned())
}

//! Edges as drawings show them: one arrow for each source, type and target, by however many fields.

use crate::graph::Document;

/// All edges of one type from one object to another.
pub(super) struct Arrow<'a> {
    pub(super) source: u32,
    pub(super) target: u32,
    pub(super) edge_type: &'a str,
    /// The fields, with commas between.
    pub(super) via: String,
    pub(super) optional: bool,
    pub(super) count: u32,
}

/// The arrows of a document, in the order of its edges.
pub(super) fn of(document: &Document) -> impl Iterator<Item = Arrow<'_>> {
    let same = |a: &crate::graph::Edge, b: &crate::graph::Edge| {
        (a.source, a.target, &a.edge_type) == (b.source, b.target, &b.edge_type)
    };
    document.edges.chunk_by(same).filter_map(|edges| {
        let first = edges.first()?;
        Some(Arrow {
            source: first.source,
            target: first.target,
            edge_type: &first.edge_type,
            via: edges.iter().map(|edge| &*edge.via).collect::<Vec<_>>().join(", "),
            optional: edges.iter().all(|edge| edge.optional),
            count: edges.iter().map(|edge| edge.count).sum(),
        })
    })
}

//! Where the boxes of a drawing go: layers from left to right, few crossings, one frame around each group.
//!
//! ```text
//!  Sheet ─ rank ─► layers ─ order ─► few crossings ─ column ─► heights ─ route ─► Placed
//!    └─ many groups: each piece alone, then pack ──────────────────────────────────┘
//! ```
//!
//! Pure and deterministic: the same sheet gives the same drawing, in whole pixels.

mod column;
mod order;
mod pack;
mod pieces;
mod rank;
mod route;
mod sheet;
mod stack;

pub(super) use route::Curve;
pub(super) use sheet::{Item, Link, Placed, Rect, Sheet};

/// More boxes, or more pieces that hang together, than this are laid out piece by piece.
const WHOLE_ITEMS: usize = 400;
const WHOLE_PIECES: usize = 10;

/// Lays a sheet out.
pub(super) fn place(sheet: &Sheet) -> Placed {
    let pieces = pieces::of(sheet);
    if sheet.items.len() <= WHOLE_ITEMS && pieces.len() <= WHOLE_PIECES {
        stack::place(sheet, &pieces)
    } else {
        pack::place(sheet, &pieces)
    }
}

#[cfg(test)]
mod tests;

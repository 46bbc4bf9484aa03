//! A graph as the tree that a person expects.
//!
//! ```text
//!  Document ─ plan ─► who stands beneath whom ─ lines ─► Vec<Line> ─ draw ─► columns, colour, width
//! ```
//!
//! Beneath an object stands first what it owns, then what it needs (`→`), then what needs it (`←`). What refers to the
//! pods of a family stands once, beneath the head of the family: `Service/nginx  ← targets 3 pods`.

mod draw;
mod line;
mod plan;
mod relation;
mod told;

pub use draw::draw;
pub use line::{Line, lines};

#[cfg(test)]
mod tests;

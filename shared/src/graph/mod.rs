//! How the objects of a cluster relate.
//!
//! ```text
//!  one object ─ edges::read ─► Facts ─ Graph::apply ─► Graph ─ view ─► Document ─► report
//!  (protobuf or JSON)          references, selections   index            nodes, edges
//! ```
//!
//! An **edge** points from the object that holds a field to the object that the field names or selects: its source
//! depends on its target. [`edges`] has one file per family of edges. [`Facts`] is all that is kept of an object,
//! so that memory does not grow with the size of what is read. [`Graph`] is the index: it takes objects in any
//! order, now and later, and keeps every edge right as they change. A [`Document`] is what people and programs get.

pub mod diff;
mod document;
pub mod edges;
mod facts;
mod hubs;
mod index;
mod needs;
mod plan;
mod query;
pub mod rules;
mod status;
mod unused;
mod view;
mod walk;

pub use document::{Document, Edge, Node};
pub(crate) use document::{EdgeJson, NodeJson};
pub use facts::{Borrowed, Facts, Noise, Reference, Selection, Where, Which, Within};
pub use index::{EdgeRef, Graph, NodeId};
pub use needs::Need;
pub use plan::{KindName, Planned, plan};
pub use query::{Direction, KindFilter, Only, Query, Scope};
pub use view::ViewError;

//! Quotas: what may be used, what is charged, what is asked for and what is really used.
//!
//! ```text
//!  object ─ usage ─► Amounts ─┐
//!  ResourceQuota, projects ───┼─ rows ─► QuotaUsage ─ report ─► table, spreadsheet, page…
//!  nodes, metrics, peaks ─────┘
//! ```
//!
//! Pure: nothing here knows a client, a clock or a file. [`usage`] is the API server's own arithmetic; the admission
//! webhook calls the same function.

mod amounts;
mod columns;
pub mod counted;
pub mod daily;
mod dimension;
mod document;
pub mod explain;
pub mod fit;
pub mod inventory;
pub mod ledger;
pub mod node;
pub mod owner;
pub mod peak;
pub mod project;
mod rate;
mod resource_quota;
pub mod rows;
mod scope;
pub mod sheet;
pub mod usage;
pub mod verify;

pub use amounts::Amounts;
pub use dimension::{Dimension, DimensionError};
pub use document::{ClusterEntry, QuotaUsage, Row};
pub use rate::Rate;
pub use resource_quota::{
    QuotaSpec, QuotaStatus, ResourceQuota, ScopeSelector, ScopedResourceSelectorRequirement,
};

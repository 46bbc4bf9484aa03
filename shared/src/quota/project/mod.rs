//! Projects: namespaces that share a quota.
//!
//! ```text
//!  objects of nine kinds ─ read ─► Project ─┐
//!  marks on namespaces ─────────────────────┴─ Membership ─► the project of a namespace
//! ```
//!
//! [`ProjectQuota`] is our own object. `flavours/` has one file per foreign product, and the folder is the registry:
//! `build.rs` lists it. What an object says that can't be read is a [`FieldError`], which names the field.

mod conflict;
mod definition;
mod field;
mod flavour;
mod foreign;
pub mod keys;
mod marked;
mod membership;
pub mod name;
mod object;
mod own;
mod plan;
mod printed;
mod quota;
pub(in crate::quota) mod schema;
mod strict;
pub mod table;
#[cfg(test)]
mod tests;
pub mod text;
mod wanted;

pub use conflict::Conflict;
pub use definition::definition;
pub use field::{At, FieldError};
pub use flavour::{Flavour, Found, Given, KindReader, Mark, MarkOn, flavour, flavours, read, reader};
pub use foreign::{Note, wanted};
pub use marked::marked;
pub use membership::{Keys, Member, Membership};
pub use object::{
    ClusterSlice, Condition, Metadata, NamespaceRequirement, NamespaceSelector, NamespaceShare, ProjectQuota,
    ProjectQuotaSpec, ProjectQuotaStatus, ScopeRequirement, ScopeSelector,
};
pub use plan::{Action, Change, FieldChange, plan};
pub use printed::{Definition, ProjectQuotaList};
pub use quota::{Enforcement, Members, Model, Project, Selected, Slice};
pub use schema::SCOPES;
pub use wanted::{Merging, Said, SaidAmounts, Wanted};

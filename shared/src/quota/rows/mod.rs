//! From what was read of clusters to rows.
//!
//! A row stands for one *group*: what the dimensions of `--by` tell apart. A group of whole namespaces has quotas, and
//! then a row for each key of each; a group of some of the pods of a namespace (by node, owner, pod, label) has none.
//! Where rows are coarser than namespaces, a project's own quota is what counts, and without one the sum over its
//! namespaces of what each allows: of several quotas for one key, the smallest.

mod assemble;
mod cell;
mod charge;
mod group;
mod keys;
mod sort;
#[cfg(test)]
mod tests;

pub use assemble::{Read, RowOptions, assemble};
pub use keys::{base, matches};
pub use sort::{SortBy, SortError, names as sort_columns};

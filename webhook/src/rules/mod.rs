//! What the policies in force say of an object: the rules of `kubectl audit`, at the door.
//!
//! ```text
//!  watch of AuditPolicies ─► Policies: those in force ──► what is watched, and what API servers send
//!                                │
//!  watches of other kinds ─► Cache ─► Indexes: what rules look up ─┐
//!                                │                                 │
//!  a request ─ change ─► what would be stored ────────────► judge ┴─► Decision
//! ```
//!
//! A policy that can't be read never takes the place of one that could: what was in force stays so until there is a
//! better one, or the policy is deleted.
//!
//! What rules look up is as old as the watches. Nobody is denied by what is older than what this replica has seen: such
//! a denial is made again with the newest.

mod cache;
mod change;
mod decide;
mod follow;
mod index;
mod judge;
mod own;
mod policies;
mod policy;
mod start;
mod status;

pub use own::Own;
pub use start::{RuleOptions, Rules, start};

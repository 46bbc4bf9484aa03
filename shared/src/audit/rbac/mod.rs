//! Who may do what, as the API server's authorizer answers it, and what follows from it.
//!
//! A role's rules are what it says, or for a role that is put together of others, what those say ([`roles`]). Bindings
//! give them to subjects ([`Permissions`]), each of which is also its groups. [`takeover`] follows what one service
//! account can make of the rights of another.

mod access;
mod account;
mod bindings;
mod defaults;
mod permissions;
mod powers;
mod rights;
mod roles;
pub(crate) mod takeover;

pub use access::{AccessRequest, Target};
pub(crate) use account::{allows_exec, exec_verbs, holds_token, mounts_token};
pub(crate) use bindings::{Binding, is_everyone};
pub use permissions::Permissions;
pub(crate) use permissions::user_of_account;
pub(crate) use powers::{Wanted, report};
pub(crate) use roles::{AnyRole, is_system, referred, rules_of, selects};

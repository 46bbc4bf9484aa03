//! What projects have left, for any number of replicas that decide at once and see the cluster each at its own pace.
//!
//! ```text
//!  watch of one replica ──► Observed     what is stored, by place, and how far the watch has come
//!                              │
//!  stored in the API server ► Book       what was admitted and may not be visible to everybody yet
//!                              │
//!  an object to be admitted ──►┴─► admitted, and written into the book; or why not
//! ```
//!
//! A [`Slot`] is a place for one object: type, namespace, name. What a project is charged is the sum over its slots of
//! the larger of what is observed there and what is reserved there. A reservation holds *all* that the object will be
//! charged, so nothing is counted twice, and it is the same however often it is asked for.
//!
//! That no more is ever stored than a project allows follows from three rules:
//!
//! 1. Whatever is stored was reserved before, and reservations are written with compare and swap.
//! 2. A reservation goes only when its object was seen (then the book says from which version on everybody sees it, its
//!    *floor*), when it was seen to be gone, or when it is so old that no request can still store it and the store was
//!    asked.
//! 3. Nobody decides whose watch has not come to the book's floors.
//!
//! So whatever a replica has not seen yet is still in the book. What has gone unseen is counted for a while longer,
//! which refuses too much and never admits too much.
//!
//! Pure: no client, and the time is given.

mod account;
mod book;
mod definition;
mod forecast;
mod observed;
#[cfg(test)]
mod properties;
mod reserve;
mod scopes;
mod slot;
mod stored;
#[cfg(test)]
mod tests;

pub use account::Account;
pub use book::{Book, MOST, QuotaVersion, Reservation};
pub use definition::definition;
pub use forecast::{Change, Forecast, Pods, forecast};
pub use observed::{Drift, Observed, Sighting};
pub use reserve::{Ask, Refusal};
pub use scopes::{ScopeId, ScopeSets};
pub use slot::{ALLOCATED, NAMESPACES, Names, Slot};
pub use stored::{LedgerSpec, QuotaLedger, StoredFloor, StoredQuota, StoredReservation};

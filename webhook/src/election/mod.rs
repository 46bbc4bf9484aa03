//! Which replica writes: a Lease that one holds.
//!
//! [`Candidate`] is the state machine and knows neither network nor clock; [`Election`] reads and writes the Lease as
//! it says. All replicas serve, whoever holds the Lease; only certificates, configuration and reports wait for it.

mod candidate;
mod lease;
mod run;

pub use candidate::{Candidate, Step, Timing};
pub use lease::Lease;
pub use run::{Election, Leadership};

//! Quotas of projects: our own kind as the API server takes it, other products' as they are read, and the way of both
//! through spreadsheets.
#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test that calls them")]

mod definition;
mod exchange;
mod faults;
mod flavours;
mod products;
mod world;

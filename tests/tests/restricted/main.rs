//! Users who may see little, servers that answer badly, and the watch through all of it.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test that calls them")]

mod faults;
mod following;
mod rights;
mod shop;
mod types;

//! Every edge of the catalogue on a real API server: the cases that prove each family, owners and claims by their
//! real uids, and generated objects read by every path.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test that calls them")]

mod cases;
mod create;
mod generated;
mod same_paths;
mod world;

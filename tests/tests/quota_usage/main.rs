//! `kubectl quota-usage` on a real cluster: its rows beside what the API server and kubectl say.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test that calls them")]

mod rights;
mod rows;
mod world;

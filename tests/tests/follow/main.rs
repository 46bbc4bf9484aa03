//! `kubectl graph -w` on a real API server: the demo, faults, and incremental against fresh.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test that calls them")]

mod demo;
mod incremental;
mod mirror;
mod world;

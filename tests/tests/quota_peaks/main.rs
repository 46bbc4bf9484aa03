//! What pods used at their highest, asked of a real Prometheus that remembers a simulated day.

#![expect(clippy::expect_used, clippy::panic, reason = "helpers of tests fail the test that calls them")]

mod day;
mod days;
mod faults;
mod generated;
mod metrics;
mod support;
mod world;

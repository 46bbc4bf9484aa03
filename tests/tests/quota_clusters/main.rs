//! Many clusters asked at once: the living answer, the dead are told, nobody waits for anybody.

#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "helpers of tests fail the test that calls them"
)]

mod aliases;
mod configuration;
mod faults;
mod generated;
mod plugin;
mod world;

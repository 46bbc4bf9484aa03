//! Policies at the door: the webhook as a process, a real API server that asks it, and kubectl.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test that calls them")]

mod actions;
mod custom;
mod exempt;
mod existing;
mod lookups;
mod parts;
mod policies;
mod world;

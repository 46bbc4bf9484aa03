//! The webhook in a real cluster: its image runs as a Deployment on a real node, and the API server calls its Service.
#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test that calls them")]

mod cluster;
mod leftovers;
mod lifecycle;
mod load;
mod volume;

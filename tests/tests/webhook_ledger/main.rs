//! Quotas of projects on a real control plane, kept by several processes of the webhook.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test that calls them")]

mod balancer;
mod changes;
mod history;
mod lost;
mod pitfalls;
mod project;
mod race;
mod replicas;
mod requests;
mod world;

//! What the webhook keeps in a cluster: certificates, the configuration that makes API servers call, the Lease that says
//! who writes both; and the manifests that install it. Replicas are processes, the API server is real.
#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test that calls them")]

mod certificates;
mod configuration;
mod election;
mod manifests;
mod replica;
mod traces;
mod world;

//! The admission webhook: the rules and the quotas of the plugins, asked on every request that changes a cluster.
//!
//! ```text
//!  API server ──TLS──► server ──bytes──► admission ──Request──► a Judge
//!                        ▲                   │                     │
//!     certificates ──────┘                   ◄───── Decision ──────┘
//!     configuration: the ValidatingWebhookConfiguration that sends requests here
//!     rules: what the policies in force say of an object
//!     election: which replica writes
//!     ledger: what projects have reserved
//!     operations: what the elected replica keeps right, and when this one is ready
//!     telemetry: metrics, probes and logs of all of it
//! ```
//!
//! Where to start: [`admission`] for the contract with the API server and the seam to the judges, [`server`] for
//! connections, load and the end of the process.

pub mod admission;
pub mod certificates;
mod clock;
pub mod configuration;
pub mod election;
mod kinds;
pub mod ledger;
pub mod manifests;
pub mod objects;
pub mod operations;
pub mod rules;
pub mod run;
pub mod server;
pub mod settings;
pub mod telemetry;

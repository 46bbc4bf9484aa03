//! Collectors and analyzers of Kubernetes clusters: one library under every Passmuster binary.
//!
//! ```text
//!  kubeconfig contexts      files, stdin, snapshot
//!         │ cluster              │ manifest
//!         └──────────┬───────────┘
//!                  model           what analyzers see
//!                    │
//!                  graph           pure: no client, no clock, no environment, no terminal
//!                    │
//!                  report          one file per output format
//! ```
//!
//! Where to start: [`model`] for the objects, [`graph`] for how they relate, `graph/edges/` for one family of
//! relationships per file. [`cluster`](cluster) (feature `cluster`) is the only place that knows an API client;
//! `cli` (feature `cli`) is what the plugins share on the command line.

pub mod audit;
#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "cluster")]
pub mod cluster;
pub mod config;
mod definition;
pub mod graph;
pub mod jsonpath;
pub mod manifest;
pub mod model;
mod parallel;
pub mod prometheus;
pub mod quantity;
pub mod quota;
pub mod report;
pub mod resource_args;
pub mod text;
pub mod timeout;

/// apiVersion of everything that Passmuster prints for programs.
pub const API_VERSION: &str = "passmuster.dev/v1alpha1";

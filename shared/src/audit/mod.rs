//! Rules about objects: what is wrong with them, why it matters, and what to do.
//!
//! ```text
//!  World  what was read        Rule     one file of rules/: documentation, metadata, check, cases
//!    │                           │
//!  Context  three-valued answers │
//!    └────────── engine ─────────┘
//!                  │
//!               Outcomes ─ exemptions, baseline ─► AuditReport
//! ```
//!
//! The same [`run`] serves files, live clusters and admission, so that a finding, its id and its wording are the same
//! everywhere. What was not read is never a pass: see [`Unknown`].

mod amounts;
mod api;
mod api_versions;
mod case;
mod catalogue;
mod context;
mod document;
mod engine;
mod files;
mod finding;
mod findings;
mod kubernetes_version;
mod node_conditions;
mod placement;
mod references;
mod rule;
mod settings;
mod severity;
mod storage_classes;
mod subject;
#[cfg(test)]
mod tester;
mod usage;
mod world;

pub use catalogue::{Entry, catalogue, find};
pub use document::{AuditReport, RuleCount, Summary, grade, score};
pub use engine::{Outcomes, Scope, run};
pub use files::{from_files, from_snapshot};
pub use finding::{Exemption, Finding, Verdict};
pub use kubernetes_version::{KubernetesVersion, VersionError};
pub use rule::{Admission, Category, Needs};
pub use settings::{Parameters, Settings};
pub use severity::{Severity, SeverityError};
pub use usage::{Usage, Used, VolumeUsed};
pub use world::{Coverage, Unknown, World};

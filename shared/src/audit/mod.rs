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

mod admission;
mod amounts;
#[allow(clippy::struct_field_names, reason = "names are the API's own")]
mod api;
mod api_versions;
mod baseline;
mod case;
mod catalogue;
mod commands;
mod consumers;
mod context;
mod corpus;
mod credentials;
mod cron;
mod custom;
mod custom_rules;
#[cfg(test)]
mod docs;
mod document;
mod duration;
mod effective;
mod engine;
mod exemption;
mod exemptions;
mod exposure;
mod files;
mod finding;
mod findings;
mod gateway;
mod host_paths;
mod images;
mod kubernetes_version;
mod makers;
mod network;
mod node_conditions;
mod overlap;
mod placement;
pub mod pod_security;
mod policy;
mod rbac;
mod references;
mod reliability;
mod rule;
mod rule_set;
mod selection;
mod settings;
mod severity;
mod storage_classes;
mod subject;
#[cfg(test)]
mod tester;
mod unseen;
mod usage;
mod world;

pub use admission::{Admitted, Cached, Subject, judged, look_up, pods, speaks};
pub use baseline::AuditBaseline;
pub use catalogue::{Entry, catalogue, find};
pub use corpus::{CorpusCase, corpus};
pub use custom_rules::{
    CaseResult, CompiledRule, CustomCase, CustomRule, CustomRules, RelatedNamespace, RelatedObjects,
    RuleAdmission, RuleVariable,
};
pub use document::{AuditReport, ClusterScore, RuleCount, Summary, grade, score};
pub use engine::{Outcomes, Scope, kinds_needed, run, run_rules};
pub use exemption::ANNOTATION as EXEMPT_ANNOTATION;
pub use files::{from_files, from_snapshot, read_files, read_snapshot};
pub use finding::{Exemption, Finding, Verdict};
pub use kubernetes_version::{KubernetesVersion, VersionError};
pub use policy::{
    Action, Asked, AuditPolicy, AuditPolicySpec, AuditPolicyStatus, PodSecurityPolicy, PolicyError,
    PolicyExemption, PolicyMatch, PolicyProblem, Response, RuleSelection, definition,
};
pub use rbac::{AccessRequest, Permissions, Target};
pub use rule::{Admission, Category, Needs};
pub use rule_set::{RuleDescription, Rules};
pub use selection::{FRAMEWORKS, UnknownRule, is_named, rule_words, select};
pub use settings::{Parameters, Settings};
pub use severity::{Severity, SeverityError};
pub use usage::{Usage, Used, VolumeUsed};
pub use world::{Coverage, Unknown, World};

//! The Pod Security Standards, as the API server's own admission has them: every check, level and policy version, and
//! every word.
//!
//! ```text
//!  Policy (level, version)     Subject (a pod, or the template of pods)
//!        └────────── evaluate ─────────┘
//!                       │
//!          Assessment: violations in order, the message, and which fields are to blame
//! ```
//!
//! [`assess`] says of one object what the API server says of it. [`enforce`] says of everything what would be refused.

mod blame;
mod check;
pub(crate) mod checks;
mod enforce;
mod evaluate;
pub(crate) mod findings;
mod labels;
mod policy;
mod report;
mod subject;
mod text;

pub use blame::Culprit;
pub use check::Violation;
pub(crate) use enforce::possible;
pub use enforce::{Enforcement, enforce};
pub use evaluate::{Assessment, assess};
pub(crate) use evaluate::{assess_first, evaluate, is_allowed};
pub(crate) use labels::is_of_the_system;
pub use labels::{Mode, Modes, modes};
pub use policy::{Level, Policy, PolicyError, PolicyVersion};
pub use report::{
    Change, CurrentPolicies, DifferingPods, EnforcedViolation, NamespaceVerdict, PodSecurityReport,
    PodSecuritySummary, WorkloadVerdict,
};
pub(crate) use subject::Subject;

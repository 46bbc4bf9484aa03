//! Rules of one's own: part of a policy, in YAML, with expressions in CEL.
//!
//! ```text
//!  AuditPolicy ─ check ─► CompiledRule ─ judge ─► Judged ─ engine ─► findings, as of any other rule
//!      spec                   │             ▲
//!                             cel           Subjects, related objects
//! ```
//!
//! What is wrong with a rule is told when the policy is read; what does not fit an object is "not evaluated" for that
//! object, with the reason. Objects are the same to a rule from a file, a cluster and at admission: what the server
//! keeps books with (`managedFields`, the last applied configuration) is never there, nor what a field does not have
//! (`null`), nor the data of secrets and config maps.

mod cases;
mod cel;
mod check;
mod judge;
mod kinds;
mod spec;
mod subjects;

use std::{collections::BTreeSet, sync::Arc};

pub use cases::CaseResult;
pub(crate) use judge::Judged;
pub use spec::{CustomCase, CustomRule, RelatedNamespace, RelatedObjects, RuleAdmission, RuleVariable};
pub(crate) use subjects::Subjects;

use self::{cel::Program, kinds::Target};
use super::{
    policy::{AuditPolicySpec, PolicyProblem},
    rule_set::RuleDescription,
};
use crate::{jsonpath::Template, model::Kind};

/// A rule of one's own, ready to run.
#[derive(Debug)]
pub struct CompiledRule {
    rule: CustomRule,
    targets: Vec<Target>,
    related: Vec<Related>,
    variables: Vec<Program>,
    matching: Option<Program>,
    expression: Program,
    message: Option<Template>,
    message_expression: Option<Program>,
    params: Arc<serde_json::Value>,
}

/// Other objects that a rule asks.
#[derive(Debug)]
struct Related {
    kind: Kind,
    namespace: RelatedNamespace,
    condition: Option<Program>,
}

impl CompiledRule {
    /// Its id.
    pub fn id(&self) -> &str {
        &self.rule.id
    }

    /// How bad a finding is.
    pub fn severity(&self) -> super::Severity {
        self.rule.severity
    }

    /// What it says of itself.
    pub fn describe(&self) -> RuleDescription {
        let rule = &self.rule;
        RuleDescription {
            id: rule.id.clone(),
            severity: rule.severity,
            category: rule.category,
            admission: rule.admission.into(),
            summary: rule.title.trim().to_owned(),
            why: rule.why.trim().to_owned(),
            remediation: rule.remediation.trim().to_owned(),
            references: rule.references.clone(),
        }
    }

    /// What it looks at, and whether it asks other objects too: as rules that are built in say it.
    pub fn needs(&self) -> super::Needs {
        if self.related.is_empty() { super::Needs::Object } else { super::Needs::Objects }
    }

    /// The kinds that must be read.
    pub fn kinds(&self) -> BTreeSet<Kind> {
        let related = self.related.iter().map(|related| related.kind);
        self.kinds_of_subjects().into_iter().chain(related).collect()
    }

    /// The kinds that it asks beside the objects that it looks at.
    pub fn related_kinds(&self) -> impl Iterator<Item = Kind> + '_ {
        self.related.iter().map(|related| related.kind)
    }

    /// The kinds whose objects must be kept whole.
    pub(super) fn whole(&self) -> BTreeSet<Kind> {
        let mut kinds = self.kinds();
        kinds.extend(self.targets.iter().flat_map(|target| target.whole()));
        kinds
    }

    /// The kinds that it looks at.
    pub(super) fn kinds_of_subjects(&self) -> BTreeSet<Kind> {
        self.targets.iter().flat_map(|target| target.kinds()).collect()
    }

    /// Whether a word names it, or something that it belongs to.
    pub(super) fn is_named(&self, word: &str) -> bool {
        self.rule.is_named(word)
    }
}

/// The rules of a policy, ready to run.
#[derive(Debug, Clone, Default)]
pub struct CustomRules(Vec<Arc<CompiledRule>>);

impl CustomRules {
    /// Reads the rules of a policy; what is wrong with them comes back, field by field.
    pub fn compile(spec: &AuditPolicySpec) -> Result<Self, Vec<PolicyProblem>> {
        check::compile(spec).map(Self)
    }

    /// All, sorted by id.
    pub fn all(&self) -> &[Arc<CompiledRule>] {
        &self.0
    }
}

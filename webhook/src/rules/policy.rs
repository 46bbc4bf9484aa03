//! One policy, ready to judge by.

use std::sync::Arc;

use passmuster::{
    audit::{
        Action, AuditPolicy, AuditPolicySpec, Entry, Parameters,
        pod_security::{Level, Policy as Standard, PolicyVersion},
        speaks,
    },
    model::Kind,
};

/// A policy in force.
#[derive(Debug)]
pub(super) struct Policy {
    /// Its name.
    pub(super) name: Arc<str>,
    generation: Option<i64>,
    /// What it says.
    pub(super) spec: AuditPolicySpec,
    /// The rules that it names and that speak at admission, by id.
    pub(super) rules: Vec<&'static Entry>,
    /// The standard that it holds pods to, and what comes of one that does not.
    pub(super) standard: Option<(Standard, Action)>,
}

impl Policy {
    /// Makes a policy ready; an error names every field that is wrong.
    pub(super) fn new(policy: AuditPolicy) -> Result<Self, String> {
        let problems = policy.problems();
        if !problems.is_empty() {
            return Err(problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "));
        }
        let mut rules = policy.spec.selected().map_err(|error| error.to_string())?;
        rules.retain(|entry| speaks(entry));
        let standard = policy.spec.pod_security.as_ref().map(|wanted| {
            // Both were looked at above.
            let level = wanted.level.parse().unwrap_or(Level::Restricted);
            let version = wanted.version.parse().unwrap_or(PolicyVersion::Latest);
            (Standard::new(level, version), wanted.action)
        });
        let generation = policy.metadata.get("generation").and_then(serde_json::Value::as_i64);
        Ok(Self { name: policy.name().into(), generation, spec: policy.spec, rules, standard })
    }

    /// Its name, and which generation of it this is, as the audit log has it: `production@3`.
    pub(super) fn version(&self) -> String {
        match self.generation {
            Some(generation) => format!("{}@{generation}", self.name),
            None => self.name.to_string(),
        }
    }

    /// What its thresholds are.
    pub(super) fn parameters(&self) -> &Parameters {
        &self.spec.parameters
    }

    /// Whether it looks at objects of a kind.
    pub(super) fn is_about(&self, kind: Kind) -> bool {
        self.spec.matching.is_about(&kind.to_string())
    }
}

//! One policy, ready to judge by.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use passmuster::{
    audit::{
        Action, Admission, Admitted, AuditPolicy, AuditPolicySpec, Entry, Parameters, Rules, Subject,
        pod_security::{Level, Policy as Standard, PolicyVersion},
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
    /// The rules that it names and that speak at admission, its own among them.
    pub(super) rules: Admitted,
    /// Its own alone.
    pub(super) own: Admitted,
    /// What comes of a finding, by the rule's id: worked out once, and asked of every finding.
    actions: HashMap<Box<str>, Action>,
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
        let rules = Admitted::new(&policy.spec.compiled().map_err(|error| error.to_string())?);
        let own = Admitted::new(&rules.all().without_built_in());
        let standard = policy.spec.pod_security.as_ref().map(|wanted| {
            // Both were looked at above.
            let level = wanted.level.parse().unwrap_or(Level::Restricted);
            let version = wanted.version.parse().unwrap_or(PolicyVersion::Latest);
            (Standard::new(level, version), wanted.action)
        });
        let generation = policy.metadata.get("generation").and_then(serde_json::Value::as_i64);
        let actions = actions(&policy.spec, &rules);
        Ok(Self { name: policy.name().into(), generation, spec: policy.spec, rules, own, actions, standard })
    }

    /// Its name, and which generation of it this is, as the audit log has it: `production@3`.
    pub(super) fn version(&self) -> String {
        match self.generation {
            Some(generation) => format!("{}@{generation}", self.name),
            None => self.name.to_string(),
        }
    }

    /// What comes of a rule's findings; none where it does not name the rule.
    pub(super) fn action_of(&self, rule: &str) -> Option<Action> {
        self.actions.get(rule).copied()
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

/// The built-in rules that any of these policies names and that are about a subject, each once.
pub(super) fn built_in<'p>(policies: impl IntoIterator<Item = &'p Policy>, subject: &Subject) -> Rules {
    let named = policies.into_iter().flat_map(|policy| policy.rules.of(subject).entries().to_vec());
    let each: BTreeMap<&str, &'static Entry> = named.map(|entry| (entry.id, entry)).collect();
    Rules::built_in(&each.into_values().collect::<Vec<_>>())
}

/// What comes of each rule's findings: what the policy says, and no more than the rule may do.
fn actions(spec: &AuditPolicySpec, rules: &Admitted) -> HashMap<Box<str>, Action> {
    let built_in = rules.all().entries().iter().map(|entry| (entry.id.to_owned(), entry.admission()));
    let own = rules.all().custom().iter().map(|own| (own.id().to_owned(), own.describe().admission));
    let all = built_in.chain(own).filter_map(|(rule, may)| {
        let said = spec.action_of(&rule)?;
        Some((rule.into(), if may == Admission::Warn { said.min(Action::Warn) } else { said }))
    });
    all.collect()
}

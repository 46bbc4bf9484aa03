//! `AuditPolicy`: which rules count, with which thresholds, and what is exempt. A file for `kubectl audit --policy`, an
//! object of the cluster for the webhook.

pub(super) mod definition;
mod exempt;
mod glob;
mod matching;
mod told;
mod validate;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use definition::definition;
pub use exempt::PolicyExemption;
pub use matching::Asked;
pub use validate::PolicyProblem;

use super::{
    catalogue::{Entry, find},
    custom_rules::{CustomRule, CustomRules},
    finding::Finding,
    rule_set::Rules,
    selection::{UnknownRule, check_words, is_named, is_wanted},
    settings::Parameters,
    severity::Severity,
};
use crate::{model::Time, quota::project::Condition};

/// What is audited, and what comes of it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AuditPolicy {
    /// `passmuster.dev/v1alpha1`.
    #[serde(default)]
    pub api_version: String,
    /// `AuditPolicy`.
    #[serde(default)]
    pub kind: String,
    /// Only the name and the generation are read.
    #[serde(default)]
    #[schemars(schema_with = "definition::metadata")]
    pub metadata: serde_json::Map<String, serde_json::Value>,
    /// What is wanted.
    pub spec: AuditPolicySpec,
    /// What was found; nobody writes it but the server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<AuditPolicyStatus>,
}

/// What is audited, and what comes of it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct AuditPolicySpec {
    /// Rules and what comes of their findings. Of several entries that name a rule, the last counts. None: every rule,
    /// as a warning.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<RuleSelection>,
    /// Other severities than the rules' own, by rule id.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub severities: BTreeMap<String, Severity>,
    /// Thresholds and lists.
    pub parameters: Parameters,
    /// Rules of one's own, in CEL. They run beside those that are built in, and are selected, exempted and weighed as
    /// those are.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub custom_rules: Vec<CustomRule>,
    /// What the expressions of those rules find in `params`.
    #[serde(skip_serializing_if = "serde_json::Map::is_empty")]
    pub custom_parameters: serde_json::Map<String, serde_json::Value>,
    /// What does not count, why, and until when.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exemptions: Vec<PolicyExemption>,
    /// Where it holds at admission. `kubectl audit` is told on its command line.
    #[serde(rename = "match")]
    pub matching: PolicyMatch,
    /// A Pod Security Standard, as the API server's own admission would enforce it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pod_security: Option<PodSecurityPolicy>,
    /// What comes, at admission, of a rule that can't be evaluated because other objects are not known yet, or not
    /// known well enough any more.
    pub when_unknown: Response,
    /// What comes, at admission, of defects that the stored object has as well: a change that brings none is not
    /// denied, unless this says so.
    pub existing_defects: Response,
}

/// How the policy stands, as the webhook sees it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct AuditPolicyStatus {
    /// The generation of the object that this is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
    /// `InForce`: whether requests are judged by this generation of the policy.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["type"]))]
    pub conditions: Vec<Condition>,
}

/// What comes of something that is no reason to deny by itself.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash, Serialize, Deserialize, JsonSchema,
)]
pub enum Response {
    /// Nothing.
    Allow,
    /// Whoever makes the request is warned.
    #[default]
    Warn,
    /// The request is refused.
    Deny,
}

/// Some rules, and what comes of their findings.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct RuleSelection {
    /// Ids, categories, severities or frameworks; none: every rule.
    pub select: Vec<String>,
    /// Of those, which not.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ignore: Vec<String>,
    /// What comes of a finding at admission.
    pub action: Action,
}

/// What comes of a finding at admission.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash, Serialize, Deserialize, JsonSchema,
)]
pub enum Action {
    /// It is noted in the audit log.
    Audit,
    /// Whoever makes the request is warned.
    #[default]
    Warn,
    /// The request is refused. Rules that may only warn, warn.
    Deny,
}

/// Where a policy holds at admission. Everything that is left out matches.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct PolicyMatch {
    /// Namespaces; `team-*` is every one that begins so.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub namespaces: Vec<String>,
    /// Namespaces where it does not hold.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exclude_namespaces: Vec<String>,
    /// Kinds, as `Deployment.apps` or `Pod`; none: all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<String>,
    /// Users whose requests are not looked at; `system:serviceaccount:ci:*` is every one that begins so.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exclude_users: Vec<String>,
    /// Groups whose members' requests are not looked at.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exclude_groups: Vec<String>,
}

/// A Pod Security Standard to hold pods to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PodSecurityPolicy {
    /// `baseline` or `restricted`.
    pub level: String,
    /// `v1.36` or `latest`.
    #[serde(default = "latest")]
    pub version: String,
    /// What comes of a pod that does not hold to it.
    #[serde(default)]
    pub action: Action,
}

fn latest() -> String {
    "latest".to_owned()
}

/// Why a text is no policy.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    /// It can't be read.
    #[error("{0}")]
    Unreadable(String),
    /// It says what can't be.
    #[error("{}", problems(.0))]
    Invalid(Vec<PolicyProblem>),
}

fn problems(all: &[PolicyProblem]) -> String {
    all.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

impl AuditPolicy {
    /// Kind, as in `kind:`.
    pub const KIND: crate::model::Kind = crate::model::Kind::cluster("passmuster.dev", "AuditPolicy");

    /// Reads a policy from YAML or JSON, and checks it.
    pub fn parse(text: &str) -> Result<Self, PolicyError> {
        let policy: Self = serde_saphyr::from_str(text)
            .map_err(|error| PolicyError::Unreadable(crate::manifest::yaml_message(&error)))?;
        let problems = policy.problems();
        if problems.is_empty() { Ok(policy) } else { Err(PolicyError::Invalid(problems)) }
    }

    /// Its name; empty when it has none.
    pub fn name(&self) -> &str {
        self.metadata.get("name").and_then(serde_json::Value::as_str).unwrap_or_default()
    }

    /// What is wrong with it, field by field.
    pub fn problems(&self) -> Vec<PolicyProblem> {
        validate::problems(self)
    }
}

/// Tells whether a word names a rule.
type Named<'a> = Box<dyn Fn(&str) -> bool + 'a>;

impl AuditPolicySpec {
    /// The built-in rules that it names, sorted by id. [`compiled`](Self::compiled) has its own rules too.
    pub fn selected(&self) -> Result<Vec<&'static Entry>, UnknownRule> {
        let custom: Vec<&str> = self.custom_rules.iter().map(|rule| rule.id.as_str()).collect();
        for rules in &self.rules {
            check_words(rules.select.iter().chain(&rules.ignore), &custom)?;
        }
        let wanted = |entry: &&'static Entry| self.is_selected(&|word| is_named(entry, word));
        Ok(super::catalogue().iter().filter(wanted).collect())
    }

    /// The rules that it names, its own among them, ready to run: made once for many objects.
    pub fn compiled(&self) -> Result<Rules, PolicyError> {
        let custom = CustomRules::compile(self).map_err(PolicyError::Invalid)?;
        Rules::select(&[], &[], &custom, Some(self))
            .map_err(|error| PolicyError::Unreadable(error.to_string()))
    }

    fn is_selected(&self, named: &dyn Fn(&str) -> bool) -> bool {
        self.rules.is_empty() || self.rules.iter().any(|it| is_wanted(&it.select, &it.ignore, named))
    }

    /// What comes of a rule's findings at admission; none when the policy does not name it.
    pub fn action(&self, entry: &Entry) -> Option<Action> {
        self.action_for(&|word| is_named(entry, word))
    }

    /// The same of any rule, by its id: built in, or the policy's own.
    pub fn action_of(&self, rule: &str) -> Option<Action> {
        self.action_for(&self.named(rule)?)
    }

    fn action_for(&self, named: &dyn Fn(&str) -> bool) -> Option<Action> {
        if self.rules.is_empty() {
            return Some(Action::default());
        }
        let last = self.rules.iter().rev().find(|it| is_wanted(&it.select, &it.ignore, named));
        last.map(|rules| rules.action)
    }

    /// Which words name the rule of this id.
    fn named<'a>(&'a self, rule: &str) -> Option<Named<'a>> {
        if let Some(entry) = find(rule) {
            return Some(Box::new(move |word| is_named(entry, word)));
        }
        let own = self.custom_rules.iter().find(|it| it.id == rule)?;
        Some(Box::new(move |word| own.is_named(word)))
    }

    /// Applies its severities and exemptions to what was found. `user` is who makes the request, at admission.
    pub fn apply(&self, source: &str, findings: &mut [Finding], user: Option<&str>, now: Option<Time>) {
        for finding in &mut *findings {
            if let Some(severity) = self.severities.get(&*finding.rule) {
                finding.severity = *severity;
            }
            if !self.exemptions.is_empty()
                && let Some(named) = self.named(&finding.rule)
            {
                let exempt = self.exemptions.iter().enumerate();
                let mut covering = exempt.filter(|(_, exempt)| exempt.covers(&named, finding, user, now));
                if finding.exemption.is_none()
                    && finding.verdict == super::Verdict::Fail
                    && let Some((at, exempt)) = covering.next()
                {
                    finding.exemption = Some(exempt.told(&format!("{source} spec.exemptions[{at}]")));
                }
            }
        }
        findings.sort_by(super::finding::order);
    }
}

//! A rule of one's own, as it stands in a policy.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::audit::{
    rule::{Admission, Category},
    selection::belongs,
    severity::Severity,
};

/// A rule of one's own: what it looks at, an expression in CEL that is true of what is good, and how a defect is told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CustomRule {
    /// Id: kebab-case, names the defect, and is none of the built-in rules'.
    pub id: String,
    /// How bad a finding is.
    pub severity: Severity,
    /// What it is about.
    pub category: Category,
    /// The defect, in one sentence.
    pub title: String,
    /// Why it matters.
    pub why: String,
    /// What to do.
    pub remediation: String,
    /// Where else it is written: `CIS 5.2.1`, `NSA pod-security`, addresses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<String>,
    /// What it looks at: kinds with their group, as `Deployment.apps`, `Pod`, `Widget.example.com`; or `Workload`: every
    /// pod template and every pod that has none, each once, with its spec as `podSpec`.
    pub kinds: Vec<String>,
    /// Other objects that the expressions may ask, each as a list.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<RelatedObjects>,
    /// Parts of expressions, by name: `variables.NAME`. Each is evaluated when it is first asked for, and may ask those
    /// before it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub variables: Vec<RuleVariable>,
    /// Of which objects it says anything, in CEL; left out: of all.
    #[serde(default, rename = "match", skip_serializing_if = "Option::is_none")]
    pub matching: Option<String>,
    /// What is true of an object without the defect, in CEL.
    pub expression: String,
    /// The field that is to blame, as `spec.replicas`; of a `Workload` also `podSpec.hostNetwork`. Left out: the object.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub path: String,
    /// What is wrong, as text with JSONPath of the object in braces: `{.spec.replicas} replicas`. Left out: the title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The same, as an expression in CEL that gives a string. Where it does not, the message stands in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_expression: Option<String>,
    /// What it may do on admission.
    #[serde(default)]
    pub admission: RuleAdmission,
    /// Objects, and what the rule has to say of them; `kubectl audit test POLICY` runs them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cases: Vec<CustomCase>,
}

/// Other objects that a rule asks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RelatedObjects {
    /// The variable that has their list.
    pub name: String,
    /// Their kind with its group, as `PodDisruptionBudget.policy`.
    pub kind: String,
    /// Where they are: `same` as the object, `any`, or the name of a namespace. Kinds that have no namespace are
    /// everywhere.
    #[serde(default)]
    pub namespace: RelatedNamespace,
    /// Which of them, in CEL: each candidate is `it`. Left out: all.
    #[serde(default, rename = "where", skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
}

/// Where related objects are.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(from = "String", into = "String")]
#[schemars(with = "String")]
pub enum RelatedNamespace {
    /// Where the object is.
    #[default]
    Same,
    /// Anywhere.
    Any,
    /// In this namespace.
    Named(String),
}

impl From<String> for RelatedNamespace {
    fn from(text: String) -> Self {
        match text.as_str() {
            "same" => Self::Same,
            "any" => Self::Any,
            _ => Self::Named(text),
        }
    }
}

impl From<RelatedNamespace> for String {
    fn from(namespace: RelatedNamespace) -> Self {
        match namespace {
            RelatedNamespace::Same => "same".to_owned(),
            RelatedNamespace::Any => "any".to_owned(),
            RelatedNamespace::Named(name) => name,
        }
    }
}

/// A part of expressions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RuleVariable {
    /// Its name after `variables.`.
    pub name: String,
    /// What it is, in CEL.
    pub expression: String,
}

/// What a rule of one's own may do when it runs on admission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, Serialize, Deserialize, JsonSchema)]
pub enum RuleAdmission {
    /// Refuse the object, if the policy says so.
    #[default]
    Deny,
    /// Warn, at most: what it looks at may still change.
    Warn,
    /// Nothing.
    Never,
}

impl From<RuleAdmission> for Admission {
    fn from(admission: RuleAdmission) -> Self {
        match admission {
            RuleAdmission::Deny => Self::Deny,
            RuleAdmission::Warn => Self::Warn,
            RuleAdmission::Never => Self::Never,
        }
    }
}

/// Objects, and what the rule has to say of them. Without anything to say, all that it looks at must pass.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CustomCase {
    /// What it shows, as a sentence.
    pub name: String,
    /// The objects; there are no others.
    pub objects: Vec<Map<String, Value>>,
    /// The message of every finding, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fails: Vec<String>,
    /// What every finding says that is not evaluated, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_evaluated: Vec<String>,
    /// That the rule is not about any of the objects.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub does_not_apply: bool,
    /// Kinds that could not be read, as `Secret`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unread: Vec<String>,
    /// The time, as 2026-11-28T12:00:00Z.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub now: Option<String>,
}

impl CustomRule {
    /// Whether a word names the rule, or something that it belongs to.
    pub(crate) fn is_named(&self, word: &str) -> bool {
        let references = self.references.iter().map(String::as_str);
        self.id == word || belongs(self.category, self.severity, references, word)
    }
}

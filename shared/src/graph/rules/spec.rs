//! A rule file as it is written; docs/rules-file.md says what each field means.

use serde::{Deserialize, de::IgnoredAny};
use serde_json::Value;

use super::{
    KindScope,
    rule::{All, Form},
};

/// A file, its rules not yet looked at, so that errors can say which one is wrong.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct File {
    pub(super) api_version: String,
    pub(super) kind: String,
    #[serde(default, rename = "metadata")]
    pub(super) _metadata: Option<IgnoredAny>,
    #[serde(default)]
    pub(super) kinds: Vec<KindScope>,
    #[serde(default)]
    pub(super) rules: Vec<Value>,
}

/// One rule.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct RuleSpec {
    pub(super) source: SourceSpec,
    pub(super) edge: String,
    pub(super) each: Option<String>,
    #[serde(default)]
    pub(super) when: Vec<ConditionSpec>,
    #[serde(default)]
    pub(super) unless: Vec<String>,
    pub(super) target: TargetSpec,
    pub(super) name: Option<OneOrMany>,
    pub(super) form: Option<Form>,
    #[serde(default)]
    pub(super) except: Vec<String>,
    pub(super) namespace: Option<String>,
    pub(super) optional: Option<Optional>,
    pub(super) selector: Option<String>,
    pub(super) absent: Option<All>,
    pub(super) empty: Option<All>,
    pub(super) namespaces: Option<NamespacesSpec>,
    pub(super) via: Option<String>,
}

/// `source`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SourceSpec {
    #[serde(default)]
    pub(super) group: String,
    pub(super) kind: OneOrMany,
    #[serde(default = "yes")]
    pub(super) namespaced: bool,
}

fn yes() -> bool {
    true
}

/// One of `when`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ConditionSpec {
    pub(super) path: String,
    #[serde(default, rename = "in")]
    pub(super) values: Vec<String>,
}

/// `target`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct TargetSpec {
    #[serde(default)]
    pub(super) group: String,
    #[serde(default)]
    pub(super) kind: String,
    pub(super) group_path: Option<String>,
    pub(super) api_version_path: Option<String>,
    pub(super) kind_path: Option<String>,
    pub(super) namespaced: Option<bool>,
}

/// A text or a list of them.
#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a text or a list of them")]
pub(super) enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl OneOrMany {
    pub(super) fn as_slice(&self) -> &[String] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Many(many) => many,
        }
    }

    pub(super) fn into_vec(self) -> Vec<String> {
        match self {
            Self::One(one) => vec![one],
            Self::Many(many) => many,
        }
    }
}

/// `optional`.
#[derive(Deserialize)]
#[serde(untagged, expecting = "expected true, false or a JSONPath")]
pub(super) enum Optional {
    Always(bool),
    Path(String),
}

/// `namespaces`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct NamespacesSpec {
    #[serde(default)]
    pub(super) all: bool,
    pub(super) names: Option<String>,
    pub(super) any: Option<String>,
    pub(super) selector: Option<String>,
}

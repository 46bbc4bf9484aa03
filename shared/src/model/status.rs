use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How an object is doing, worst last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Health {
    /// Nothing is known, or there is nothing to be known: a config map has no health.
    #[default]
    Unknown,
    /// As it should be.
    Healthy,
    /// On its way: starting, terminating, waiting.
    Progressing,
    /// Broken: failing, crashing, lost.
    Degraded,
}

/// What the READY and STATUS columns of `kubectl get` say of an object.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize, JsonSchema)]
pub struct Status {
    /// READY as kubectl prints it: `2/3`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ready: Option<String>,
    /// STATUS as kubectl prints it: `Running`, `CrashLoopBackOff`, `Bound`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// What the colour follows.
    #[serde(default)]
    pub health: Health,
}

impl Status {
    /// A status of a word alone.
    pub fn of(status: impl Into<String>, health: Health) -> Self {
        Self { ready: None, status: Some(status.into()), health }
    }

    /// A status of `ready/wanted`: healthy when all that are wanted are ready.
    pub fn ratio(ready: impl fmt::Display + PartialOrd<i32> + Into<i64>, wanted: impl Into<i64>) -> Self {
        let (ready, wanted) = (ready.into(), wanted.into());
        let health = if ready >= wanted { Health::Healthy } else { Health::Progressing };
        Self { ready: Some(format!("{ready}/{wanted}")), status: None, health }
    }

    /// Whether it says nothing at all.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

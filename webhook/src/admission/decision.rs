//! What is decided.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A judge's answer. It may say more than fits into an answer to the API server: that is cut there, once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Whether the request may go on.
    pub verdict: Verdict,
    /// What the user is told, whatever the verdict.
    pub warnings: Vec<String>,
    /// What the audit log keeps, by key.
    pub audit_annotations: BTreeMap<Cow<'static, str>, String>,
    /// Whose doing it is, for metrics and logs.
    pub grounds: Vec<Grounds>,
}

/// Whether a request may go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It may.
    Allowed,
    /// It may not.
    Denied {
        /// The HTTP status that the user gets: 403 for what is forbidden, 422 for what is invalid.
        code: u16,
        /// What is wrong and what to do about it, in lines.
        message: String,
    },
}

/// A policy that had a say. Both words become labels of metrics, so neither may come from a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grounds {
    /// The policy's name.
    pub policy: Arc<str>,
    /// Why, in one word of a small set: `rule`, `quota`, `stale`.
    pub reason: &'static str,
    /// Whether it was this policy that denied.
    pub denied: bool,
}

impl Decision {
    /// Nothing to object.
    pub const fn allowed() -> Self {
        Self::of(Verdict::Allowed)
    }

    /// Forbidden, with the reason and the way out.
    pub fn forbidden(message: impl Into<String>) -> Self {
        Self::of(Verdict::Denied { code: 403, message: message.into() })
    }

    const fn of(verdict: Verdict) -> Self {
        Self { verdict, warnings: Vec::new(), audit_annotations: BTreeMap::new(), grounds: Vec::new() }
    }

    /// With a policy that had a say.
    #[must_use]
    pub fn because(mut self, policy: impl Into<Arc<str>>, reason: &'static str) -> Self {
        let denied = !self.is_allowed();
        self.grounds.push(Grounds { policy: policy.into(), reason, denied });
        self
    }

    /// With a warning to the user.
    #[must_use]
    pub fn warn(mut self, warning: impl Into<String>) -> Self {
        self.warnings.push(warning.into());
        self
    }

    /// With a line in the audit log.
    #[must_use]
    pub fn note(mut self, key: impl Into<Cow<'static, str>>, value: impl Into<String>) -> Self {
        self.audit_annotations.insert(key.into(), value.into());
        self
    }

    /// Whether the request may go on.
    pub const fn is_allowed(&self) -> bool {
        matches!(self.verdict, Verdict::Allowed)
    }
}

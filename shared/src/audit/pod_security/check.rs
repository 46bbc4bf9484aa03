//! What a check is.

use super::{
    blame::{Blame, Culprit},
    policy::Level,
    subject::Subject,
};

/// One check of the standards.
pub(crate) struct Check {
    /// Its id upstream.
    pub(crate) id: &'static str,
    /// The level that it belongs to.
    pub(crate) level: Level,
    /// The minor version that it came with.
    pub(crate) since: u32,
    /// Ids of checks of the level below that it takes the place of.
    pub(crate) overrides: &'static [&'static str],
    /// Looks, as of a minor version.
    pub(crate) run: for<'a> fn(&Subject<'a>, u32) -> Option<Violation>,
}

/// That a pod breaks a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Id of the check.
    pub check: &'static str,
    /// In a word or two: `host namespaces`.
    pub reason: &'static str,
    /// Who does what: `hostNetwork=true, hostPID=true`.
    pub detail: String,
    /// The fields.
    pub culprits: Vec<Culprit>,
}

impl Violation {
    pub(super) fn new(reason: &'static str, detail: String, blame: Blame<'_>) -> Self {
        Self { check: "", reason, detail, culprits: blame.culprits }
    }
}

/// `reason (detail)`.
impl std::fmt::Display for Violation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({})", self.reason, self.detail)
    }
}

impl Check {
    /// The violation, where there is one.
    pub(crate) fn look(&self, subject: &Subject<'_>, minor: u32) -> Option<Violation> {
        (self.run)(subject, minor).map(|violation| Violation { check: self.id, ..violation })
    }
}

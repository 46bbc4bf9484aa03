//! Which standard, as of which version of Kubernetes.

use std::{fmt, str::FromStr};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How strict. Ordered: the strictest is the greatest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Everything is allowed.
    Privileged,
    /// Known ways to the node are closed.
    Baseline,
    /// What is known to harden pods is asked for as well.
    Restricted,
}

impl Level {
    /// All, the least strict first.
    pub const ALL: [Self; 3] = [Self::Privileged, Self::Baseline, Self::Restricted];

    /// The word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Privileged => "privileged",
            Self::Baseline => "baseline",
            Self::Restricted => "restricted",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Level {
    type Err = PolicyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let known = Self::ALL.into_iter().find(|level| level.as_str() == text);
        known.ok_or_else(|| PolicyError::Level(text.to_owned()))
    }
}

/// The standards change with Kubernetes: as of which minor version they are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PolicyVersion {
    /// As of this minor version: `v1.36`.
    Minor(u32),
    /// As of the newest that is known.
    Latest,
}

impl PolicyVersion {
    /// The newest version in which a check changed; any later one is the same, as the API server has it.
    pub const NEWEST: u32 = 35;

    /// The minor versions in which any check came or changed.
    pub(crate) const TURNS: [u32; 12] = [0, 8, 19, 22, 23, 25, 27, 29, 31, 32, 34, 35];

    /// The minor version whose checks are made.
    pub(crate) fn effective(self) -> u32 {
        match self {
            Self::Minor(minor) => minor.min(Self::NEWEST),
            Self::Latest => Self::NEWEST,
        }
    }
}

impl fmt::Display for PolicyVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Minor(minor) => write!(f, "v1.{minor}"),
            Self::Latest => f.write_str("latest"),
        }
    }
}

impl FromStr for PolicyVersion {
    type Err = PolicyError;

    /// Takes what the labels of namespaces take: `latest`, or `v1.` and a number without leading zeros.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || PolicyError::Version(text.to_owned());
        if text == "latest" {
            return Ok(Self::Latest);
        }
        let minor = text.strip_prefix("v1.").ok_or_else(wrong)?;
        let digits = !minor.is_empty() && minor.bytes().all(|byte| byte.is_ascii_digit());
        if !digits || (minor.len() > 1 && minor.starts_with('0')) {
            return Err(wrong());
        }
        minor.parse().map(Self::Minor).map_err(|_| wrong())
    }
}

impl From<crate::audit::KubernetesVersion> for PolicyVersion {
    fn from(version: crate::audit::KubernetesVersion) -> Self {
        Self::Minor(version.minor)
    }
}

/// A standard as of a version: `restricted:v1.36`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Policy {
    /// How strict.
    pub level: Level,
    /// As of when.
    pub version: PolicyVersion,
}

impl Policy {
    /// Everything is allowed: what holds where nobody said anything.
    pub const PRIVILEGED: Self = Self { level: Level::Privileged, version: PolicyVersion::Latest };

    /// A level as of a version.
    pub const fn new(level: Level, version: PolicyVersion) -> Self {
        Self { level, version }
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.level, self.version)
    }
}

/// A text that names no level or version.
#[derive(Debug, Clone, thiserror::Error, PartialEq, Eq)]
pub enum PolicyError {
    /// No level.
    #[error("{0:?} is no level of the Pod Security Standards: choose privileged, baseline or restricted")]
    Level(String),
    /// No version.
    #[error("{0:?} is no version of the Pod Security Standards: choose \"latest\" or \"v1.x\"")]
    Version(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_as_labels_have_them() {
        for (text, version) in [
            ("latest", PolicyVersion::Latest),
            ("v1.0", PolicyVersion::Minor(0)),
            ("v1.8", PolicyVersion::Minor(8)),
            ("v1.36", PolicyVersion::Minor(36)),
            ("v1.999", PolicyVersion::Minor(999)),
        ] {
            assert_eq!(text.parse(), Ok(version), "{text}");
            assert_eq!(version.to_string(), text);
        }
        for text in ["", "1.36", "v1", "v1.", "v1.05", "v2.0", "v1.36.1", "Latest", "v1.+3", "v1.99999999999"]
        {
            assert!(text.parse::<PolicyVersion>().is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_newer_than_the_newest_is_the_newest() {
        assert_eq!(PolicyVersion::Latest.effective(), PolicyVersion::Minor(36).effective());
        assert!(PolicyVersion::Minor(34).effective() < PolicyVersion::Latest.effective());
        assert!(Level::Privileged < Level::Baseline && Level::Baseline < Level::Restricted);
    }
}

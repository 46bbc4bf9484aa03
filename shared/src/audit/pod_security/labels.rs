//! What the labels of a namespace say of its policies, as the API server reads them.

use std::collections::BTreeMap;

use super::policy::{Level, Policy, PolicyVersion};

/// What comes before each of the labels' names.
pub(crate) const PREFIX: &str = "pod-security.kubernetes.io/";

/// Namespaces that belong to Kubernetes itself: what keeps nodes running can't be held to any standard.
pub(crate) fn is_of_the_system(namespace: &str) -> bool {
    matches!(namespace, "kube-system" | "kube-public" | "kube-node-lease")
}

/// What is done with a pod that violates a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    /// It is refused.
    Enforce,
    /// It is noted in the audit log.
    Audit,
    /// Whoever creates it is warned.
    Warn,
}

impl Mode {
    /// All.
    pub const ALL: [Self; 3] = [Self::Enforce, Self::Audit, Self::Warn];

    /// The word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Enforce => "enforce",
            Self::Audit => "audit",
            Self::Warn => "warn",
        }
    }

    /// The label that sets its level.
    pub fn label(self) -> String {
        format!("{PREFIX}{}", self.as_str())
    }

    /// The label that sets its version.
    pub fn version_label(self) -> String {
        format!("{PREFIX}{}-version", self.as_str())
    }
}

/// The policies of a namespace, where the cluster's own configuration sets no others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Modes {
    /// What is refused.
    pub enforce: Policy,
    /// What is noted.
    pub audit: Policy,
    /// What is warned of.
    pub warn: Policy,
    /// Labels whose values mean nothing, as `key=value`. What is enforced is then as strict as can be.
    pub invalid: Vec<String>,
}

impl Modes {
    /// The policy of a mode.
    pub fn policy(&self, mode: Mode) -> Policy {
        match mode {
            Mode::Enforce => self.enforce,
            Mode::Audit => self.audit,
            Mode::Warn => self.warn,
        }
    }
}

/// The policies that a namespace's labels set.
///
/// An invalid level is `restricted` where it is enforced and `privileged` elsewhere, an invalid version is the latest;
/// who sets what is enforced and says nothing of warnings is warned of the same.
pub fn modes(labels: &BTreeMap<String, String>) -> Modes {
    let mut invalid = Vec::new();
    let mut read = |mode: Mode| {
        let (level_key, version_key) = (mode.label(), mode.version_label());
        let level = labels
            .get(&level_key)
            .map(|text| text.parse::<Level>().map_err(|_| invalid.push(format!("{level_key}={text}"))));
        let version = labels.get(&version_key).map(|text| {
            let version = text.parse::<PolicyVersion>();
            version.unwrap_or_else(|_| {
                invalid.push(format!("{version_key}={text}"));
                PolicyVersion::Latest
            })
        });
        (level, version)
    };
    let (enforce_level, enforce_version) = read(Mode::Enforce);
    let (audit_level, audit_version) = read(Mode::Audit);
    let (warn_level, warn_version) = read(Mode::Warn);
    let policy =
        |level: Option<Result<Level, ()>>, version: Option<PolicyVersion>, otherwise: Level| Policy {
            level: level.map_or(Level::Privileged, |level| level.unwrap_or(otherwise)),
            version: version.unwrap_or(PolicyVersion::Latest),
        };
    let enforce = policy(enforce_level, enforce_version, Level::Restricted);
    let audit = policy(audit_level, audit_version, Level::Privileged);
    let mut warn = policy(warn_level, warn_version, Level::Privileged);
    if warn_level.is_none() && matches!(enforce_level, Some(Ok(level)) if level > warn.level) {
        warn.level = enforce.level;
        warn.version = warn_version.unwrap_or(enforce.version);
    }
    Modes { enforce, audit, warn, invalid }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(labels: &[(&str, &str)]) -> Modes {
        modes(&labels.iter().map(|(name, value)| (format!("{PREFIX}{name}"), (*value).to_owned())).collect())
    }

    fn told(labels: &[(&str, &str)]) -> String {
        let Modes { enforce, audit, warn, invalid } = of(labels);
        format!("{enforce} {audit} {warn} {}", invalid.join(" "))
    }

    #[test]
    fn labels_as_the_api_server_reads_them() {
        for (labels, expected) in [
            (&[][..], "privileged:latest privileged:latest privileged:latest "),
            (&[("enforce", "baseline")], "baseline:latest privileged:latest baseline:latest "),
            (
                &[("enforce", "restricted"), ("enforce-version", "v1.30")],
                "restricted:v1.30 privileged:latest restricted:v1.30 ",
            ),
            (
                &[("enforce", "restricted"), ("enforce-version", "v1.30"), ("warn-version", "v1.33")],
                "restricted:v1.30 privileged:latest restricted:v1.33 ",
            ),
            (
                &[("enforce", "restricted"), ("warn", "privileged")],
                "restricted:latest privileged:latest privileged:latest ",
            ),
            (
                &[("warn", "restricted"), ("audit", "baseline")],
                "privileged:latest baseline:latest restricted:latest ",
            ),
            (
                &[("enforce", "strict"), ("audit", "strict"), ("warn", "strict")],
                "restricted:latest privileged:latest privileged:latest pod-security.kubernetes.io/enforce=strict \
                 pod-security.kubernetes.io/audit=strict pod-security.kubernetes.io/warn=strict",
            ),
            (
                &[("enforce", "baseline"), ("enforce-version", "1.30")],
                "baseline:latest privileged:latest baseline:latest pod-security.kubernetes.io/enforce-version=1.30",
            ),
        ] {
            assert_eq!(told(labels), expected);
        }
    }
}

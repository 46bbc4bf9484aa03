//! What a rule has to say of one object.

use std::{
    borrow::Cow,
    fmt::{self, Write as _},
};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::severity::Severity;
use crate::model::ObjectKey;

/// How a check went, when it did not pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The object has the defect.
    Fail,
    /// It can't be said: something was not read. Never as good as a pass.
    NotEvaluated,
}

/// A defect of an object, or that it could not be looked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// Id of the rule.
    pub rule: Cow<'static, str>,
    /// How bad it is.
    pub severity: Severity,
    /// Whether the object has the defect, or it could not be said.
    pub verdict: Verdict,
    /// The object. None where a whole kind could not be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub object: Option<ObjectKey>,
    /// Name of the container.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub container: Option<String>,
    /// The field, from the object down: `spec.template.spec.containers[0].image`. Empty: the object as a whole.
    pub path: String,
    /// What is wrong, with the value that was seen; or what was not read.
    pub message: String,
    /// What to do, as the rule says it.
    pub remediation: Cow<'static, str>,
    /// The same in every run as long as the defect is the same.
    pub fingerprint: String,
    /// Of a symptom: the finding that causes it, as `rule object`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// Why it does not count, when somebody said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exemption: Option<Exemption>,
    /// Whether a baseline has it already.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub known: bool,
    /// The cluster, where several were asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cluster: Option<String>,
}

/// Why a finding does not count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Exemption {
    /// Why, in its owner's words.
    pub reason: String,
    /// Who said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// The last day that it holds, as 2026-12-31.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// Where it stands: `annotation`, or the policy and its entry.
    pub source: String,
}

impl Finding {
    /// Whether it is a defect that counts: not exempt, and not known from a baseline.
    pub fn counts(&self) -> bool {
        self.verdict == Verdict::Fail && self.exemption.is_none() && !self.known
    }
}

/// What findings are sorted by: the worst first, then by rule, object, container and field.
pub(crate) fn order(one: &Finding, other: &Finding) -> std::cmp::Ordering {
    let key = |finding: &Finding| (finding.verdict, std::cmp::Reverse(finding.severity));
    key(one).cmp(&key(other)).then_with(|| {
        (&one.rule, &one.cluster, &one.object, &one.container, &one.path, &one.message).cmp(&(
            &other.rule,
            &other.cluster,
            &other.object,
            &other.container,
            &other.path,
            &other.message,
        ))
    })
}

/// `Deployment.apps/shop/web [main] spec.template.spec.containers[0].image: message`, as cases and tests have it.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(object) = &self.object {
            write!(f, "{object} ")?;
        }
        if let Some(container) = &self.container {
            write!(f, "[{container}] ")?;
        }
        let path = if self.path.is_empty() { "" } else { &format!("{}: ", self.path) };
        write!(f, "{path}{}", self.message)
    }
}

/// The first eight bytes of the SHA-256 of rule, object, container and field, each ended by a zero; shown as sixteen hex
/// digits. Places in lists of containers are left out, so that a container put before another changes nothing; so is
/// the message, so that a value that changes from run to run changes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Fingerprint(u64);

impl Fingerprint {
    /// `nth` tells apart what is the same in all of that.
    pub(crate) fn of(
        rule: &str,
        object: Option<&ObjectKey>,
        container: Option<&str>,
        path: &str,
        nth: usize,
    ) -> Self {
        let mut text = String::with_capacity(256);
        text.extend([rule, "\0"]);
        if let Some(object) = object {
            // Into a string nothing fails.
            let _ = write!(text, "{object}");
        }
        text.extend(["\0", container.unwrap_or_default(), "\0", &without_places(path), "\0"]);
        let _ = write!(text, "{nth}\0");
        let digest: [u8; 32] = Sha256::digest(text).into();
        let (first, _) = digest.split_first_chunk().unwrap_or((&[0; 8], &[]));
        Self(u64::from_be_bytes(*first))
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// The path without the places of containers: the container's name says which one it is.
fn without_places(path: &str) -> Cow<'_, str> {
    // Most paths have no places at all, and a byte is found sooner than a word.
    if !path.contains('[') || !path.contains("ontainers[") {
        return Cow::Borrowed(path);
    }
    let mut out = String::with_capacity(path.len());
    let mut rest = path;
    while let Some(at) = rest.find("ontainers[") {
        let (before, after) = rest.split_at(at + "ontainers".len());
        out.push_str(before);
        rest = after.split_once(']').map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_outlives_what_does_not_matter() {
        let object: ObjectKey = "Pod/shop/a".parse().unwrap();
        let of = |container: &str, path: &str| {
            Fingerprint::of("privileged", Some(&object), Some(container), path, 0)
        };
        let first = of("a", "spec.containers[0].securityContext.privileged");
        assert_eq!(first, of("a", "spec.containers[3].securityContext.privileged"));
        assert_ne!(first, of("b", "spec.containers[0].securityContext.privileged"));
        assert_ne!(first, of("a", "spec.initContainers[0].securityContext.privileged"));
        assert_eq!(first.to_string().len(), 16);
    }
}

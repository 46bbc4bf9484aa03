//! What was there already: findings that `--baseline` knows do not count.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::finding::{Finding, Verdict};
use crate::API_VERSION;

/// The findings of an earlier run, by fingerprint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AuditBaseline {
    /// `passmuster.dev/v1alpha1`.
    pub api_version: String,
    /// `AuditBaseline`.
    pub kind: String,
    /// What each fingerprint was, for people: rule and object.
    pub findings: BTreeMap<String, String>,
}

impl AuditBaseline {
    /// The findings that count, or would but for an earlier baseline.
    pub fn of(findings: &[Finding]) -> Self {
        let kept = findings.iter().filter(|it| it.verdict == Verdict::Fail && it.exemption.is_none());
        Self {
            api_version: API_VERSION.to_owned(),
            kind: "AuditBaseline".to_owned(),
            findings: kept.map(|finding| (key(finding), format!("{}: {finding}", finding.rule))).collect(),
        }
    }

    /// Marks what the baseline knows.
    pub fn mark(&self, findings: &mut [Finding]) {
        for finding in findings.iter_mut().filter(|finding| finding.verdict == Verdict::Fail) {
            finding.known = self.findings.contains_key(&key(finding));
        }
    }
}

/// Of several clusters each has its own.
fn key(finding: &Finding) -> String {
    match &finding.cluster {
        Some(cluster) => format!("{cluster}/{}", finding.fingerprint),
        None => finding.fingerprint.clone(),
    }
}

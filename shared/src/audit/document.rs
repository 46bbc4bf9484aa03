//! What `kubectl audit` answers: the document of `-o json`.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet, HashSet},
};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    catalogue::find,
    engine::Outcomes,
    finding::{Finding, Verdict},
    rule_set::RuleDescription,
    severity::Severity,
};
use crate::{API_VERSION, model::Skipped};

/// The findings of a run, and how it went.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuditReport {
    /// `passmuster.dev/v1alpha1`.
    pub api_version: String,
    /// `AuditReport`.
    pub kind: String,
    /// Name of the cluster, or the files; of several clusters, their names.
    pub cluster: String,
    /// Of several clusters, how each did.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clusters: Vec<ClusterScore>,
    /// The version of Kubernetes that was audited against, as 1.36.
    pub kubernetes_version: String,
    /// 0 to 100, with one decimal; see [`score`].
    pub score: f64,
    /// `A` to `F`.
    pub grade: String,
    /// How many findings of which severity count.
    pub summary: Summary,
    /// For each rule that ran, how it went.
    pub rules: BTreeMap<String, RuleCount>,
    /// What those of them say of themselves that come from a policy.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub custom_rules: Vec<RuleDescription>,
    /// The worst first.
    pub findings: Vec<Finding>,
    /// What could not be read.
    pub skipped: Vec<Skipped>,
}

/// How one of several clusters did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ClusterScore {
    /// Its name.
    pub name: String,
    /// The context that it was asked by.
    pub context: String,
    /// Its score and grade; none when it could not be asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
    /// `A` to `F`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grade: Option<String>,
    /// Why it could not be asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// How often what was said.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// Defects that count, by severity.
    pub failed: BTreeMap<Severity, usize>,
    /// Checks of one object that passed.
    pub passed: usize,
    /// Checks that could not be made.
    pub not_evaluated: usize,
    /// Defects that somebody exempted.
    pub exempt: usize,
    /// Defects that the baseline has.
    pub known: usize,
    /// Objects that have a defect.
    pub objects: usize,
}

/// How one rule went, in objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RuleCount {
    /// Objects without the defect.
    pub passed: usize,
    /// Objects with the defect.
    pub failed: usize,
    /// Objects of which it could not be said.
    pub not_evaluated: usize,
    /// Whether a kind that it looks at could not be read, so that nobody knows how many objects there are.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unread: bool,
}

impl AuditReport {
    /// Puts the answer together. Exemptions and the baseline have been applied to the findings.
    pub fn new(
        cluster: impl Into<String>,
        kubernetes_version: &impl ToString,
        outcomes: Outcomes,
        mut skipped: Vec<Skipped>,
    ) -> Self {
        let Outcomes { findings, rules, custom_rules } = outcomes;
        skipped.sort();
        skipped.dedup();
        let score = score(&rules, &custom_rules, &findings);
        Self {
            api_version: API_VERSION.to_owned(),
            kind: "AuditReport".to_owned(),
            cluster: cluster.into(),
            clusters: Vec::new(),
            kubernetes_version: kubernetes_version.to_string(),
            score,
            grade: grade(score).to_owned(),
            summary: summary(rules.values(), &findings),
            rules: rules.into_iter().map(|(id, count)| (String::from(&*id), count)).collect(),
            custom_rules,
            findings,
            skipped,
        }
    }
}

impl AuditReport {
    /// What a rule that ran says of itself.
    pub fn describe(&self, id: &str) -> Option<RuleDescription> {
        let custom = self.custom_rules.iter().find(|rule| rule.id == id);
        custom.cloned().or_else(|| find(id).map(super::Entry::describe))
    }

    /// Counts again, after a baseline was applied.
    pub fn count_again(&mut self) {
        self.summary = summary(self.rules.values(), &self.findings);
    }

    /// One answer of several clusters: findings name theirs, counts are summed, and the score is of all objects. A
    /// cluster that could not be asked has not passed anything: with one, the score is 0.
    pub fn together(reports: Vec<(ClusterScore, Option<Self>)>) -> Self {
        let (mut outcomes, mut skipped) = (Outcomes::default(), Vec::new());
        let (mut clusters, mut versions) = (Vec::new(), Vec::new());
        for (mut cluster, report) in reports {
            if let Some(report) = report {
                cluster.score = Some(report.score);
                cluster.grade = Some(report.grade);
                versions.push(report.kubernetes_version);
                for (id, count) in &report.rules {
                    let sum: &mut RuleCount = outcomes.rules.entry(Cow::Owned(id.clone())).or_default();
                    sum.passed += count.passed;
                    sum.failed += count.failed;
                    sum.not_evaluated += count.not_evaluated;
                    sum.unread |= count.unread;
                }
                for rule in report.custom_rules {
                    if !outcomes.custom_rules.contains(&rule) {
                        outcomes.custom_rules.push(rule);
                    }
                }
                let name = &cluster.name;
                outcomes.findings.extend(
                    report.findings.into_iter().map(|it| Finding { cluster: Some(name.clone()), ..it }),
                );
                skipped.extend(
                    report
                        .skipped
                        .into_iter()
                        .map(|it| Skipped { resource: format!("{name}: {}", it.resource), ..it }),
                );
            }
            clusters.push(cluster);
        }
        if clusters.iter().any(|cluster| cluster.error.is_some()) {
            outcomes.rules.values_mut().for_each(|count| count.unread = true);
        }
        outcomes.findings.sort_by(super::finding::order);
        versions.sort();
        versions.dedup();
        let names: Vec<&str> = clusters.iter().map(|cluster| cluster.name.as_str()).collect();
        let mut report = Self::new(names.join(", "), &versions.join(", "), outcomes, skipped);
        report.clusters = clusters;
        report
    }
}

fn summary<'c>(rules: impl Iterator<Item = &'c RuleCount>, findings: &[Finding]) -> Summary {
    let mut summary = Summary::default();
    for finding in findings {
        match finding.verdict {
            Verdict::NotEvaluated => summary.not_evaluated += 1,
            Verdict::Fail if finding.exemption.is_some() => summary.exempt += 1,
            Verdict::Fail if finding.known => summary.known += 1,
            Verdict::Fail => *summary.failed.entry(finding.severity).or_default() += 1,
        }
    }
    summary.passed = rules.map(|count| count.passed).sum();
    let counting = findings.iter().filter(|finding| finding.counts());
    let mut objects: HashSet<_> = HashSet::new();
    objects.extend(counting.filter_map(|it| Some((it.cluster.as_deref(), it.object.as_ref()?))));
    summary.objects = objects.len();
    summary
}

/// The score: of every rule that ran, the share of its objects that passed, weighed by its severity.
///
/// What could not be evaluated counts as not passed, and a rule that looks at a kind which could not be read counts as
/// not passed at all: whoever may read less never sees a better score. A rule without objects passes. Objects whose
/// defects are all exempt pass. Rounded down to one decimal, so that 100 means that nothing is wrong.
pub fn score(
    rules: &BTreeMap<Cow<'static, str>, RuleCount>,
    custom: &[RuleDescription],
    findings: &[Finding],
) -> f64 {
    let severity = |id: &str| {
        let built_in = find(id).map(super::Entry::severity);
        built_in.or_else(|| custom.iter().find(|rule| rule.id == id).map(|rule| rule.severity))
    };
    let exempt = exempt(findings);
    let (mut whole, mut reached) = (0.0, 0.0);
    for (id, count) in rules {
        let weight = f64::from(severity(id).map_or(0, Severity::weight));
        whole += weight;
        let all = count.passed + count.failed + count.not_evaluated;
        if count.unread {
            continue;
        }
        let exempt = exempt.get(&**id).copied().unwrap_or_default().min(count.failed);
        #[expect(clippy::cast_precision_loss, reason = "there are no 2^52 objects")]
        let share = if all == 0 { 1.0 } else { (count.passed + exempt) as f64 / all as f64 };
        reached += weight * share;
    }
    if whole == 0.0 { 100.0 } else { (reached / whole * 1000.0).floor() / 10.0 }
}

/// Of each rule, the objects whose defects are all exempt, where there are any.
fn exempt(findings: &[Finding]) -> BTreeMap<&str, usize> {
    let (exempt, count): (Vec<_>, Vec<_>) = findings
        .iter()
        .filter(|finding| finding.verdict == Verdict::Fail)
        .partition(|finding| finding.exemption.is_some());
    let mut rules: BTreeMap<&str, BTreeSet<_>> = BTreeMap::new();
    for finding in exempt {
        rules.entry(&finding.rule).or_default().insert((&finding.cluster, &finding.object));
    }
    if !rules.is_empty() {
        for finding in count {
            if let Some(objects) = rules.get_mut(&*finding.rule) {
                objects.remove(&(&finding.cluster, &finding.object));
            }
        }
    }
    rules.into_iter().map(|(rule, objects)| (rule, objects.len())).collect()
}

/// `A` from 90, `B` from 80, `C` from 70, `D` from 60, `E` from 50, `F` below.
pub fn grade(score: f64) -> &'static str {
    match score {
        score if score >= 90.0 => "A",
        score if score >= 80.0 => "B",
        score if score >= 70.0 => "C",
        score if score >= 60.0 => "D",
        score if score >= 50.0 => "E",
        _ => "F",
    }
}

//! One rule's way through the objects.

use std::{borrow::Cow, collections::HashMap};

use super::Scope;
use crate::{
    audit::{
        catalogue::Entry,
        context::Context,
        custom_rules::{CompiledRule, Judged, Subjects},
        document::RuleCount,
        exemptions::Exemptions,
        finding::{Finding, Fingerprint, Verdict, order},
        findings::Findings,
        rule::{Check, Outcome},
        severity::Severity,
        world::{LivePod, Object as _, POD_KINDS},
    },
    model::{Kind, ObjectKey, ObjectMeta},
};

/// A rule of either kind. It says what to do, and is asked only when there is something to be done.
#[derive(Clone, Copy)]
pub(super) enum AnyRule<'e> {
    BuiltIn(&'static Entry),
    Custom(&'e CompiledRule),
}

impl AnyRule<'_> {
    pub(super) fn id(&self) -> Cow<'static, str> {
        match self {
            Self::BuiltIn(entry) => Cow::Borrowed(entry.id),
            Self::Custom(rule) => Cow::Owned(rule.id().to_owned()),
        }
    }

    fn severity(&self) -> Severity {
        match self {
            Self::BuiltIn(entry) => entry.severity(),
            Self::Custom(rule) => rule.severity(),
        }
    }

    fn remediation(&self) -> Cow<'static, str> {
        match self {
            Self::BuiltIn(entry) => Cow::Borrowed(entry.remediation()),
            Self::Custom(rule) => Cow::Owned(rule.describe().remediation),
        }
    }
}

/// One rule's way through the objects.
pub(super) struct Run<'e> {
    rule: AnyRule<'e>,
    id: Cow<'static, str>,
    count: RuleCount,
    findings: Vec<Finding>,
    exemptions: &'e mut Exemptions,
}

impl<'e> Run<'e> {
    pub(super) fn new(rule: AnyRule<'e>, exemptions: &'e mut Exemptions) -> Self {
        Self { rule, id: rule.id(), count: RuleCount::default(), findings: Vec::new(), exemptions }
    }

    /// What was counted before counts as well.
    pub(super) fn counting_on(self, count: RuleCount) -> Self {
        Self { count, ..self }
    }

    /// Looks at every object that the rule is about.
    pub(super) fn go(&mut self, subjects: &Context<'_>, cx: &Context<'_>, scope: Scope<'_>) {
        match self.rule {
            AnyRule::BuiltIn(entry) => {
                for check in entry.rule.checks {
                    self.check(check, subjects, cx, scope);
                }
            }
            AnyRule::Custom(rule) => self.custom(rule, subjects, cx, scope),
        }
    }

    fn custom(&mut self, rule: &CompiledRule, subjects: &Context<'_>, cx: &Context<'_>, scope: Scope<'_>) {
        for kind in rule.kinds_of_subjects() {
            self.unread(subjects, kind);
        }
        for subject in Subjects::of(rule, subjects, scope) {
            // What the rule does not apply to has neither passed nor failed.
            let judged = rule.judge(&subject, subjects, cx);
            if judged != Judged::DoesNotApply {
                self.subject(Some(&subject.key), &subject.said, |findings| match judged {
                    Judged::Fail { path, message } => {
                        findings.fail(path, message);
                        Ok(())
                    }
                    Judged::Unknown(unknown) => Err(unknown),
                    Judged::Pass | Judged::DoesNotApply => Ok(()),
                });
            }
        }
    }

    fn check(&mut self, check: &Check, subjects: &Context<'_>, cx: &Context<'_>, scope: Scope<'_>) {
        match check {
            Check::Pods(check) => {
                if subjects.world().coverage.misses_any() {
                    for kind in POD_KINDS {
                        self.unread(subjects, *kind);
                    }
                }
                for view in subjects.units() {
                    let asked = |pod: &&LivePod| scope(&pod.key(), &pod.metadata);
                    if scope(&view.owner, view.workload.metadata()) || view.pods.iter().any(asked) {
                        let said = [view.workload.metadata(), view.metadata];
                        self.subject(Some(&view.owner), &said, |findings| check(view, cx, findings));
                    }
                }
            }
            Check::Records(check) => {
                for record in subjects.world().records() {
                    if scope(&record.key, &record.metadata) {
                        let said = [&record.metadata];
                        self.subject(Some(&record.key), &said, |findings| check(record, cx, findings));
                    }
                }
            }
            Check::Cluster(check) => self.subject(None, &[], |findings| {
                let outcome = check(cx, findings);
                findings.retain(|object| scope(object, &ObjectMeta::default()));
                outcome
            }),
            Check::Exemptions => {}
            _ => {
                if let Some(kind) = check.kind() {
                    self.unread(subjects, kind);
                }
                check.each_of_kind(subjects, cx, &mut |key, metadata, check| {
                    if scope(key, metadata) {
                        self.subject(Some(key), &[metadata], check);
                    }
                });
            }
        }
    }

    /// A kind that was asked for and could not be read may hold defects that nobody sees.
    fn unread(&mut self, cx: &Context<'_>, kind: Kind) {
        if let Some(unknown) = cx.world().coverage.missed(kind) {
            let mut findings = Findings::new(self.id.clone(), self.rule.severity(), None);
            findings.unknown(&unknown);
            self.count.not_evaluated += 1;
            self.count.unread = true;
            self.findings.extend(findings.into_found());
        }
    }

    /// Looks at one subject; `said` is where its exemptions stand.
    pub(super) fn subject(
        &mut self,
        key: Option<&ObjectKey>,
        said: &[&ObjectMeta],
        check: impl FnOnce(&mut Findings<'_>) -> Outcome,
    ) {
        let mut findings = Findings::new(self.id.clone(), self.rule.severity(), key);
        if let Err(unknown) = check(&mut findings) {
            findings.unknown(&unknown);
        }
        let mut found = findings.into_found();
        if let Some(key) = key {
            self.exemptions.apply(&self.id, key, said, &mut found);
        }
        if found.is_empty() {
            self.count.passed += 1;
            return;
        }
        if found.iter().any(|finding| finding.verdict == Verdict::Fail) {
            self.count.failed += 1;
        } else {
            self.count.not_evaluated += 1;
        }
        self.findings.append(&mut found);
    }

    /// The findings, each told apart from those that are the same but for the message.
    pub(super) fn finish(mut self) -> (RuleCount, Vec<Finding>) {
        if self.findings.is_empty() {
            return (self.count, Vec::new());
        }
        self.findings.sort_by(order);
        self.findings.dedup();
        let remediation = self.rule.remediation();
        let mut seen: HashMap<Fingerprint, usize> = HashMap::new();
        let many = self.findings.len() > 1;
        for finding in &mut self.findings {
            if finding.remediation.is_empty() {
                finding.remediation.clone_from(&remediation);
            }
            let print = |nth| {
                let (object, container) = (finding.object.as_ref(), finding.container.as_deref());
                Fingerprint::of(&self.id, object, container, &finding.path, nth)
            };
            let mut mark = print(0);
            if many {
                let times = seen.entry(mark).or_default();
                if *times > 0 {
                    mark = print(*times);
                }
                *times += 1;
            }
            finding.fingerprint = mark.to_string();
        }
        (self.count, self.findings)
    }
}

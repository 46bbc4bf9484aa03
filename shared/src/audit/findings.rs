//! Where checks say what they found.

use std::borrow::Cow;

use super::{
    finding::{Finding, Verdict},
    severity::Severity,
    subject::ContainerView,
    world::Unknown,
};
use crate::model::ObjectKey;

/// Collects what one rule finds in one subject.
#[derive(Debug)]
pub(crate) struct Findings<'a> {
    rule: Cow<'static, str>,
    severity: Severity,
    subject: Option<&'a ObjectKey>,
    found: Vec<Finding>,
}

/// What was found, to say more of it.
#[derive(Debug)]
pub(crate) struct Found<'f>(&'f mut Finding);

impl Found<'_> {
    /// Of a symptom: the rule and the object of what causes it.
    pub(crate) fn caused_by(self, rule: &str, object: &ObjectKey) -> Self {
        self.0.cause = Some(format!("{rule} {object}"));
        self
    }

    /// What to do, where that is not what the rule says in general.
    pub(crate) fn remedy(self, remedy: impl Into<String>) -> Self {
        self.0.remediation = Cow::Owned(remedy.into());
        self
    }

    /// The container that it is about.
    pub(crate) fn container(self, name: &str) -> Self {
        self.0.container = Some(name.to_owned());
        self
    }
}

impl<'a> Findings<'a> {
    pub(super) fn new(rule: Cow<'static, str>, severity: Severity, subject: Option<&'a ObjectKey>) -> Self {
        Self { rule, severity, subject, found: Vec::new() }
    }

    /// The subject has the defect, at this field; empty when it is the object as a whole.
    pub(crate) fn fail(&mut self, path: impl Into<String>, message: impl Into<String>) -> Found<'_> {
        let object = self.subject.cloned();
        self.push(Verdict::Fail, object, None, path.into(), message.into())
    }

    /// A container of the subject has the defect, at this field of the container.
    pub(crate) fn fail_in(
        &mut self,
        container: &ContainerView<'_>,
        field: &str,
        message: impl Into<String>,
    ) -> Found<'_> {
        let (object, path) = (self.subject.cloned(), container.path(field));
        self.push(Verdict::Fail, object, Some(container.name.clone()), path, message.into())
    }

    /// Another object than the subject has the defect.
    pub(crate) fn about(
        &mut self,
        object: &ObjectKey,
        path: impl Into<String>,
        message: impl Into<String>,
    ) -> Found<'_> {
        self.push(Verdict::Fail, Some(object.clone()), None, path.into(), message.into())
    }

    /// A part of the check can't be done; the rest goes on.
    pub(crate) fn unknown(&mut self, unknown: &Unknown) {
        let object = self.subject.cloned();
        self.push(Verdict::NotEvaluated, object, None, String::new(), unknown.to_string());
    }

    /// The check can't be done for any object of the kind, for one and the same reason: however many there are, that is
    /// said once.
    pub(crate) fn unknown_of_all(&mut self, unknown: &Unknown) {
        self.push(Verdict::NotEvaluated, None, None, String::new(), unknown.to_string());
    }

    fn push(
        &mut self,
        verdict: Verdict,
        object: Option<ObjectKey>,
        container: Option<String>,
        path: String,
        message: String,
    ) -> Found<'_> {
        self.found.push(Finding {
            rule: self.rule.clone(),
            severity: self.severity,
            verdict,
            object,
            container,
            path,
            message,
            remediation: Cow::Borrowed(""),
            fingerprint: String::new(),
            cause: None,
            exemption: None,
            known: false,
            cluster: None,
        });
        let last = self.found.len() - 1;
        Found(&mut self.found[last])
    }

    /// Leaves out what is about objects that nobody asked for.
    pub(super) fn retain(&mut self, asked: impl Fn(&ObjectKey) -> bool) {
        self.found.retain(|finding| finding.object.as_ref().is_none_or(&asked));
    }

    pub(super) fn into_found(self) -> Vec<Finding> {
        self.found
    }
}

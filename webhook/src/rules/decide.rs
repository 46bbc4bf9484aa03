//! From what rules found to an answer: pure.

use std::{collections::BTreeSet, fmt::Write};

use passmuster::{
    audit::{Action, Finding, Response, Severity, Verdict as Found},
    model::ObjectKey,
};
use serde::Serialize;
use serde_json::json;

use super::policy::Policy;
use crate::admission::Decision;

/// Defects that a denial tells; of more only the number.
const TOLD: usize = 10;
/// Bytes that one annotation of the audit log keeps of them, so that it stays JSON.
const NOTED: usize = 1900;
/// The annotations that they are spread over.
const NOTES: [&str; 4] = ["findings", "findings-2", "findings-3", "findings-4"];

/// What comes of one thing that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Consequence {
    Nothing,
    Noted,
    Warned,
    Denied,
}

impl From<Action> for Consequence {
    fn from(action: Action) -> Self {
        match action {
            Action::Audit => Self::Noted,
            Action::Warn => Self::Warned,
            Action::Deny => Self::Denied,
        }
    }
}

impl From<Response> for Consequence {
    fn from(response: Response) -> Self {
        match response {
            Response::Allow => Self::Nothing,
            Response::Warn => Self::Warned,
            Response::Deny => Self::Denied,
        }
    }
}

/// What one policy says of one change.
#[derive(Debug)]
pub(super) struct Opinion<'a> {
    /// The policy.
    pub(super) policy: &'a Policy,
    /// What its rules found, with its exemptions applied; the worst first.
    pub(super) findings: Vec<Finding>,
    /// What the pods violate of the standard that it holds them to, in the API server's words, and what comes of it.
    pub(super) standard: Option<(String, Action)>,
}

/// The answer to all opinions. `existing` holds fingerprints of defects that the stored object has already; where only
/// a part of the object is changed, those do not count at all.
#[derive(Debug, Default)]
pub(super) struct Answer {
    denials: Vec<String>,
    denied_by: BTreeSet<String>,
    warnings: Vec<String>,
    /// For the audit log, as JSON.
    notes: Vec<String>,
    noted_by: BTreeSet<String>,
    exempt: usize,
    existing: usize,
    unknown: bool,
}

impl Answer {
    /// Takes a policy's opinion.
    pub(super) fn hear(&mut self, opinion: &Opinion<'_>, existing: &BTreeSet<String>, partly: bool) {
        let policy = opinion.policy;
        for finding in &opinion.findings {
            if finding.exemption.is_some() {
                self.exempt += 1;
                continue;
            }
            let known = existing.contains(&finding.fingerprint);
            if known && partly {
                continue;
            }
            let consequence = self.of(policy, finding, known);
            self.draw(policy, consequence, &Told::Finding(finding, known));
        }
        if let Some((message, action)) = &opinion.standard {
            self.draw(policy, (*action).into(), &Told::Standard(message));
        }
    }

    fn of(&mut self, policy: &Policy, finding: &Finding, known: bool) -> Consequence {
        if finding.verdict == Found::NotEvaluated {
            self.unknown = true;
            return policy.spec.when_unknown.into();
        }
        let Some(action) = policy.action_of(&finding.rule) else { return Consequence::Nothing };
        if known && action == Action::Deny {
            self.existing += 1;
            return policy.spec.existing_defects.into();
        }
        action.into()
    }

    fn draw(&mut self, policy: &Policy, consequence: Consequence, told: &Told<'_>) {
        let action = match consequence {
            Consequence::Nothing => return,
            Consequence::Noted => "audit",
            Consequence::Warned => "warn",
            Consequence::Denied => "deny",
        };
        self.notes.push(told.note(&policy.name, action));
        if !self.noted_by.contains(&*policy.name) {
            self.noted_by.insert(policy.name.to_string());
        }
        match consequence {
            Consequence::Denied => {
                self.denials.push(told.denial());
                self.denied_by.insert(policy.name.to_string());
            }
            Consequence::Warned => self.warnings.push(told.warning()),
            Consequence::Noted | Consequence::Nothing => {}
        }
    }

    /// Whether it denies.
    pub(super) fn denies(&self) -> bool {
        !self.denials.is_empty()
    }

    /// The answer to the API server, about this object, by the policies that hold for it.
    pub(super) fn decision(mut self, object: &str, holding: &[&Policy]) -> Decision {
        let mut decision = if self.denials.is_empty() {
            Decision::allowed()
        } else {
            let names: Vec<String> = self.denied_by.iter().map(|name| format!("{name:?}")).collect();
            let (count, names) = (self.denials.len(), names.join(" and "));
            let defects = if count == 1 { "a defect" } else { &format!("{count} defects") };
            let more = count.saturating_sub(TOLD);
            self.denials.truncate(TOLD);
            let mut message = format!("{object} has {defects} that AuditPolicy {names} denies:");
            for denial in &self.denials {
                message.push('\n');
                message.push_str(denial);
            }
            if more > 0 {
                // Into a string nothing fails.
                let _ = write!(message, "\nand {more} more; 'kubectl audit -f FILE' tells all");
            }
            Decision::forbidden(message)
        };
        let reason = if self.unknown { "unknown" } else { "rule" };
        for name in if self.denied_by.is_empty() { &self.noted_by } else { &self.denied_by } {
            decision = decision.because(name.as_str(), reason);
        }
        for (key, text) in NOTES.into_iter().zip(noted(&self.notes)) {
            decision = decision.note(key, text);
        }
        let versions: Vec<String> = holding.iter().map(|policy| policy.version()).collect();
        decision = decision.note("policies", versions.join(" "));
        for (key, count) in [("exempt", self.exempt), ("existing", self.existing)] {
            if count > 0 {
                decision = decision.note(key, count.to_string());
            }
        }
        self.warnings.into_iter().fold(decision, Decision::warn)
    }
}

/// One thing that was found, and how those who are told hear of it.
enum Told<'a> {
    /// What a rule found; whether the stored object has it already.
    Finding(&'a Finding, bool),
    /// What a standard says.
    Standard(&'a str),
}

/// What the audit log is told.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Note<'a> {
    rule: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    severity: Option<Severity>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    fingerprint: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    object: Option<&'a ObjectKey>,
    #[serde(skip_serializing_if = "Option::is_none")]
    container: Option<&'a str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    not_evaluated: bool,
    policy: &'a str,
    action: &'a str,
}

impl Told<'_> {
    fn note(&self, policy: &str, action: &str) -> String {
        let note = match self {
            Self::Finding(finding, _) => Note {
                rule: &finding.rule,
                severity: Some(finding.severity),
                path: Some(&finding.path),
                message: &finding.message,
                fingerprint: Some(&finding.fingerprint),
                object: finding.object.as_ref(),
                container: finding.container.as_deref(),
                not_evaluated: finding.verdict == Found::NotEvaluated,
                policy,
                action,
            },
            Self::Standard(message) => {
                Note { rule: "podSecurity", message, policy, action, ..Note::default() }
            }
        };
        // Text and nothing that can't be JSON.
        serde_json::to_string(&note).unwrap_or_default()
    }

    fn denial(&self) -> String {
        match self {
            Self::Finding(finding, _) if finding.verdict == Found::NotEvaluated => {
                format!("- {}; try again in a moment", self.warning())
            }
            Self::Finding(finding, known) => {
                let path = if finding.path.is_empty() { "" } else { &format!(" {}", finding.path) };
                let (rule, severity, remedy) =
                    (&finding.rule, finding.severity, first_sentence(&finding.remediation));
                format!("- {rule} ({severity}){path}: {}\n  {remedy}", said(finding, *known))
            }
            Self::Standard(message) => format!("- {message}"),
        }
    }

    fn warning(&self) -> String {
        match self {
            Self::Finding(finding, _) if finding.verdict == Found::NotEvaluated => {
                format!("{}: could not be evaluated: {}", finding.rule, finding.message)
            }
            Self::Finding(finding, known) => format!("{}: {}", finding.rule, said(finding, *known)),
            Self::Standard(message) => (*message).to_owned(),
        }
    }
}

fn said(finding: &Finding, known: bool) -> String {
    let container = finding.container.as_ref().map(|name| format!("container {name}: ")).unwrap_or_default();
    let before = if known { " (it has it already)" } else { "" };
    format!("{container}{}{before}", finding.message)
}

/// What to do, as far as one line has room for it; `kubectl audit explain` has the rest.
fn first_sentence(text: &str) -> &str {
    let paragraph = text.split("\n\n").next().unwrap_or_default().lines().next().unwrap_or_default();
    let end = paragraph.find(". ").map_or(paragraph.len(), |at| at + 1);
    paragraph.get(..end).unwrap_or(paragraph)
}

/// As many as there is room for, as JSON lists; the last says how many more there are.
fn noted(notes: &[String]) -> Vec<String> {
    let mut lists: Vec<Vec<&str>> = Vec::new();
    let more;
    let (mut room, mut kept) = (0, 0);
    for text in notes {
        let size = text.len() + 1;
        if size > room {
            if lists.len() == NOTES.len() || size > NOTED {
                break;
            }
            lists.push(Vec::new());
            room = NOTED;
        }
        room -= size;
        kept += 1;
        lists.last_mut().into_iter().for_each(|list| list.push(text));
    }
    if kept < notes.len() {
        more = json!({"more": notes.len() - kept}).to_string();
        match lists.last_mut() {
            Some(list) => list.push(&more),
            None => lists.push(vec![&more]),
        }
    }
    lists.iter().map(|list| format!("[{}]", list.join(","))).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn notes_stay_json_however_many_there_are() {
        let notes: Vec<String> =
            (0..100).map(|n| json!({"rule": format!("rule-{n}"), "path": "spec"}).to_string()).collect();
        let texts = noted(&notes);
        let read: Vec<Vec<Value>> = texts.iter().map(|text| serde_json::from_str(text).unwrap()).collect();
        assert!(texts.iter().all(|text| text.len() < 2048));
        assert_eq!(read.iter().flatten().count(), 100);
        let many: Vec<String> = (0..1000).map(|n| json!({"rule": n}).to_string()).collect();
        let texts = noted(&many);
        let last: Vec<Value> = serde_json::from_str(texts.last().unwrap()).unwrap();
        let told: usize =
            texts.iter().map(|text| serde_json::from_str::<Vec<Value>>(text).unwrap().len()).sum();
        assert_eq!(last.last().unwrap()["more"], 1000 - (told - 1));
        assert_eq!(texts.len(), NOTES.len());
        assert_eq!(noted(&notes[..1]), [r#"[{"rule":"rule-0","path":"spec"}]"#]);
        assert_eq!(noted(&[]), [""; 0]);
        assert_eq!(noted(&[json!("x".repeat(4000)).to_string()]), [r#"[{"more":1}]"#]);
    }

    #[test]
    fn a_remedy_is_one_sentence() {
        assert_eq!(first_sentence("Set it. Then rest."), "Set it.");
        assert_eq!(first_sentence("Set v1.2 of it"), "Set v1.2 of it");
        assert_eq!(first_sentence(""), "");
    }
}

//! Every rule, by id. The files of `rules/` are the registry; `build.rs` lists them.

use std::sync::OnceLock;

use super::{
    rule::{Category, Rule},
    rule_set::RuleDescription,
};

/// A rule and what its file says of it.
#[derive(Debug)]
pub struct Entry {
    /// Id: kebab-case, names the defect.
    pub id: &'static str,
    pub(crate) rule: &'static Rule,
    /// Every finding says what to do: it is read out of the documentation once.
    remediation: OnceLock<String>,
}

#[allow(
    clippy::unnecessary_wraps,
    reason = "every check may meet what was not read, and is called as one that does"
)]
mod listed {
    use super::Entry;

    include!(concat!(env!("OUT_DIR"), "/audit_rules.rs"));
}

/// Every rule, sorted by id.
pub fn catalogue() -> &'static [Entry] {
    &listed::CATALOGUE
}

/// The rule of this id.
pub fn find(id: &str) -> Option<&'static Entry> {
    let at = catalogue().binary_search_by(|entry| entry.id.cmp(id)).ok()?;
    catalogue().get(at)
}

/// Heading of the documentation that says why a defect matters.
const WHY: &str = "## Why it matters";
/// Heading of the documentation that says what to do.
const REMEDIATION: &str = "## Remediation";

impl Entry {
    const fn new(id: &'static str, rule: &'static Rule) -> Self {
        Self { id, rule, remediation: OnceLock::new() }
    }

    /// The defect, in one sentence.
    pub fn summary(&self) -> String {
        unwrapped(self.rule.docs.split(WHY).next().unwrap_or_default())
    }

    /// Why it matters.
    pub fn why(&self) -> String {
        let after = self.rule.docs.split_once(WHY).map_or("", |(_, after)| after);
        unwrapped(after.split(REMEDIATION).next().unwrap_or_default())
    }

    /// What to do.
    pub fn remediation(&self) -> &str {
        let read = || unwrapped(self.rule.docs.split_once(REMEDIATION).map_or("", |(_, after)| after));
        self.remediation.get_or_init(read)
    }

    /// What it is about.
    pub fn category(&self) -> Category {
        self.rule.category
    }

    /// How bad it is.
    pub fn severity(&self) -> super::Severity {
        self.rule.severity
    }

    /// What it may do on admission.
    pub fn admission(&self) -> super::Admission {
        self.rule.admission
    }

    /// What it needs beside the object that it looks at.
    pub fn needs(&self) -> super::Needs {
        self.rule.needs
    }

    /// What it says of itself, for reports.
    pub fn describe(&self) -> RuleDescription {
        RuleDescription {
            id: self.id.to_owned(),
            severity: self.severity(),
            category: self.category(),
            admission: self.admission(),
            summary: self.summary(),
            why: self.why(),
            remediation: self.remediation().to_owned(),
            references: self.references().iter().map(ToString::to_string).collect(),
        }
    }

    /// Where else it is written: `CIS 5.2.1`, `NSA pod-security`, addresses.
    pub fn references(&self) -> &'static [&'static str] {
        self.rule.references
    }
}

/// Documentation as it was written, its lines joined; paragraphs and list items stay apart.
fn unwrapped(text: &str) -> String {
    let mut out = String::new();
    let mut fresh = true;
    for line in text.lines().map(str::trim) {
        if line.is_empty() {
            fresh = true;
            continue;
        }
        let item = line.starts_with("- ") || line.starts_with("```");
        if !out.is_empty() {
            out.push_str(if item {
                "\n"
            } else if fresh {
                "\n\n"
            } else {
                " "
            });
        }
        out.push_str(line);
        fresh = false;
    }
    out
}

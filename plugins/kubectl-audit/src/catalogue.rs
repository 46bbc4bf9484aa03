//! `kubectl audit rules` and `kubectl audit explain RULE`.

use std::{
    io::{self, Write as _},
    path::Path,
};

use anyhow::Result;
use passmuster::{
    audit::{Entry, Needs, RuleDescription, Rules},
    cli::Exit,
    text::neutral,
};

use crate::{args::Common, policy};

/// A line for each rule.
pub(crate) fn list(words: &[String], policy: Option<&Path>, common: &Common) -> Result<Exit> {
    let rules = described(words, policy, true)?;
    let mut out = io::BufWriter::new(io::stdout().lock());
    if let Some(format) = common.output.first() {
        anyhow::ensure!(format == "json" || format == "name", "rules are printed as -o json or -o name");
        if format == "name" {
            for (rule, _) in rules {
                writeln!(out, "{}", rule.id)?;
            }
        } else {
            let all: Vec<serde_json::Value> = rules.into_iter().map(as_json).collect();
            passmuster::report::json::write_pretty(&all, &mut out)?;
            writeln!(out)?;
        }
        return Ok(Exit::Ok);
    }
    let widest = rules.iter().map(|(rule, _)| rule.id.len()).max().unwrap_or_default();
    if !common.no_headers {
        writeln!(
            out,
            "{:widest$}   {:8}   {:12}   {:9}   WHAT",
            "RULE", "SEVERITY", "CATEGORY", "ADMISSION"
        )?;
    }
    for (rule, _) in rules {
        let RuleDescription { id, severity, category, admission, summary, .. } = &rule;
        let line =
            format!("{id:widest$}   {severity:8}   {category:12}   {:9}   {summary}", admission.as_str());
        writeln!(out, "{}", neutral(&line))?;
    }
    Ok(Exit::Ok)
}

/// The rules that the words name, sorted by id; of them those that the policy chooses, if that counts.
fn described(words: &[String], policy: Option<&Path>, chosen: bool) -> Result<Vec<(RuleDescription, Needs)>> {
    let mut policy = policy.map(policy::read).transpose()?;
    if let Some((_, policy)) = policy.as_mut().filter(|_| !chosen) {
        policy.spec.rules.clear();
    }
    let rules = policy::rules(policy.as_ref(), words, &[])?;
    let needs = |id: &str, rules: &Rules| {
        let built_in = passmuster::audit::find(id).map(Entry::needs);
        let custom = || rules.custom().iter().find(|rule| rule.id() == id).map(|rule| rule.needs());
        built_in.or_else(custom).unwrap_or(Needs::Object)
    };
    let all = rules.described().into_iter();
    Ok(all.map(|rule| (needs(&rule.id, &rules), rule)).map(|(needs, rule)| (rule, needs)).collect())
}

fn as_json((rule, needs): (RuleDescription, Needs)) -> serde_json::Value {
    serde_json::json!({
        "id": rule.id,
        "severity": rule.severity,
        "category": rule.category,
        "admission": rule.admission,
        "needs": needs,
        "summary": rule.summary,
        "why": rule.why,
        "remediation": rule.remediation,
        "references": rule.references,
    })
}

/// All of one rule.
pub(crate) fn explain(id: &str, policy: Option<&Path>) -> Result<Exit> {
    // The same words as for --select, which know what may have been meant.
    let rules = described(&[id.to_owned()], policy, false)?;
    let Some((rule, needs)) = rules.into_iter().find(|(rule, _)| rule.id == id) else {
        anyhow::bail!("{id:?} names several rules: 'kubectl audit rules --select {id}' lists them");
    };
    let mut out = io::BufWriter::new(io::stdout().lock());
    let RuleDescription { id, severity, category, admission, summary, why, remediation, references } = &rule;
    writeln!(out, "{id} ({severity}, {category})\n")?;
    let told = format!("{summary}\n\nWhy it matters\n\n{why}\n\nRemediation\n\n{remediation}");
    for line in told.lines() {
        writeln!(out, "{}", neutral(line))?;
    }
    if !references.is_empty() {
        writeln!(out, "\nSee also: {}", neutral(&references.join(", ")))?;
    }
    writeln!(out, "\nAt admission: {}. Needs: {}.", admission.as_str(), needs.as_str())?;
    writeln!(out, "Exempt an object: annotate it passmuster.dev/exempt: '{id}=REASON; until=DATE'")?;
    Ok(Exit::Ok)
}

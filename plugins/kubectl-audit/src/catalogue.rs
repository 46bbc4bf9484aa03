//! `kubectl audit rules` and `kubectl audit explain RULE`.

use std::io::{self, Write as _};

use anyhow::Result;
use passmuster::{
    audit::{Entry, find, select},
    cli::{Exit, Session},
};

use crate::args::Common;

/// A line for each rule.
pub(crate) fn list(words: &[String], common: &Common, _: &Session) -> Result<Exit> {
    let rules = select(words, &[])?;
    let mut out = io::BufWriter::new(io::stdout().lock());
    if let Some(format) = common.output.first() {
        anyhow::ensure!(format == "json" || format == "name", "rules are printed as -o json or -o name");
        if format == "name" {
            for entry in rules {
                writeln!(out, "{}", entry.id)?;
            }
        } else {
            let all: Vec<serde_json::Value> = rules.into_iter().map(described).collect();
            passmuster::report::json::write_pretty(&all, &mut out)?;
            writeln!(out)?;
        }
        return Ok(Exit::Ok);
    }
    let widest = rules.iter().map(|entry| entry.id.len()).max().unwrap_or_default();
    if !common.no_headers {
        writeln!(
            out,
            "{:widest$}   {:8}   {:12}   {:9}   WHAT",
            "RULE", "SEVERITY", "CATEGORY", "ADMISSION"
        )?;
    }
    for entry in rules {
        writeln!(
            out,
            "{:widest$}   {:8}   {:12}   {:9}   {}",
            entry.id,
            entry.severity(),
            entry.category(),
            entry.admission().as_str(),
            entry.summary()
        )?;
    }
    Ok(Exit::Ok)
}

fn described(entry: &Entry) -> serde_json::Value {
    serde_json::json!({
        "id": entry.id,
        "severity": entry.severity(),
        "category": entry.category(),
        "admission": entry.admission(),
        "needs": entry.needs(),
        "summary": entry.summary(),
        "why": entry.why(),
        "remediation": entry.remediation(),
        "references": entry.references(),
    })
}

/// All of one rule.
pub(crate) fn explain(id: &str, _: &Session) -> Result<Exit> {
    let Some(entry) = find(id) else {
        // The same words as for --select, which know what may have been meant.
        select(&[id.to_owned()], &[])?;
        anyhow::bail!("{id:?} names several rules: 'kubectl audit rules --select {id}' lists them");
    };
    let mut out = io::BufWriter::new(io::stdout().lock());
    writeln!(out, "{} ({}, {})\n", entry.id, entry.severity(), entry.category())?;
    writeln!(
        out,
        "{}\n\nWhy it matters\n\n{}\n\nRemediation\n\n{}",
        entry.summary(),
        entry.why(),
        entry.remediation()
    )?;
    if !entry.references().is_empty() {
        writeln!(out, "\nSee also: {}", entry.references().join(", "))?;
    }
    writeln!(out, "\nAt admission: {}. Needs: {}.", entry.admission().as_str(), entry.needs().as_str())?;
    writeln!(out, "Exempt an object: annotate it passmuster.dev/exempt: '{}=REASON; until=DATE'", entry.id)?;
    Ok(Exit::Ok)
}

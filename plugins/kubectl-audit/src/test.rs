//! `kubectl audit test POLICY`: the cases of a policy's own rules.

use std::{
    io::{self, Write as _},
    path::PathBuf,
};

use anyhow::{Result, ensure};
use passmuster::{
    audit::{CaseResult, CustomRules, PolicyError},
    cli::Exit,
    text::neutral,
};

use crate::{args::Common, policy};

/// Runs the cases; exit code 3 when one goes otherwise than it says.
pub(crate) fn run(policies: &[PathBuf], common: &Common) -> Result<Exit> {
    let json = match &common.output[..] {
        [] => false,
        [only] if only == "json" => true,
        _ => anyhow::bail!("results of cases are printed as they are, or as -o json"),
    };
    let mut results: Vec<(String, CaseResult)> = Vec::new();
    let mut without = Vec::new();
    for path in policies {
        let (name, policy) = policy::read(path)?;
        let rules = CustomRules::compile(&policy.spec).map_err(PolicyError::Invalid)?;
        ensure!(!rules.all().is_empty(), "{name}: there are no customRules to test");
        for rule in rules.all() {
            let run = rule.run_cases();
            if run.is_empty() {
                without.push(format!("{name}: rule {} has no cases", rule.id()));
            }
            results.extend(run.into_iter().map(|result| (name.clone(), result)));
        }
    }
    let failed = results.iter().filter(|(_, result)| !result.wrong.is_empty()).count();
    let mut out = io::BufWriter::new(io::stdout().lock());
    if json {
        let all: Vec<_> = results.iter().map(|(policy, result)| described(policy, result)).collect();
        passmuster::report::json::write_pretty(&all, &mut out)?;
        writeln!(out)?;
    } else {
        for (_, result) in &results {
            let CaseResult { rule, case, wrong } = result;
            let mark = if wrong.is_empty() { "ok" } else { "FAILED" };
            writeln!(out, "{}", neutral(&format!("{mark:6} {rule}: {case}")))?;
            for line in wrong {
                writeln!(out, "       {}", neutral(line))?;
            }
        }
        writeln!(out, "{} cases, {failed} failed", results.len())?;
    }
    for line in without {
        writeln!(io::stderr(), "{}", neutral(&format!("warning: {line}")))?;
    }
    Ok(if failed > 0 { Exit::Gate } else { Exit::Ok })
}

fn described(policy: &str, result: &CaseResult) -> serde_json::Value {
    serde_json::json!({
        "policy": policy,
        "rule": result.rule,
        "case": result.case,
        "passed": result.wrong.is_empty(),
        "wrong": result.wrong,
    })
}

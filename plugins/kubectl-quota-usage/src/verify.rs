//! `kubectl quota-usage verify`.

use std::{
    fs,
    io::{self, Write as _},
    time::Duration,
};

use anyhow::{Result, anyhow};
use passmuster::{
    cli::{Exit, Session, UsageError, block_on, now, output},
    cluster::{VerifyQuestion, fleet::Member, parse_timeout, verify_quotas},
    quota::{
        project::MarkOn,
        verify::{Finding, QuotaVerification},
    },
    report::Format,
    text::neutral,
};

use crate::{args::Common, clusters, config, explain::timestamp, usage::options};

/// How long a finding that may pass must stay when `--settle` does not say.
const SETTLE: Duration = Duration::from_secs(4);

#[derive(Debug, clap::Args)]
pub(crate) struct VerifyArgs {
    /// Quotas of every namespace, and projects
    #[arg(short = 'A', long)]
    all_namespaces: bool,
    /// How long usage must stay wrong before it is told: the status lags behind the objects
    #[arg(long, value_name = "DURATION")]
    settle: Option<String>,
    /// Make the quota controller count quotas anew whose usage is wrong, by a key in spec.hard that is removed again
    #[arg(long)]
    nudge: bool,
    /// Label of namespaces whose value is their project
    #[arg(long, value_name = "KEY", conflicts_with = "project_annotation")]
    project_label: Option<String>,
    /// Annotation of namespaces whose value is their project
    #[arg(long, value_name = "KEY")]
    project_annotation: Option<String>,
}

pub(crate) fn run(args: &VerifyArgs, common: &Common, session: &Session) -> Result<Exit> {
    let format = Format::<QuotaVerification>::parse(&common.output, |file| fs::read_to_string(file))?;
    let config = config::load(common, session)?;
    let settle = match args.settle.as_deref().map(parse_timeout) {
        None => SETTLE,
        Some(Ok(settle)) => settle.unwrap_or_default(),
        Some(Err(_)) => return Err(UsageError::new("--settle takes a duration such as 5s or 1m").into()),
    };
    let mark = match (&args.project_label, &args.project_annotation) {
        (Some(key), _) => Some((MarkOn::Label, key.clone())),
        (None, Some(key)) => Some((MarkOn::Annotation, key.clone())),
        (None, None) => None,
    };
    let given = common.options.connect.namespace.as_deref();
    let everywhere = args.all_namespaces || (clusters::several(common) && given.is_none());
    let at = timestamp(now());
    let asked = block_on(clusters::ask(common, &config, session, false, async |member: Member| {
        let namespace = member.connection.namespace.as_str();
        let question = VerifyQuestion {
            namespace: (!everywhere).then_some(namespace),
            names: &[&member.name, &member.context],
            project_mark: mark.clone(),
            settle,
            nudge: args.nudge,
            clock: now,
        };
        verify_quotas(&member.connection, &question).await
    }))??;
    let (mut entries, mut findings, mut quotas, mut projects) = (Vec::new(), Vec::new(), 0, 0);
    let mut err = io::stderr();
    for asked in asked {
        let mut entry = clusters::entry(&asked);
        let name = entry.name.clone();
        if let Ok(verified) = asked.answer {
            for line in &verified.nudged {
                writeln!(err, "{}", neutral(line))?;
            }
            quotas += verified.quotas;
            projects += verified.projects;
            entry.skipped = verified.skipped;
            findings.extend(
                verified
                    .findings
                    .into_iter()
                    .map(|finding| Finding { cluster: Some(name.clone()), ..finding }),
            );
        }
        entries.push(entry);
    }
    let failed = entries.iter().any(|entry| entry.error.is_some());
    if failed && entries.iter().all(|entry| entry.error.is_some()) && entries.len() > 1 {
        return Err(anyhow!("no cluster answered"));
    }
    let verification = QuotaVerification::new(Some(at), entries, quotas, projects, findings);
    output::print(&format, &verification, &options(common, session))?;
    let skipped: Vec<_> = verification.skipped().cloned().collect();
    if let Some(line) = output::partial(&skipped) {
        writeln!(err, "{line}")?;
    }
    Ok(
        match (
            common.exit_code && !verification.findings.is_empty(),
            common.strict && (failed || !skipped.is_empty()),
        ) {
            (true, _) => Exit::Gate,
            (_, true) => Exit::Partial,
            _ => Exit::Ok,
        },
    )
}

//! What decides the exit code: how bad is too bad, and what was known before.

use std::{fs, path::PathBuf};

use anyhow::{Context as _, Result};
use passmuster::{
    audit::{AuditBaseline, AuditReport, Severity},
    cli::{Exit, output},
    report::json::write_pretty,
};

use crate::args::AuditArgs;

pub(crate) struct Gate {
    fail_on: Option<Severity>,
    baseline: Option<AuditBaseline>,
    write: Option<PathBuf>,
}

impl Gate {
    pub(crate) fn of(args: &AuditArgs) -> Result<Self> {
        let baseline = match &args.baseline {
            None => None,
            Some(path) => {
                let name = path.display();
                let text =
                    fs::read_to_string(path).with_context(|| format!("reading the baseline {name}"))?;
                let baseline: AuditBaseline =
                    serde_json::from_str(&text).with_context(|| format!("{name} is no baseline"))?;
                Some(baseline)
            }
        };
        let fail_on = args.fail_on.as_deref().map(str::parse).transpose()?;
        Ok(Self { fail_on, baseline, write: args.baseline_write.clone() })
    }

    /// Marks what the baseline knows.
    pub(crate) fn baseline(&self, report: &mut AuditReport) {
        if let Some(baseline) = &self.baseline {
            baseline.mark(&mut report.findings);
            report.count_again();
        }
    }

    /// Writes the baseline of this run.
    pub(crate) fn write(&self, report: &AuditReport) -> Result<()> {
        let Some(path) = &self.write else {
            return Ok(());
        };
        let baseline = AuditBaseline::of(&report.findings);
        output::replace(path, |out| {
            write_pretty(&baseline, out)?;
            Ok(out.write_all(b"\n")?)
        })
    }

    pub(crate) fn exit(&self, report: &AuditReport, strict: bool) -> Exit {
        let worst = report.findings.iter().filter(|it| it.counts()).map(|it| it.severity).max();
        let failed = report.clusters.iter().filter(|cluster| cluster.error.is_some()).count();
        if failed > 0 && failed == report.clusters.len() {
            return Exit::Failed;
        }
        let partial = failed > 0 || !report.skipped.is_empty() || report.summary.not_evaluated > 0;
        match (worst, self.fail_on) {
            (Some(worst), Some(limit)) if worst >= limit => Exit::Gate,
            _ if partial && strict => Exit::Partial,
            _ => Exit::Ok,
        }
    }
}

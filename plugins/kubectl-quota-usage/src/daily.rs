//! `kubectl quota-usage report`: a day's peaks, kept in files.

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, anyhow};
use clap::{Args, Subcommand, ValueHint};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use passmuster::{
    cli::{Exit, Session, UsageError, block_on, now, output},
    quota::{Dimension, daily::Daily, inventory::Wanted, peak::Period, sheet::date},
    text::neutral,
};

use crate::{
    args::Common,
    usage::{Settings, UsageArgs, read},
};

const AFTER_HELP: &str = "\
A file for each cluster, called CLUSTER-YYYY-MM-DD.csv, with a line for each namespace:
  project;namespace;CPU in cores;memory in bytes
A day is one of UTC, and it must be over.

Examples:
  # Yesterday's peaks of every cluster, one file each
  kubectl quota-usage report daily --all-clusters --output-dir reports

  # Rates of that day, months later
  kubectl quota-usage --daily reports/prod-2026-02-28.csv";

#[derive(Debug, Subcommand)]
pub(crate) enum ReportCommand {
    /// Write a day's peaks to a file
    Daily(Box<DailyArgs>),
}

#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct DailyArgs {
    /// The day, such as 2026-02-28; otherwise yesterday
    #[arg(long, value_name = "DATE")]
    date: Option<String>,
    /// Directory for the files; otherwise this one
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    output_dir: Option<PathBuf>,
    /// The label of namespaces that names their project
    #[arg(long, value_name = "KEY", conflicts_with = "project_annotation")]
    project_label: Option<String>,
    /// The annotation of namespaces that names their project
    #[arg(long, value_name = "KEY")]
    project_annotation: Option<String>,
    /// Address of the Prometheus to ask, instead of the configured one
    #[arg(long, value_name = "URL")]
    prometheus: Option<String>,
    /// Of a workload, count only as many peaks as it had replicas at most
    #[arg(long)]
    accurate: bool,
    /// Which memory: usage or working-set
    #[arg(long, value_name = "WHICH")]
    memory: Option<String>,
}

pub(crate) fn run(command: &ReportCommand, common: &Common, session: &Session) -> Result<Exit> {
    let ReportCommand::Daily(args) = command;
    let day = day(args.date.as_deref())?;
    let mut settings = Settings::of(&args.rows(), common, session)?;
    if let Some(peaks) = &mut settings.peaks {
        (peaks.period, peaks.until) = (Period::default(), Some(end(day)?));
    }
    let usage = block_on(read(&settings, common, session))??;
    let folder = args.output_dir.as_deref().unwrap_or(Path::new("."));
    let (mut written, mut partial) = (0, usage.clusters.iter().any(|cluster| cluster.error.is_some()));
    for daily in Daily::of(&usage, day) {
        let skipped = usage.clusters.iter().filter(|cluster| cluster.name == daily.cluster);
        let skipped: Vec<_> = skipped.flat_map(|cluster| cluster.skipped.iter().cloned()).collect();
        if let Some(line) = output::partial(&skipped) {
            partial = true;
            writeln!(io::stderr(), "{line}")?;
        }
        let cluster = neutral(&daily.cluster);
        if daily.namespaces.is_empty() {
            // An empty file would say that nothing ran.
            partial = true;
            writeln!(io::stderr(), "warning: no peaks of {cluster} on {day} are known: no file was written")?;
            continue;
        }
        let path = folder.join(Daily::file_name(&daily.cluster, day));
        output::replace(&path, |out| Ok(daily.write(out)?))?;
        writeln!(io::stdout(), "{} written", neutral(&path.display().to_string()))?;
        written += 1;
    }
    if written == 0 {
        return Err(anyhow!(
            "no peaks of {day} are known; is a Prometheus configured that remembers so long?"
        ));
    }
    Ok(if partial && common.strict { Exit::Partial } else { Exit::Ok })
}

impl DailyArgs {
    /// The rows that the files are made of.
    fn rows(&self) -> UsageArgs {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        UsageArgs {
            all_namespaces: true,
            by: words(&["cluster", "project", "namespace"]),
            resources: words(&["cpu", "memory"]),
            project_label: self.project_label.clone(),
            project_annotation: self.project_annotation.clone(),
            prometheus: self.prometheus.clone(),
            accurate: self.accurate,
            memory: self.memory.clone(),
            ..UsageArgs::default()
        }
    }
}

/// The day that is asked for, otherwise yesterday; it is over.
pub(crate) fn day(text: Option<&str>) -> Result<Date> {
    let now = Timestamp::from_second(now().seconds)?;
    let today = now.to_zoned(TimeZone::UTC).date();
    let Some(text) = text else { return Ok(today.yesterday()?) };
    let day = date(text).map_err(|error| UsageError::new(error.to_string()))?;
    if day >= today {
        return Err(UsageError::new(format!("{day} is not over; it is {today} in UTC")).into());
    }
    Ok(day)
}

/// When a day ends, in seconds since the epoch.
pub(crate) fn end(day: Date) -> Result<i64> {
    Ok(day.tomorrow()?.to_zoned(TimeZone::UTC)?.timestamp().as_second())
}

/// Reads daily files, for rows that are put together by this.
pub(crate) fn load(paths: &[PathBuf], by: &[Dimension]) -> Result<Vec<Daily>> {
    if !paths.is_empty() && Wanted::by(by).within_namespaces() {
        let message =
            "--daily knows namespaces and not what is in them: --by takes cluster, project and namespace";
        return Err(UsageError::new(message).into());
    }
    let load = |path: &PathBuf| {
        let name = path.display().to_string();
        let bytes = fs::read(path).with_context(|| format!("can't read {name}"))?;
        Ok(Daily::read(&bytes, &name)?)
    };
    paths.iter().map(load).collect()
}

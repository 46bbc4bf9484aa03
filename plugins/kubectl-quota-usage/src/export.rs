//! `kubectl quota-usage export`: project quotas as a spreadsheet, or as objects.

use std::{
    fs,
    io::{self, IsTerminal as _, Write as _},
    path::PathBuf,
};

use anyhow::Result;
use clap::{Args, ValueHint};
use passmuster::{
    cli::{Exit, Session, UsageError, block_on, output::replace},
    cluster::ProjectQuotas,
    quota::{
        project::{ProjectQuota, ProjectQuotaList, table},
        sheet::{Csv, Sheet, write_csv, write_xlsx},
    },
    report::Format,
};

use crate::{
    args::Common,
    import::{Lang, QuotaKeys, open},
};

const AFTER_HELP: &str = "\
What is exported, import reads to no change.

Examples:
  # A spreadsheet of all project quotas
  kubectl quota-usage export --output-file quotas.xlsx

  # As objects, for another cluster
  kubectl quota-usage export -o yaml | kubectl apply --context other -f -";

#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct ExportArgs {
    /// Write to this file, replaced as a whole; its name says the format if -o does not
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    output_file: Option<PathBuf>,
    /// Language of the headings: en or zh
    #[arg(
        long,
        value_name = "LANGUAGE",
        default_value = "en",
        hide_default_value = true,
        hide_possible_values = true
    )]
    lang: Lang,
    /// What the columns CPU and Memory show: requests or limits
    #[arg(
        long,
        value_name = "WHICH",
        default_value = "requests",
        hide_default_value = true,
        hide_possible_values = true
    )]
    quota_keys: QuotaKeys,
}

pub(crate) fn run(args: &ExportArgs, common: &Common, session: &Session) -> Result<Exit> {
    if common.all_clusters || !common.contexts.is_empty() {
        return Err(UsageError::new("export reads one cluster: name it with --context").into());
    }
    let format = format_of(args, common);
    let objects = match format.as_str() {
        "xlsx" | "csv" => None,
        other => Some(Format::<ProjectQuotaList>::parse(other, |file| fs::read_to_string(file))?),
    };
    if format == "xlsx" && args.output_file.is_none() && io::stdout().is_terminal() {
        return Err(UsageError::new(
            "a spreadsheet is nothing to show on a terminal: name a file with --output-file",
        )
        .into());
    }
    let projects = block_on(read(common, session))??;
    let written = |out: &mut dyn io::Write| -> Result<()> {
        match &objects {
            Some(format) => {
                let list = ProjectQuotaList::new(projects.iter().map(plain).collect());
                format.render(&list, &crate::usage::options(common, session), out)?;
            }
            None => write(&table::write(&projects, args.quota_keys.into(), args.lang.into()), &format, out)?,
        }
        Ok(())
    };
    if let Some(file) = &args.output_file {
        replace(file, written)?;
    } else {
        let mut out = io::BufWriter::new(io::stdout().lock());
        written(&mut out)?;
        out.flush()?;
    }
    Ok(Exit::Ok)
}

fn format_of(args: &ExportArgs, common: &Common) -> String {
    if !common.output.is_empty() {
        return common.output.clone();
    }
    let extension = args.output_file.as_ref().and_then(|file| file.extension()?.to_str());
    match extension.map(str::to_lowercase).as_deref() {
        Some("xlsx") => "xlsx",
        Some("yaml" | "yml") => "yaml",
        Some("json") => "json",
        _ => "csv",
    }
    .to_owned()
}

async fn read(common: &Common, session: &Session) -> Result<Vec<ProjectQuota>> {
    let (connection, discovery) = open(common, session).await?;
    let store = ProjectQuotas::new(&connection, &discovery).map_err(passmuster::cluster::Error::from)?;
    Ok(store.list().await?)
}

/// What is to be applied elsewhere: nothing that only this cluster knows.
fn plain(object: &ProjectQuota) -> ProjectQuota {
    ProjectQuota::new(object.metadata.name.clone(), object.spec.clone())
}

fn write(sheet: &Sheet, format: &str, out: &mut dyn io::Write) -> Result<()> {
    if format == "xlsx" {
        write_xlsx(std::slice::from_ref(sheet), out)?;
    } else {
        write_csv(sheet, Csv::default(), out)?;
    }
    Ok(())
}

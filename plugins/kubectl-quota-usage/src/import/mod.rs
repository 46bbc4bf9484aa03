//! `kubectl quota-usage import`: project quotas out of a spreadsheet, a manifest or another product's objects.
//!
//! What is wanted is compared with what is there; nothing is written before all of it is known to be right.

mod apply;
mod args;
mod file;
mod found;
mod product;
mod show;

use std::{
    io::{self, Write as _},
    path::Path,
};

use anyhow::{Result, anyhow, bail};
use passmuster::{
    cli::{
        Exit, Session, UsageError, block_on,
        output::{self, partial},
    },
    cluster::{Connection, Error, ProjectQuotas, connect},
    model::discovery::Discovery,
    quota::{
        project::{
            Action, Change, Definition, Merging, ProjectQuota, ProjectQuotaList, plan, table::template,
        },
        sheet::{Csv, write_csv, write_xlsx},
    },
    report::Format,
    text::neutral,
};

use args::DryRun;
pub(crate) use args::{ImportArgs, Lang, QuotaKeys};
use found::{Found, failures};

use crate::args::Common;

pub(crate) fn run(args: &ImportArgs, common: &Common, session: &Session) -> Result<Exit> {
    if args.definition {
        return print_definition();
    }
    if let Some(file) = &args.template {
        return write_template(file, args.lang);
    }
    if args.file.is_none() && args.from.is_none() {
        return Err(
            UsageError::new("name a FILE to import, a product with --from, or --template FILE").into()
        );
    }
    if args.dry_run != DryRun::None && !args.apply {
        return Err(UsageError::new(
            "--dry-run says how --apply is done: without --apply nothing is written",
        )
        .into());
    }
    if common.all_clusters || !common.contexts.is_empty() {
        return Err(UsageError::new("import writes to one cluster: name it with --context").into());
    }
    block_on(import(args, common, session))?
}

async fn import(args: &ImportArgs, common: &Common, session: &Session) -> Result<Exit> {
    let merging = Merging { prune: args.prune, label: args.project_label.clone() };
    if let Some(file) = &args.file {
        // Whatever is wrong with the file is told before any cluster is asked.
        let found = file::in_file(file, args)?;
        if !common.output.is_empty() && common.output != "table" {
            return print_objects(&found, &merging, common, session);
        }
        let (connection, discovery) = open(common, session).await?;
        return compare(found, &merging, args, common, &connection, &discovery).await;
    }
    let (connection, discovery) = open(common, session).await?;
    let product = args.from.as_deref().unwrap_or_default();
    let found = product::of_product(product, &connection, &discovery).await?;
    if !common.output.is_empty() && common.output != "table" {
        return print_objects(&found, &merging, common, session);
    }
    compare(found, &merging, args, common, &connection, &discovery).await
}

pub(crate) async fn open(common: &Common, session: &Session) -> Result<(Connection, Discovery)> {
    let connection = connect(&session.prepare(&common.options.connect, true), &session.env).await?;
    let discovery = Discovery::fetch(&connection).await?;
    Ok((connection, discovery))
}

/// Shows what would change, or changes it.
async fn compare(
    found: Found,
    merging: &Merging,
    args: &ImportArgs,
    common: &Common,
    connection: &Connection,
    discovery: &Discovery,
) -> Result<Exit> {
    if merging.prune && !found.is_complete() {
        found.tell()?;
        bail!(
            "not everything could be read, so that --prune could delete what was to stay: leave it out, or mend that first"
        );
    }
    let store = match ProjectQuotas::new(connection, discovery) {
        Ok(store) => Some(store),
        Err(error) if args.apply => return Err(no_kind(error.into())),
        Err(_) => None,
    };
    let before = match &store {
        Some(store) => store.list().await?,
        None => Vec::new(),
    };
    let changes = plan(&found.wanted(), &before, merging);
    check(&found, &changes)?;
    found.tell()?;
    match store {
        Some(store) if args.apply => {
            apply::apply(&store, &changes, args).await?;
        }
        _ => {
            show::changes(&changes, !common.no_headers)?;
            if store.is_none() {
                writeln!(
                    io::stderr(),
                    "note: the server doesn't know ProjectQuota yet: {}",
                    args::HOW_TO_DEFINE
                )?;
            }
        }
    }
    let differs = changes.iter().any(|change| change.action != Action::Unchanged);
    Ok(match (differs && !args.apply && common.exit_code, !found.is_complete() && common.strict) {
        (true, _) => Exit::Gate,
        (_, true) => Exit::Partial,
        _ => Exit::Ok,
    })
}

fn no_kind(error: Error) -> anyhow::Error {
    anyhow!(error).context(format!("the definition of ProjectQuota is not there: {}", args::HOW_TO_DEFINE))
}

/// What is wrong with what is wanted, all of it.
fn check(found: &Found, changes: &[Change]) -> Result<()> {
    let mut wrong = Vec::new();
    for change in changes.iter().filter(|change| change.action != Action::Removed) {
        let place = found.place(&change.name);
        wrong.extend(
            change.object.spec.problems().into_iter().map(|problem| {
                anyhow!("{}", neutral(&format!("{place}: project {}: {problem}", change.name)))
            }),
        );
    }
    if wrong.is_empty() { Ok(()) } else { Err(failures(wrong.into_iter())) }
}

fn print_objects(found: &Found, merging: &Merging, common: &Common, session: &Session) -> Result<Exit> {
    let format = Format::<ProjectQuotaList>::parse(&common.output, |file| std::fs::read_to_string(file))?;
    let changes = plan(&found.wanted(), &[], merging);
    check(found, &changes)?;
    let objects: Vec<ProjectQuota> = changes.into_iter().map(|change| change.object).collect();
    output::print(&format, &ProjectQuotaList::new(objects), &crate::usage::options(common, session))?;
    found.tell()?;
    Ok(if !found.is_complete() && common.strict { Exit::Partial } else { Exit::Ok })
}

fn print_definition() -> Result<Exit> {
    let format = Format::<Definition>::parse("yaml", |_| Ok(String::new()))?;
    let options = passmuster::report::Options { colour: false, headers: true, width: None, now: None };
    output::print(&format, &Definition::default(), &options)?;
    Ok(Exit::Ok)
}

fn write_template(file: &Path, lang: Lang) -> Result<Exit> {
    let sheets = template(lang.into());
    if file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv")) {
        // Excel is what such files are filled in with.
        output::replace(file, |out| Ok(write_csv(&sheets[0], Csv { mark: true }, out)?))?;
    } else if file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("xlsx")) {
        output::replace(file, |out| Ok(write_xlsx(&sheets, out)?))?;
    } else {
        return Err(UsageError::new(format!(
            "--template writes .xlsx and .csv files, not {:?}",
            file.display()
        ))
        .into());
    }
    writeln!(io::stderr(), "{} is written: fill it in, and import it", neutral(&file.display().to_string()))?;
    Ok(Exit::Ok)
}

/// What could not be read, in one line on standard error.
pub(crate) fn tell_skipped(skipped: &[passmuster::model::Skipped]) -> Result<()> {
    if let Some(line) = partial(skipped) {
        writeln!(io::stderr(), "{line}")?;
    }
    Ok(())
}

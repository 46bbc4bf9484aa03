//! `kubectl quota-usage`: rows of what is allowed, charged, asked for and used.

mod args;
mod peaks;
mod rates;
mod read;
mod settings;

use std::{
    fs,
    io::{self, Write as _},
    time::Duration,
};

use anyhow::{Result, bail};
use passmuster::{
    cli::{
        Exit, Session, Terminal, block_on, describe,
        output::{self, Screen},
        told_to_end,
    },
    cluster::parse_timeout,
    model::Skipped,
    quota::QuotaUsage,
    report::{Format, Options},
};

pub(crate) use args::UsageArgs;
pub(crate) use read::read;
pub(crate) use settings::Settings;

use crate::args::Common;

/// How often a watch reads anew when `--every` does not say.
const EVERY: Duration = Duration::from_secs(5);

/// Runs what the arguments ask for.
pub(crate) fn run(args: &UsageArgs, common: &Common, session: &Session) -> Result<Exit> {
    if args.rates {
        return rates::run(args, common, session);
    }
    let format = Format::<QuotaUsage>::parse(&common.output, |file| fs::read_to_string(file))?;
    let settings = Settings::of(args, common, session)?;
    if !args.watch {
        let usage = block_on(read(&settings, common, session))??;
        return show(&usage, &format, &settings, args, common, session);
    }
    let every = args.every.as_deref().map(parse_every).transpose()?.unwrap_or(EVERY);
    block_on(watch(&settings, &format, every, args, common, session))?
}

/// Reads again and again, until the process is told to end. A reading that fails is told of, and the next tried; only
/// the first must succeed.
async fn watch(
    settings: &Settings,
    format: &Format<QuotaUsage>,
    every: Duration,
    args: &UsageArgs,
    common: &Common,
    session: &Session,
) -> Result<Exit> {
    let mut screen = Screen::new(true);
    let mut usage = read(settings, common, session).await?;
    loop {
        let options = options(common, session);
        if let Some(file) = &args.output_file {
            output::replace(file, |out| Ok(format.render(&usage, &options, out)?))?;
        } else {
            screen.show(format, &usage, &skipped(&usage), &options)?;
        }
        screen.tell(&skipped(&usage))?;
        usage = loop {
            tokio::select! {
                () = tokio::time::sleep(every) => {}
                () = told_to_end() => return Ok(Exit::Ok),
            }
            match read(settings, common, session).await {
                Ok(usage) => break usage,
                Err(error) => writeln!(io::stderr(), "{}", describe(&error, &session.command))?,
            }
        };
    }
}

fn show(
    usage: &QuotaUsage,
    format: &Format<QuotaUsage>,
    settings: &Settings,
    args: &UsageArgs,
    common: &Common,
    session: &Session,
) -> Result<Exit> {
    let options = options(common, session);
    let failed = usage.clusters.iter().any(|cluster| cluster.error.is_some());
    if let Some(file) = &args.output_file {
        output::replace(file, |out| Ok(format.render(usage, &options, out)?))?;
    } else if usage.rows.is_empty() && !failed && format.name() == "table" {
        writeln!(io::stderr(), "{}", nothing(settings))?;
    } else {
        output::print(format, usage, &options)?;
    }
    let skipped = skipped(usage);
    if let Some(line) = output::partial(&skipped) {
        writeln!(io::stderr(), "{line}")?;
    }
    // Of none of the clusters there is anything to say.
    if failed && usage.clusters.iter().all(|cluster| cluster.error.is_some()) {
        return Ok(Exit::Failed);
    }
    let hit = settings.rows.threshold.is_some() && !usage.rows.is_empty();
    Ok(match (hit && common.exit_code, (failed || !skipped.is_empty()) && common.strict) {
        (true, _) => Exit::Gate,
        (_, true) => Exit::Partial,
        _ => Exit::Ok,
    })
}

fn nothing(settings: &Settings) -> &'static str {
    if settings.rows.threshold.is_some() { "Nothing is over the threshold." } else { "No resources found" }
}

/// What could not be read of any cluster that answered; of several, with the cluster's name.
fn skipped(usage: &QuotaUsage) -> Vec<Skipped> {
    let several = usage.clusters.len() > 1;
    let named = |cluster: &str, skipped: &Skipped| Skipped {
        resource: if several { format!("{cluster}: {}", skipped.resource) } else { skipped.resource.clone() },
        ..skipped.clone()
    };
    let all = usage.clusters.iter();
    all.flat_map(|cluster| cluster.skipped.iter().map(|skipped| named(&cluster.name, skipped))).collect()
}

/// What an output may know of the terminal.
pub(crate) fn options(common: &Common, session: &Session) -> Options {
    let Terminal { color, width, .. } = session.stdout.measured_again();
    Options { colour: color, headers: !common.no_headers, width, now: None }
}

fn parse_every(text: &str) -> Result<Duration> {
    match parse_timeout(text) {
        Ok(Some(every)) => Ok(every),
        _ => bail!("--every takes a duration such as 30s or 5m, not {text:?}"),
    }
}

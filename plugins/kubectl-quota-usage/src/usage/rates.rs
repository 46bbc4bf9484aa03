//! How full each group was, day by day, as a spreadsheet.

use std::{
    collections::BTreeSet,
    io::{self, BufWriter, Write},
    str::FromStr,
};

use anyhow::Result;
use jiff::civil::Date;
use passmuster::{
    cli::{Exit, Session, UsageError, block_on, output},
    quota::{
        QuotaUsage,
        daily::Daily,
        peak::Period,
        sheet::{Csv, Sheet, write_csv, write_xlsx},
    },
    report::rates::{Lang, Layout, rates},
};

use super::{Settings, UsageArgs, read, skipped};
use crate::{args::Common, daily};

/// More days than this are a mistake in a range.
const MOST_DAYS: usize = 400;

/// Writes the sheets.
pub(super) fn run(args: &UsageArgs, common: &Common, session: &Session) -> Result<Exit> {
    let write: fn(&[Sheet], &mut dyn Write) -> Result<()> = match common.output.as_str() {
        "xlsx" => |sheets, out| Ok(write_xlsx(sheets, out)?),
        "" | "csv" => |sheets, out| {
            // Excel takes a file without the mark for one of its own code page; what failed is told on standard error.
            sheets.first().map_or(Ok(()), |sheet| Ok(write_csv(sheet, Csv { mark: true }, out)?))
        },
        other => {
            return Err(UsageError::new(format!("--rates are written as csv or xlsx, not {other:?}")).into());
        }
    };
    let mut settings = Settings::of(args, common, session)?;
    let lang = args.lang.as_ref().or(settings.config.quota.lang.as_ref());
    let (lang, layout): (Lang, Layout) = (word("--lang", lang)?, word("--layout", args.layout.as_ref())?);
    if layout == Layout::Sheets && common.output != "xlsx" {
        return Err(UsageError::new("--layout sheets needs -o xlsx: csv has one sheet").into());
    }
    let files = std::mem::take(&mut settings.daily);
    let dates = dates(&args.dates, &files)?;
    let (mut days, mut partial) = (Vec::new(), false);
    for date in dates {
        let of_day = |file: &&Daily| file.date == date;
        settings.daily = files.iter().filter(of_day).cloned().collect();
        if let Some(peaks) = &mut settings.peaks {
            (peaks.period, peaks.until) = (Period::default(), Some(daily::end(date)?));
        }
        let usage = block_on(read(&settings, common, session))??;
        partial |= told(&usage, date)?;
        days.push((date, usage));
    }
    let sheets = rates(&days, lang, layout);
    if let Some(file) = &args.output_file {
        output::replace(file, |out| write(&sheets, out))?;
    } else {
        let mut out = BufWriter::new(io::stdout().lock());
        write(&sheets, &mut out)?;
        out.flush()?;
    }
    Ok(if partial && common.strict { Exit::Partial } else { Exit::Ok })
}

/// Says what could not be read for a day, and whether there was anything.
fn told(usage: &QuotaUsage, date: Date) -> Result<bool> {
    let line = output::partial(&skipped(usage));
    if let Some(line) = &line {
        writeln!(io::stderr(), "{date}: {line}")?;
    }
    Ok(line.is_some() || usage.clusters.iter().any(|cluster| cluster.error.is_some()))
}

fn word<T: FromStr + Default>(flag: &str, text: Option<&String>) -> Result<T>
where
    T::Err: std::fmt::Display,
{
    let parse =
        |text: &String| text.parse().map_err(|error: T::Err| UsageError::new(format!("{flag}: {error}")));
    Ok(text.map(parse).transpose()?.unwrap_or_default())
}

/// The days that are named, each once, in order; otherwise those of the files, otherwise yesterday.
fn dates(named: &[String], files: &[Daily]) -> Result<Vec<Date>> {
    let mut dates = BTreeSet::new();
    for text in named {
        let (first, last) = text.split_once("..").unwrap_or((text, text));
        let (first, last) = (daily::day(Some(first))?, daily::day(Some(last))?);
        if last < first {
            return Err(UsageError::new(format!("--dates: {first} is after {last}")).into());
        }
        dates.extend(first.series(jiff::ToSpan::day(1)).take_while(|date| *date <= last).take(MOST_DAYS + 1));
        if dates.len() > MOST_DAYS {
            return Err(UsageError::new(format!("--dates: at most {MOST_DAYS} days at once")).into());
        }
    }
    if dates.is_empty() {
        dates.extend(files.iter().map(|file| file.date));
    }
    if dates.is_empty() {
        dates.insert(daily::day(None)?);
    }
    Ok(dates.into_iter().collect())
}

use std::{
    fmt::Write as _,
    io::{self, Write},
};

use anstyle::{AnsiColor, Style};

use super::{
    Field, Level, Line, Value,
    fit::{GAP, Widths, has_bar},
    lines, telling_totals,
};
use crate::{
    quota::{QuotaUsage, Rate, Row},
    report::Options,
    text::{neutral, squeeze, truncate, width},
};

const RED: Style = AnsiColor::Red.on_default();
const BOLD: Style = Style::new().bold();
/// What stands in a table where there is nothing, so that columns can be told apart by programs, too.
const NOTHING: &str = "-";
/// What the first column says of totals.
const TOTAL: &str = "total";

/// Writes lines in columns: `wide` with all of them. On a terminal no line is wider than it.
pub(in crate::report) fn draw(
    usage: &QuotaUsage,
    wide: bool,
    options: &Options,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let mut out = io::BufWriter::with_capacity(1 << 16, out);
    let fields: Vec<Field> =
        Field::with_content(usage).into_iter().filter(|field| wide || !field.is_extra()).collect();
    let lines = lines(usage);
    let totals = telling_totals(usage);
    let rows = lines.iter().filter_map(|line| match line {
        Line::Row(row) => Some(row_cells(row, &fields)),
        Line::Failed(..) => None,
    });
    let headers: Vec<String> =
        fields.iter().map(|field| neutral(&field.header(usage)).into_owned()).collect();
    let totals: Vec<Vec<String>> = totals.iter().map(|row| total_cells(row, &fields)).collect();
    let rows: Vec<Vec<String>> = rows.collect();
    let takes: Vec<usize> = (0..fields.len())
        .map(|at| {
            let header = headers.get(at).filter(|_| options.headers && !rows.is_empty());
            let cells = rows.iter().chain(&totals).filter_map(|cells| cells.get(at));
            cells.chain(header).map(|text| width(text)).max().unwrap_or_default()
        })
        .collect();
    let widths = Widths::fit(&fields, &takes, options.width);
    let table = Table { fields: &fields, widths: &widths, options };
    if options.headers && !rows.is_empty() {
        table.line(&headers, |_| Style::new(), |_| None, &mut out)?;
    }
    let mut cells = rows.iter();
    for line in &lines {
        match line {
            Line::Row(row) => {
                if let Some(cells) = cells.next() {
                    table.row(row, cells, Style::new(), &mut out)?;
                }
            }
            Line::Failed(cluster, error) => table.failed(&cluster.name, error, &mut out)?,
        }
    }
    if !totals.is_empty() {
        writeln!(out)?;
    }
    for (row, cells) in telling_totals(usage).iter().zip(&totals) {
        table.row(row, cells, BOLD, &mut out)?;
    }
    out.flush()
}

fn row_cells(row: &Row, fields: &[Field]) -> Vec<String> {
    let cell = |field: &Field| match field.value(row) {
        Value::Nothing => NOTHING.to_owned(),
        Value::Text(text) => neutral(text).into_owned(),
        Value::Amount(amount) => amount.human().to_string(),
        Value::Rate(rate) => rate.to_string(),
    };
    fields.iter().map(cell).collect()
}

/// A total's row has no names but what it is.
fn total_cells(row: &Row, fields: &[Field]) -> Vec<String> {
    let mut cells = row_cells(row, fields);
    for (at, (cell, field)) in cells.iter_mut().zip(fields).enumerate() {
        if at == 0 && *field < Field::Resource {
            TOTAL.clone_into(cell);
        } else if *field < Field::Resource {
            cell.clear();
        }
    }
    cells
}

struct Table<'a> {
    fields: &'a [Field],
    widths: &'a Widths,
    options: &'a Options,
}

impl Table<'_> {
    fn row(&self, row: &Row, cells: &[String], names: Style, out: &mut impl Write) -> io::Result<()> {
        let rate = |at: usize| match self.fields.get(at)?.value(row) {
            Value::Rate(rate) => Some(rate),
            _ => None,
        };
        let style = |at: usize| match (self.fields.get(at), rate(at)) {
            (Some(Field::Rate | Field::PeakRate), Some(rate)) => colour(Level::of(rate)),
            (Some(field), _) if *field < Field::Hard => names,
            _ => Style::new(),
        };
        self.line(
            cells,
            style,
            |at| rate(at).filter(|_| self.fields.get(at).copied().is_some_and(has_bar)),
            out,
        )
    }

    /// Cells in their columns; nothing is written after the last.
    fn line(
        &self,
        cells: &[String],
        style: impl Fn(usize) -> Style,
        rate: impl Fn(usize) -> Option<Rate>,
        out: &mut impl Write,
    ) -> io::Result<()> {
        let limit = self.options.width.unwrap_or(usize::MAX);
        let (mut text, mut used, mut pad) = (String::new(), 0, 0);
        for (at, (cell, column)) in cells.iter().zip(&self.widths.columns).enumerate() {
            if *column == 0 {
                continue;
            }
            let bars = if self.fields.get(at).copied().is_some_and(has_bar) { self.widths.bar } else { 0 };
            let mut shown = match self.fields.get(at) {
                // Percents stand below each other where bars follow.
                Some(_) if bars > 0 => format!("{cell:<column$}"),
                _ => squeeze(cell, *column).into_owned(),
            };
            if let Some(rate) = rate(at).filter(|_| bars > 0) {
                shown = format!("{cell:>column$} {}", bar(rate, bars - 1));
            }
            let kept = truncate(shown.trim_end(), limit.saturating_sub(used + pad)).into_owned();
            if !kept.is_empty() {
                text.extend(std::iter::repeat_n(' ', pad));
                used += pad + width(&kept);
                pad = 0;
                self.paint(&kept, style(at), &mut text);
            }
            pad += (column + bars + GAP).saturating_sub(width(&kept));
        }
        writeln!(out, "{text}")
    }

    fn failed(&self, cluster: &str, error: &str, out: &mut impl Write) -> io::Result<()> {
        let limit = self.options.width.unwrap_or(usize::MAX);
        let first = self.widths.columns.first().copied().unwrap_or_default();
        let is_cluster = self.fields.first() == Some(&Field::Cluster);
        let name = neutral(cluster);
        let name = if is_cluster && first > 0 { squeeze(&name, first.max(8)) } else { name };
        let pad = if is_cluster { first.saturating_sub(width(&name)) + GAP } else { GAP };
        let name = truncate(&name, limit);
        let mut text = name.clone().into_owned();
        let error = format!("error: {}", neutral(error));
        let error = truncate(&error, limit.saturating_sub(width(&name) + pad)).into_owned();
        if !error.is_empty() {
            text.extend(std::iter::repeat_n(' ', pad));
            self.paint(&error, RED, &mut text);
        }
        writeln!(out, "{text}")
    }

    fn paint(&self, text: &str, style: Style, line: &mut String) {
        if self.options.colour && style != Style::new() {
            let _ = write!(line, "{}{text}{}", style.render(), style.render_reset());
        } else {
            line.push_str(text);
        }
    }
}

fn colour(level: Level) -> Style {
    match level {
        Level::Calm => AnsiColor::Green.on_default(),
        Level::High => AnsiColor::Yellow.on_default(),
        Level::Full => RED,
    }
}

/// A bar in eighths of a column; what is more than full is full.
fn bar(rate: Rate, columns: usize) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let most = columns * 8;
    // Anything is more than nothing, and only what is full is full.
    let percent = usize::try_from(rate.percent().clamp(0, 100)).unwrap_or_default();
    let least = usize::from(rate > Rate::default());
    let eighths =
        if percent >= 100 { most } else { (percent * most / 100).clamp(least, most.saturating_sub(1)) };
    format!("{}{}", "█".repeat(eighths / 8), EIGHTHS.get(eighths % 8).copied().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_as_long_as_rates_are_large() {
        for (percent, text) in [
            (0, ""),
            (1, "▏"),
            (25, "██▌"),
            (50, "█████"),
            (99, "█████████▉"),
            (100, "██████████"),
            (250, "██████████"),
        ] {
            assert_eq!(bar(Rate::from_percent(percent), 10), text, "{percent}");
        }
    }
}

use std::{borrow::Cow, io};

use csv::{IntoInnerError, Terminator, WriterBuilder};

use crate::quota::sheet::{Cell, Sheet};

/// How a csv file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Csv {
    /// Whether it begins with the mark by which Excel knows UTF-8; without it, Excel shows letters that are not
    /// ASCII as others. Programs that read csv mostly take it for part of the first heading.
    pub mark: bool,
}

/// What a spreadsheet takes for the beginning of something to compute.
const COMPUTED: [char; 6] = ['=', '+', '-', '@', '＝', '＠'];

/// Writes a sheet as RFC 4180 has it: UTF-8, commas, lines that end in CR LF, quotes where they are needed.
///
/// A spreadsheet takes text that begins with `=`, `+`, `-` or `@` for a formula, and whoever may name an object in a
/// cluster could write one. Such text, and no number, begins with an apostrophe, which spreadsheets hide and
/// [`read`](super::super::read) takes away.
pub fn write_csv(sheet: &Sheet, how: Csv, out: &mut dyn io::Write) -> io::Result<()> {
    if how.mark {
        out.write_all("\u{feff}".as_bytes())?;
    }
    let mut writer = WriterBuilder::new().flexible(true).terminator(Terminator::CRLF).from_writer(out);
    for row in &sheet.rows {
        writer.write_record(row.iter().map(|cell| field(cell).into_owned()))?;
    }
    writer.into_inner().map_err(IntoInnerError::into_error)?.flush()
}

fn field(cell: &Cell) -> Cow<'_, str> {
    match cell {
        Cell::Empty => Cow::Borrowed(""),
        Cell::Number(text) => Cow::Borrowed(text),
        Cell::Bool(value) => Cow::Borrowed(if *value { "TRUE" } else { "FALSE" }),
        Cell::Date(date) => Cow::Owned(date.to_string()),
        // Formulas and errors are nothing of ours; as text, they harm nobody.
        Cell::Text(text) | Cell::Formula(text) | Cell::Error(text) => guarded(text),
    }
}

/// Whether text would be computed, apostrophes and spaces before it left aside.
fn computed(text: &str) -> bool {
    text.trim_start_matches(|character: char| character == '\'' || character.is_whitespace())
        .starts_with(COMPUTED)
}

/// Text that no spreadsheet computes.
fn guarded(text: &str) -> Cow<'_, str> {
    if computed(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// Text without the apostrophe that guards it.
pub(in crate::quota::sheet) fn unguarded(text: Cow<'_, str>) -> Cow<'_, str> {
    match text.strip_prefix('\'').filter(|rest| computed(rest)) {
        Some(rest) => Cow::Owned(rest.to_owned()),
        None => text,
    }
}

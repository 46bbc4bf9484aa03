use std::io;

use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format as Look, FormatAlign, Workbook, Worksheet, XlsxError,
};

use crate::{
    quota::sheet::{Address, Block, Cell, Format, Sheet, SheetError, Text},
    text::width,
};

/// The widest that a column is made for its text.
const WIDEST: u16 = 60;
/// What Excel takes at most in one cell.
const LONGEST: usize = 32_767;

/// Writes sheets as a spreadsheet: numbers as numbers, text as text, whatever it begins with. The same sheets are the
/// same bytes: the file does not say when it was made.
///
/// Spreadsheets keep numbers as floating-point numbers of 64 bits; more than 15 digits may come out as their nearest.
pub fn write_xlsx(sheets: &[Sheet], out: &mut dyn io::Write) -> Result<(), WriteError> {
    let mut book = Workbook::new();
    let epoch = ExcelDateTime::from_ymd(2000, 1, 1)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&epoch));
    for sheet in sheets {
        let page = book.add_worksheet();
        page.set_name(&sheet.name)?;
        fill(page, sheet)?;
    }
    if sheets.is_empty() {
        book.add_worksheet();
    }
    Ok(out.write_all(&book.save_to_buffer()?)?)
}

/// Why a spreadsheet could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The writer failed.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// A cell holds more than a spreadsheet takes.
    #[error(transparent)]
    Cell(#[from] SheetError),
    /// The sheets make no spreadsheet, such as two of the same name.
    #[error("the sheets make no xlsx file: {0}")]
    Format(#[from] XlsxError),
}

fn fill(page: &mut Worksheet, sheet: &Sheet) -> Result<(), WriteError> {
    let columns = sheet.rows.iter().map(Vec::len).max().unwrap_or_default();
    let looks = Looks {
        heading: Look::new().set_bold().set_align(FormatAlign::Top),
        day: Look::new().set_num_format("yyyy-mm-dd"),
        plain: Look::new(),
        numbers: (0..columns)
            .map(|at| look(sheet.columns.get(at).copied().unwrap_or_default().format))
            .collect(),
    };
    for (cells, row) in sheet.rows.iter().zip(0_u32..) {
        let is_heading = usize::try_from(row).is_ok_and(|row| row < sheet.headings);
        let text = if is_heading { &looks.heading } else { &looks.plain };
        for (cell, column) in cells.iter().zip(0_u16..) {
            if let Cell::Text(long) = cell
                && long.encode_utf16().count() > LONGEST
            {
                let place = sheet.place("", Address { row, column: u32::from(column) });
                let message = format!("text of more than {LONGEST} characters, which no spreadsheet takes");
                return Err(SheetError::new(place, message).into());
            }
            put(page, (row, column), cell, text, &looks)?;
        }
    }
    for Block { first, last } in &sheet.merged {
        let narrow = |column: u32| u16::try_from(column).unwrap_or(u16::MAX);
        let text = match sheet.cell(*first).read() {
            Text::Is(text) => text.into_owned(),
            Text::Empty | Text::Untrusted => String::new(),
        };
        page.merge_range(
            first.row,
            narrow(first.column),
            last.row,
            narrow(last.column),
            &text,
            &looks.plain,
        )?;
    }
    for (column, at) in (0..columns).zip(0_u16..) {
        let wanted = sheet.columns.get(column).map_or(0, |column| column.width);
        page.set_column_width(at, if wanted > 0 { wanted } else { takes(sheet, column) })?;
    }
    Ok(frame(page, sheet, columns)?)
}

/// How cells look.
struct Looks {
    heading: Look,
    day: Look,
    plain: Look,
    /// Of each column.
    numbers: Vec<Look>,
}

fn put(
    page: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &Cell,
    text_look: &Look,
    looks: &Looks,
) -> Result<(), XlsxError> {
    match cell {
        Cell::Empty => {}
        Cell::Text(text) | Cell::Formula(text) | Cell::Error(text) => {
            page.write_string_with_format(row, column, text, text_look)?;
        }
        Cell::Number(text) => match text.parse::<f64>() {
            Ok(number) if number.is_finite() => {
                let look = looks.numbers.get(usize::from(column)).unwrap_or(&looks.plain);
                page.write_number_with_format(row, column, number, look)?;
            }
            _ => {
                page.write_string_with_format(row, column, text, text_look)?;
            }
        },
        Cell::Bool(value) => {
            page.write_boolean(row, column, *value)?;
        }
        Cell::Date(date) => {
            let part = |number: i8| u8::try_from(number).unwrap_or_default();
            let year = u16::try_from(date.year()).unwrap_or_default();
            match ExcelDateTime::from_ymd(year, part(date.month()), part(date.day())) {
                Ok(serial) => page.write_datetime_with_format(row, column, serial, &looks.day)?,
                // Before 1900: no spreadsheet counts such days.
                Err(_) => page.write_string_with_format(row, column, date.to_string(), &looks.plain)?,
            };
        }
    }
    Ok(())
}

/// Headings that stay where they are, on the screen and on paper, and filter what is below them.
fn frame(page: &mut Worksheet, sheet: &Sheet, columns: usize) -> Result<(), XlsxError> {
    let last = |count: usize| count.checked_sub(1).and_then(|last| u32::try_from(last).ok());
    let (Some(row), Some(column), Some(heading)) =
        (last(sheet.rows.len()), last(columns), last(sheet.headings.min(sheet.rows.len())))
    else {
        return Ok(());
    };
    page.set_freeze_panes(heading + 1, 0)?;
    page.set_repeat_rows(0, heading)?;
    page.set_landscape();
    page.set_print_fit_to_pages(1, 0);
    if row > heading {
        page.autofilter(heading, 0, row, u16::try_from(column).unwrap_or(u16::MAX))?;
    }
    Ok(())
}

fn look(format: Format) -> Look {
    match format {
        Format::General => Look::new(),
        // A comma behind the digits is three digits less.
        Format::Amount => {
            Look::new().set_num_format("[>=1000000000]#,##0.00,,,\" G\";[>=1000000]#,##0.00,,\" M\";General")
        }
        Format::Rate => Look::new().set_num_format("0.0000000000"),
        Format::Percent => Look::new().set_num_format("0.0%"),
    }
}

/// Characters that a column's cells take, and the button that filters them.
fn takes(sheet: &Sheet, column: usize) -> u16 {
    let of = |cell: &Cell| match cell {
        Cell::Text(text) => text.lines().map(width).max().unwrap_or_default(),
        Cell::Number(text) => match sheet.columns.get(column).map(|column| column.format) {
            Some(Format::Percent) => 8,
            Some(Format::Rate) => 13,
            Some(Format::Amount) => 10,
            _ => text.len(),
        },
        Cell::Date(_) => 10,
        _ => 6,
    };
    let most = sheet.rows.iter().filter_map(|row| row.get(column)).map(of).max().unwrap_or_default();
    let headings = sheet.rows.iter().take(sheet.headings).filter_map(|row| row.get(column)).map(of).max();
    let wanted = most.max(headings.unwrap_or_default() + 3) + 1;
    u16::try_from(wanted).unwrap_or(WIDEST).clamp(6, WIDEST)
}

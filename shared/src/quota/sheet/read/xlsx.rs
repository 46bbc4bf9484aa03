use std::io::Cursor;

use calamine::{DataRef, ExcelDateTime, Reader as _, SheetType, Xlsx, XlsxError};
use jiff::civil::{Date, DateTime};

use super::{
    Limits,
    grid::{Grid, Room},
};
use crate::quota::sheet::{Address, Block, Cell, Place, Sheet, SheetError};

pub(super) fn read(bytes: &[u8], name: &str, limits: Limits) -> Result<Vec<Sheet>, SheetError> {
    let place = |sheet: &str| Place { file: name.to_owned(), sheet: sheet.to_owned(), block: None };
    let damaged = |sheet: &str, error: XlsxError| {
        SheetError::new(place(sheet), format!("the file is damaged: {error}"))
    };
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|error| damaged("", error))?;
    let mut room = Room::new(limits.cells);
    let mut sheets = Vec::new();
    let worksheets = book.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    let names: Vec<String> = worksheets.map(|sheet| sheet.name.clone()).collect();
    for sheet in names {
        let damaged = |error| damaged(&sheet, error);
        let mut grid = Grid::new();
        let since_1904 = book.has_1904_epoch();
        let mut cells = book.worksheet_cells_reader(&sheet).map_err(damaged)?;
        while let Some(record) = cells.next_cell_with_formula_metadata().map_err(damaged)? {
            let at = Address { row: record.pos.0, column: record.pos.1 };
            let cell = match record.formula {
                Some(formula) => Cell::Formula(formula_text(&formula)),
                None => cell(record.value, since_1904),
            };
            grid.put(at, cell, &mut room, || place(&sheet))?;
        }
        drop(cells);
        let merged = book.merge_cells_by_sheet_name(&sheet).map_err(damaged)?.into_iter();
        let corner = |(row, column)| Address { row, column };
        let mut merged: Vec<Block> =
            merged.map(|range| Block { first: corner(range.start), last: corner(range.end) }).collect();
        merged.sort_unstable();
        sheets.push(Sheet { name: sheet, rows: grid.rows, merged, ..Sheet::default() });
    }
    Ok(sheets)
}

fn formula_text(formula: &calamine::XlsxFormulaMetadata) -> String {
    match formula {
        calamine::XlsxFormulaMetadata::Normal { formula }
        | calamine::XlsxFormulaMetadata::Shared { formula, .. } => format!("={formula}"),
        // Its text stands in another cell.
        _ => "=…".to_owned(),
    }
}

fn cell(value: DataRef<'_>, since_1904: bool) -> Cell {
    match value {
        DataRef::Empty => Cell::Empty,
        DataRef::Int(number) => Cell::Number(number.to_string()),
        DataRef::Float(number) => float(number),
        DataRef::String(text) | DataRef::DurationIso(text) => Cell::text(text),
        DataRef::SharedString(text) => Cell::text(text),
        DataRef::Bool(value) => Cell::Bool(value),
        DataRef::DateTime(moment) => day(moment, since_1904),
        DataRef::DateTimeIso(text) => iso(&text),
        DataRef::Error(error) => Cell::Error(error.to_string()),
    }
}

/// In the fewest digits that mean the same floating-point number.
fn float(number: f64) -> Cell {
    if number.is_finite() {
        Cell::Number((number + 0.0).to_string())
    } else {
        Cell::Error(number.to_string())
    }
}

/// A number of days that is shown as a date. Day 60 of the calendar that begins in 1900 is 29 February of a year that
/// had none; before the first and after the year 9999 there are no dates.
fn day(moment: ExcelDateTime, since_1904: bool) -> Cell {
    let serial = moment.as_f64();
    if moment.is_duration() {
        return float(serial);
    }
    let (first, end) = if since_1904 { (0.0, 2_957_004.0) } else { (1.0, 2_958_466.0) };
    let none = || Cell::Error(format!("day {serial} as a date, which does not exist"));
    if !(first..end).contains(&serial) {
        return none();
    }
    let (year, month, day, hour, minute, second, milli) = moment.to_ymd_hms_milli();
    let narrow = |number: u8| i8::try_from(number).unwrap_or(i8::MAX);
    let Ok(date) = Date::new(i16::try_from(year).unwrap_or(i16::MAX), narrow(month), narrow(day)) else {
        return none();
    };
    match (hour, minute, second, milli) {
        (0, 0, 0, 0) => Cell::Date(date),
        _ => Cell::Text(format!("{date}T{hour:02}:{minute:02}:{second:02}")),
    }
}

/// A date as text, which is what ods files have and xlsx files may have.
pub(super) fn iso(text: &str) -> Cell {
    if let Some(date) = text.parse::<Date>().ok().filter(|_| text.len() == "2026-02-28".len()) {
        return Cell::Date(date);
    }
    match text.parse::<DateTime>() {
        Ok(moment) if moment == moment.date().to_datetime(jiff::civil::Time::midnight()) => {
            Cell::Date(moment.date())
        }
        Ok(moment) => Cell::Text(moment.to_string()),
        Err(_) => Cell::Error(format!("{text} as a date, which does not exist")),
    }
}

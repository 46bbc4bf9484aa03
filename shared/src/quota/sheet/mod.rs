//! Spreadsheets in and out: xlsx, ods and csv as sheets of cells.
//!
//! Nothing here knows what a row means; [`read`] says what stands where, and [`SheetError`] names the place. A value
//! that a spreadsheet computed, or that a merged cell stretches over others, is nothing to make quotas of:
//! [`Sheet::faults`] lists them.

mod address;
mod cell;
mod date;
mod decimal;
mod error;
mod read;
mod write;

pub use address::{Address, Block};
pub use cell::{Cell, Text};
pub use date::{NoDate, date};
pub use decimal::decimal;
pub use error::{Place, SheetError};
pub use read::{Limits, read, read_with};
pub use write::{Csv, WriteError, write_csv, write_xlsx};

/// A sheet of a spreadsheet; the only one of a csv file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sheet {
    /// What its tab says; empty for a csv file.
    pub name: String,
    /// Rows from the first row of the sheet on; `rows[6][2]` is `C7`. They may differ in length: what is not there
    /// is empty.
    pub rows: Vec<Vec<Cell>>,
    /// Ranges of merged cells.
    pub merged: Vec<Block>,
    /// How its columns look when it is written; those that are not there look as they would anyway.
    pub columns: Vec<Column>,
    /// How many of the first rows are headings: bold, and there however far one scrolls.
    pub headings: usize,
}

/// How a column looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Column {
    /// In characters; zero: what its cells take.
    pub width: u16,
    /// How its numbers are shown.
    pub format: Format,
}

/// How numbers are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// As they are.
    #[default]
    General,
    /// Cores, bytes or objects: large ones in millions (M) or milliards (G).
    Amount,
    /// With ten decimal places.
    Rate,
    /// In percent, with one decimal place.
    Percent,
}

impl Sheet {
    /// What stands in a cell; what is not there is empty.
    pub fn cell(&self, at: Address) -> &Cell {
        let row = usize::try_from(at.row).ok().and_then(|row| self.rows.get(row));
        let cell = row.and_then(|row| row.get(usize::try_from(at.column).ok()?));
        cell.unwrap_or(&Cell::Empty)
    }

    /// Where in a file a cell is.
    pub fn place(&self, file: &str, at: Address) -> Place {
        Place { file: file.to_owned(), sheet: self.name.clone(), block: Some(Block { first: at, last: at }) }
    }

    /// Everything that has no value of its own: formulas, whose results nobody computed again, cells that show an
    /// error, and merged cells.
    pub fn faults(&self, file: &str) -> Vec<SheetError> {
        let mut faults = Vec::new();
        for block in &self.merged {
            let place = Place { file: file.to_owned(), sheet: self.name.clone(), block: Some(*block) };
            faults.push(SheetError::new(
                place,
                "merged cells: unmerge them, so that every cell has its own value",
            ));
        }
        for (row, number) in self.rows.iter().zip(0..) {
            for (cell, column) in row.iter().zip(0..) {
                let fault = match cell {
                    Cell::Formula(formula) => format!(
                        "a formula, {}: its result is not read; put the value there instead",
                        crate::text::truncate(&crate::text::neutral(formula), 60)
                    ),
                    Cell::Error(error) => {
                        format!("the cell shows {}; put a value there", crate::text::neutral(error))
                    }
                    _ => continue,
                };
                faults.push(SheetError::new(self.place(file, Address { row: number, column }), fault));
            }
        }
        faults
    }
}

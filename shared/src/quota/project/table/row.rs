//! A row of a sheet, cell by cell.

use super::{
    Column,
    cells::{self, NONE},
};
use crate::{
    quantity::Quantity,
    quota::sheet::{Address, Place, Sheet, SheetError, Text},
};

/// A row below the headings.
pub(super) struct Row<'a> {
    pub(super) sheet: &'a Sheet,
    pub(super) file: &'a str,
    /// From zero.
    pub(super) number: u32,
    pub(super) columns: &'a [(u32, Column)],
}

impl Row<'_> {
    fn place(&self, column: u32) -> Place {
        self.sheet.place(self.file, Address { row: self.number, column })
    }

    pub(super) fn place_of(&self, column: &Column) -> Option<Place> {
        let found = self.columns.iter().find(|(_, other)| other == column);
        found.map(|(at, _)| self.place(*at))
    }

    /// Its first cell of a column that is known.
    pub(super) fn first(&self) -> Place {
        self.place_of(&Column::Project).unwrap_or_else(|| self.place(0))
    }

    /// The text in a column, when there is some.
    pub(super) fn text(&self, column: &Column) -> Option<(Place, String)> {
        let (at, _) = self.columns.iter().find(|(_, other)| other == column)?;
        match self.sheet.cell(Address { row: self.number, column: *at }).read() {
            Text::Is(text) => Some((self.place(*at), text.into_owned())),
            Text::Empty | Text::Untrusted => None,
        }
    }

    /// The amount in a column, `None` inside for no limit; nothing, when the cell's fault is told of elsewhere.
    #[expect(clippy::option_option, reason = "no amount said, and no limit wanted, are two things")]
    pub(super) fn amount(&self, at: u32, column: &Column) -> Result<Option<Option<Quantity>>, SheetError> {
        let wrong = |message: String| SheetError::new(self.place(at), message);
        match self.sheet.cell(Address { row: self.number, column: at }).read() {
            Text::Untrusted => Ok(None),
            // The others of a merged range have nothing in them, and the range is told of.
            Text::Empty if self.merged(at) => Ok(None),
            Text::Empty => Err(wrong(format!("the cell is empty: write an amount, or {NONE} for no limit"))),
            Text::Is(text) => cells::amount(column, &text).map(Some).map_err(wrong),
        }
    }

    /// Whether what stands in a column is told of as a fault of the sheet.
    pub(super) fn is_faulty(&self, column: &Column) -> bool {
        self.columns.iter().any(|(at, other)| {
            let cell = self.sheet.cell(Address { row: self.number, column: *at }).read();
            other == column && (cell == Text::Untrusted || self.merged(*at))
        })
    }

    fn merged(&self, column: u32) -> bool {
        let at = Address { row: self.number, column };
        self.sheet.merged.iter().any(|block| block.contains(at))
    }
}

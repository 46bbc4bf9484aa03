use super::super::{Address, Cell, Place, SheetError};

/// Rows being filled.
pub(super) struct Grid {
    pub(super) rows: Vec<Vec<Cell>>,
}

/// How many cells may still come, in all sheets of a file.
pub(super) struct Room {
    most: usize,
    left: usize,
}

impl Room {
    pub(super) fn new(cells: usize) -> Self {
        Self { most: cells, left: cells }
    }
}

/// What a spreadsheet can have at most: what is beyond is a forged address.
const ROWS: u32 = 1 << 20;
const COLUMNS: u32 = 1 << 14;

impl Grid {
    pub(super) fn new() -> Self {
        Self { rows: Vec::new() }
    }

    /// Puts a cell where it belongs; empty ones take no room.
    pub(super) fn put(
        &mut self,
        at: Address,
        cell: Cell,
        room: &mut Room,
        place: impl Fn() -> Place,
    ) -> Result<(), SheetError> {
        if cell == Cell::Empty {
            return Ok(());
        }
        if at.row >= ROWS || at.column >= COLUMNS {
            return Err(SheetError::new(place(), format!("no spreadsheet has a cell {at}")));
        }
        let index = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
        let (row, column) = (index(at.row), index(at.column));
        // A row without cells counts as one.
        let new_rows = (row + 1).saturating_sub(self.rows.len());
        let new_cells = (column + 1).saturating_sub(self.rows.get(row).map_or(0, Vec::len));
        let Some(left) = room.left.checked_sub(new_rows + new_cells) else {
            let message = format!("more than {} cells: too large for a spreadsheet of quotas", room.most);
            return Err(SheetError::new(place(), message));
        };
        room.left = left;
        if new_rows > 0 {
            self.rows.resize_with(row + 1, Vec::new);
        }
        if let Some(cells) = self.rows.get_mut(row) {
            if new_cells > 0 {
                cells.resize(column + 1, Cell::Empty);
            }
            if let Some(slot) = cells.get_mut(column) {
                *slot = cell;
            }
        }
        Ok(())
    }
}

use std::fmt;

/// Where a cell is, counted from zero; written as spreadsheets do: `C7` is column 2 of row 6.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Address {
    /// Row.
    pub row: u32,
    /// Column.
    pub column: u32,
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Letters are digits without a zero: after Z comes AA.
        let mut letters = Vec::new();
        let mut rest = u64::from(self.column) + 1;
        while rest > 0 {
            rest -= 1;
            letters.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or_default()));
            rest /= 26;
        }
        let letters: String = letters.into_iter().rev().collect();
        write!(f, "{letters}{}", u64::from(self.row) + 1)
    }
}

/// A rectangle of cells: `A1:B2`, or `C7` when it is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Block {
    /// Its upper left corner.
    pub first: Address,
    /// Its lower right corner.
    pub last: Address,
}

impl Block {
    /// Whether a cell is in it.
    pub fn contains(&self, at: Address) -> bool {
        (self.first.row..=self.last.row).contains(&at.row)
            && (self.first.column..=self.last.column).contains(&at.column)
    }
}

impl fmt::Display for Block {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.first == self.last { self.first.fmt(f) } else { write!(f, "{}:{}", self.first, self.last) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_called_as_spreadsheets_call_them() {
        for (row, column, text) in [
            (0, 0, "A1"),
            (6, 2, "C7"),
            (0, 25, "Z1"),
            (0, 26, "AA1"),
            (9, 51, "AZ10"),
            (9, 52, "BA10"),
            (0, 701, "ZZ1"),
            (0, 702, "AAA1"),
            (1_048_575, 16_383, "XFD1048576"),
            (u32::MAX, u32::MAX, "MWLQKWV4294967296"),
        ] {
            assert_eq!(Address { row, column }.to_string(), text);
        }
        let block = Block { first: Address { row: 1, column: 0 }, last: Address { row: 2, column: 3 } };
        assert_eq!(block.to_string(), "A2:D3");
        assert!(block.contains(Address { row: 2, column: 3 }));
        assert!(!block.contains(Address { row: 3, column: 3 }));
    }
}

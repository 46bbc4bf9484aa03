use std::fmt;

use super::Block;
use crate::text::neutral;

/// Where something is wrong: `quotas.xlsx, sheet "项目", C7`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Place {
    /// The file, as the user named it.
    pub file: String,
    /// The sheet; empty for csv files, and for what is wrong with a whole file.
    pub sheet: String,
    /// The cells; `None` for the whole sheet.
    pub block: Option<Block>,
}

impl Place {
    /// A whole file.
    pub fn file(file: &str) -> Self {
        Self { file: file.to_owned(), ..Self::default() }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&neutral(&self.file))?;
        if !self.sheet.is_empty() {
            write!(f, ", sheet \"{}\"", neutral(&self.sheet))?;
        }
        self.block.map_or(Ok(()), |block| write!(f, ", {block}"))
    }
}

/// What is wrong with a spreadsheet, and where.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[error("{place}: {message}")]
pub struct SheetError {
    /// Where.
    pub place: Place,
    /// What, and what to do.
    pub message: String,
}

impl SheetError {
    /// Something is wrong somewhere.
    pub fn new(place: Place, message: impl Into<String>) -> Self {
        Self { place, message: message.into() }
    }
}

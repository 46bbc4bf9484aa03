//! Bytes in, sheets out.

mod csv;
mod grid;
mod ods;
mod package;
#[cfg(test)]
mod tests;
mod xlsx;

use super::{Place, Sheet, SheetError};

/// How much of a spreadsheet is read before it is refused, so that a small file can't take all memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file.
    pub bytes: usize,
    /// Bytes of what is packed in it.
    pub unpacked: u64,
    /// Cells of all sheets, empty ones before and between others included.
    pub cells: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 64 << 20, unpacked: 256 << 20, cells: 2_000_000 }
    }
}

/// Reads a spreadsheet: xlsx or ods by its content, and csv or tab-separated text otherwise. Errors call it `name`.
///
/// Text may be UTF-8, with or without byte order mark, UTF-16 with one, or GB18030, which spreadsheet programs write
/// in China; between cells stand commas, semicolons or tabs, whichever the first line has most of.
pub fn read(bytes: &[u8], name: &str) -> Result<Vec<Sheet>, SheetError> {
    read_with(bytes, name, Limits::default())
}

/// The same with other limits.
pub fn read_with(bytes: &[u8], name: &str, limits: Limits) -> Result<Vec<Sheet>, SheetError> {
    let refuse = |message: &str| Err(SheetError::new(Place::file(name), message));
    match bytes {
        _ if bytes.len() > limits.bytes => {
            let message = format!("larger than {} MiB: too large for a spreadsheet", limits.bytes >> 20);
            Err(SheetError::new(Place::file(name), message))
        }
        [] => refuse("the file is empty"),
        [b'P', b'K', 3 | 5 | 7, _, ..] => package::read(bytes, name, limits),
        // A compound document: Excel before 2007, and every encrypted one since.
        [0xd0, 0xcf, 0x11, 0xe0, ..] => {
            refuse("an old .xls file, or one with a password: save it as .xlsx without a password")
        }
        _ if bytes.starts_with(b"%PDF") => refuse("a PDF file, not a spreadsheet"),
        _ => csv::read(bytes, name, limits),
    }
}

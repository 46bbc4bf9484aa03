use std::borrow::Cow;

use encoding_rs::{Encoding, GB18030};

use super::{
    Limits,
    grid::{Grid, Room},
};
use crate::quota::sheet::{Address, Cell, Place, Sheet, SheetError, write::unguarded};

/// What may stand between cells, the likeliest first.
const BETWEEN: [char; 3] = [',', ';', '\t'];

pub(super) fn read(bytes: &[u8], name: &str, limits: Limits) -> Result<Vec<Sheet>, SheetError> {
    let text = decode(bytes, name)?;
    let sheet = Sheet::default();
    let (mut grid, mut room) = (Grid::new(), Room::new(limits.cells));
    let mut rest = Records { text: &text, between: between(&text), at: Address::default() };
    while !rest.text.is_empty() {
        let at = rest.at;
        let text = rest.cell().map_err(|message| SheetError::new(sheet.place(name, at), message))?;
        grid.put(at, cell(text), &mut room, || sheet.place(name, at))?;
    }
    Ok(vec![Sheet { rows: grid.rows, ..sheet }])
}

/// What a spreadsheet makes of a field: a formula, or text.
fn cell(text: Cow<'_, str>) -> Cell {
    if text.trim_start().starts_with('=') {
        return Cell::Formula(text.trim().to_owned());
    }
    Cell::text(unguarded(text))
}

/// The characters, without byte order mark.
fn decode<'a>(bytes: &'a [u8], name: &str) -> Result<Cow<'a, str>, SheetError> {
    let refuse = |message: String| Err(SheetError::new(Place::file(name), message));
    // Those that say what they are, then the strictest, then what almost any bytes could be.
    let text = match Encoding::for_bom(bytes) {
        Some((encoding, _)) => {
            let (text, _, wrong) = encoding.decode(bytes);
            (!wrong).then_some(text)
        }
        None => match str::from_utf8(bytes) {
            Ok(text) => Some(Cow::Borrowed(text)),
            Err(_) => GB18030.decode_without_bom_handling_and_without_replacement(bytes),
        },
    };
    let Some(text) = text else {
        let valid = str::from_utf8(bytes).map_or_else(|error| error.valid_up_to(), |_| bytes.len());
        let line = bytes.iter().take(valid).filter(|byte| **byte == b'\n').count() + 1;
        return refuse(format!("line {line}: neither UTF-8 nor GB18030 text; save the file as UTF-8"));
    };
    match text.find('\0') {
        Some(at) => {
            let line = text.get(..at).unwrap_or_default().matches('\n').count() + 1;
            refuse(format!("line {line}: a zero byte: the file is no text and no spreadsheet that is read"))
        }
        None => Ok(text),
    }
}

/// What the first line has most of, outside of quotes.
fn between(text: &str) -> char {
    let mut quoted = false;
    let mut counts = [0_usize; BETWEEN.len()];
    for character in text.chars() {
        match character {
            '"' => quoted = !quoted,
            '\n' | '\r' if !quoted && counts.iter().any(|count| *count > 0) => break,
            _ if !quoted => {
                for (count, mark) in counts.iter_mut().zip(BETWEEN) {
                    *count += usize::from(character == mark);
                }
            }
            _ => {}
        }
    }
    let most = BETWEEN.into_iter().zip(counts).rev().max_by_key(|(_, count)| *count);
    most.map_or(',', |(mark, _)| mark)
}

/// What is left of a file, as RFC 4180 has it. Unlike most readers this one counts empty lines, which are rows of a
/// spreadsheet, and takes no quote that is not closed: what was cut off is no last cell.
struct Records<'a> {
    text: &'a str,
    between: char,
    /// Of the next cell.
    at: Address,
}

impl<'a> Records<'a> {
    fn cell(&mut self) -> Result<Cow<'a, str>, &'static str> {
        let text = if let Some(quoted) = self.text.strip_prefix('"') {
            self.quoted(quoted)?
        } else {
            let end = self.text.find(['\r', '\n', self.between]).unwrap_or(self.text.len());
            let (text, rest) = self.text.split_at(end);
            self.text = rest;
            Cow::Borrowed(text)
        };
        let line_end = ["\r\n", "\n", "\r"].into_iter().find_map(|end| self.text.strip_prefix(end));
        if let Some(rest) = line_end {
            self.text = rest;
            self.at = Address { row: self.at.row.saturating_add(1), column: 0 };
        } else if let Some(rest) = self.text.strip_prefix(self.between) {
            self.text = rest;
            self.at.column = self.at.column.saturating_add(1);
        } else if !self.text.is_empty() {
            return Err("text after the closing quote; a quote inside quotes is written twice");
        }
        Ok(text)
    }

    fn quoted(&mut self, mut rest: &'a str) -> Result<Cow<'a, str>, &'static str> {
        let mut text = Cow::Borrowed("");
        loop {
            let (part, after) = rest.split_once('"').ok_or("a quote that is never closed")?;
            if text.is_empty() {
                text = Cow::Borrowed(part);
            } else {
                text.to_mut().push_str(part);
            }
            let Some(after) = after.strip_prefix('"') else {
                self.text = after;
                return Ok(text);
            };
            text.to_mut().push('"');
            rest = after;
        }
    }
}

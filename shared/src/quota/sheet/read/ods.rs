//! OpenDocument spreadsheets, read from their XML: numbers as they are written, and merged cells with them.
//!
//! calamine reads ods files too, but keeps merged cells to itself and goes on for ever in a file that was cut off.

use std::io::{Cursor, Read as _};

use roxmltree::{Document, Node, ParsingOptions};
use zip::ZipArchive;

use super::{
    Limits,
    grid::{Grid, Room},
    xlsx::iso,
};
use crate::quota::sheet::{Address, Block, Cell, Place, Sheet, SheetError};

const OFFICE: &str = "urn:oasis:names:tc:opendocument:xmlns:office:1.0";
const TABLE: &str = "urn:oasis:names:tc:opendocument:xmlns:table:1.0";
const TEXT: &str = "urn:oasis:names:tc:opendocument:xmlns:text:1.0";
const CALC: &str = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0";

/// Elements and texts that are kept in memory at once.
const NODES: u32 = 1 << 23;
/// Spaces that one `text:s` stands for at most: no cell has more.
const SPACES: usize = 1 << 15;

pub(super) fn read(
    archive: &mut ZipArchive<Cursor<&[u8]>>,
    name: &str,
    limits: Limits,
) -> Result<Vec<Sheet>, SheetError> {
    let damaged = |error: &dyn std::fmt::Display| {
        SheetError::new(Place::file(name), format!("the file is damaged or has a password: {error}"))
    };
    let mut text = String::new();
    let content = archive.by_name("content.xml").map_err(|error| damaged(&error))?;
    content.take(limits.unpacked).read_to_string(&mut text).map_err(|error| damaged(&error))?;
    let options = ParsingOptions { nodes_limit: NODES, ..ParsingOptions::default() };
    let document = Document::parse_with_options(&text, options).map_err(|error| damaged(&error))?;
    let mut room = Room::new(limits.cells);
    let tables = document.descendants().filter(|node| {
        // Not the tables inside of cells, nor those that a change list remembers.
        node.has_tag_name((TABLE, "table"))
            && node.parent().is_some_and(|parent| parent.has_tag_name((OFFICE, "spreadsheet")))
    });
    tables.map(|node| table(node, name, &mut room)).collect()
}

fn table(node: Node<'_, '_>, file: &str, room: &mut Room) -> Result<Sheet, SheetError> {
    let mut sheet =
        Sheet { name: node.attribute((TABLE, "name")).unwrap_or_default().to_owned(), ..Sheet::default() };
    let mut grid = Grid::new();
    // Rows may stand in groups and among headings.
    let rows = node
        .descendants()
        .filter(|row| row.has_tag_name((TABLE, "table-row")) && nearest(*row) == Some(node));
    let mut at = Address::default();
    for row in rows {
        let height = repeated(row, "number-rows-repeated");
        let cells = row.children().filter(|cell| {
            cell.has_tag_name((TABLE, "table-cell")) || cell.has_tag_name((TABLE, "covered-table-cell"))
        });
        at.column = 0;
        for cell in cells {
            let width = repeated(cell, "number-columns-repeated");
            let (down, across) =
                (repeated(cell, "number-rows-spanned"), repeated(cell, "number-columns-spanned"));
            if down > 1 || across > 1 {
                let last = Address {
                    row: at.row.saturating_add(down - 1),
                    column: at.column.saturating_add(across - 1),
                };
                sheet.merged.push(Block { first: at, last });
            }
            let value = value(cell);
            if value != Cell::Empty {
                for row in at.row..at.row.saturating_add(height) {
                    for column in at.column..at.column.saturating_add(width) {
                        let here = Address { row, column };
                        grid.put(here, value.clone(), room, || sheet.place(file, here))?;
                    }
                }
            }
            at.column = at.column.saturating_add(width);
        }
        at.row = at.row.saturating_add(height);
    }
    sheet.merged.sort_unstable();
    sheet.rows = grid.rows;
    Ok(sheet)
}

/// The table that a row is of.
fn nearest<'a, 'i>(row: Node<'a, 'i>) -> Option<Node<'a, 'i>> {
    row.ancestors().find(|node| node.has_tag_name((TABLE, "table")))
}

fn repeated(node: Node<'_, '_>, attribute: &str) -> u32 {
    node.attribute((TABLE, attribute)).and_then(|text| text.parse().ok()).unwrap_or(1).max(1)
}

fn value(cell: Node<'_, '_>) -> Cell {
    if let Some(formula) = cell.attribute((TABLE, "formula")) {
        // `of:=A1*2`: the prefix says whose language it is.
        let formula = formula.find('=').and_then(|at| formula.get(at..)).unwrap_or(formula);
        return Cell::Formula(formula.to_owned());
    }
    if cell.attribute((CALC, "value-type")) == Some("error") {
        return Cell::Error(shown(cell));
    }
    let of = |name: &str| cell.attribute((OFFICE, name));
    match of("value-type") {
        Some("float" | "percentage" | "currency") => number(of("value").unwrap_or_default()),
        Some("boolean") => Cell::Bool(of("boolean-value") == Some("true")),
        Some("date") => iso(of("date-value").unwrap_or_default()),
        Some("time") => Cell::text(of("time-value").unwrap_or_default()),
        Some(_) => of("string-value").map_or_else(|| Cell::text(shown(cell)), Cell::text),
        None => Cell::Empty,
    }
}

/// Digits as they are written; with an exponent, those that it stands for.
fn number(text: &str) -> Cell {
    let plain =
        text.strip_prefix('-').unwrap_or(text).bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    match text.parse::<f64>() {
        Ok(_) if plain => Cell::Number(text.to_owned()),
        Ok(number) if number.is_finite() => Cell::Number(number.to_string()),
        _ => Cell::Error(text.to_owned()),
    }
}

/// What a person reads in a cell; notes that hang on it are not in it.
fn shown(cell: Node<'_, '_>) -> String {
    let mut text = String::new();
    for (paragraph, number) in cell.children().filter(|node| node.has_tag_name((TEXT, "p"))).zip(0..) {
        if number > 0 {
            text.push('\n');
        }
        for node in paragraph.descendants() {
            if node.is_text() {
                text.push_str(node.text().unwrap_or_default());
            } else if node.has_tag_name((TEXT, "s")) {
                let count = node.attribute((TEXT, "c")).and_then(|count| count.parse().ok()).unwrap_or(1);
                text.extend(std::iter::repeat_n(' ', SPACES.min(count)));
            } else if node.has_tag_name((TEXT, "tab")) {
                text.push('\t');
            } else if node.has_tag_name((TEXT, "line-break")) {
                text.push('\n');
            }
        }
    }
    text
}

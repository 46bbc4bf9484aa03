//! Columns of text, as kubectl aligns them.

use crate::text::{neutral, width};

/// Lines, some of which are made of cells that stand below each other.
#[derive(Debug, Default)]
pub(super) struct Columns {
    rows: Vec<Row>,
}

#[derive(Debug)]
enum Row {
    Cells(Vec<String>),
    Text(String),
}

/// Blanks between columns.
const GAP: usize = 3;

impl Columns {
    /// Adds a row of cells. What would steer a terminal is shown instead.
    pub(super) fn row<T: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = T>) {
        let cells = cells.into_iter().map(|cell| neutral(cell.as_ref()).into_owned());
        self.rows.push(Row::Cells(cells.collect()));
    }

    /// Adds a line as it is, but for what would steer a terminal.
    pub(super) fn text(&mut self, text: &str) {
        self.rows.push(Row::Text(neutral(text).into_owned()));
    }

    /// Adds text behind `indent`, broken into lines of so many columns; the first line begins with `label`.
    pub(super) fn paragraph(&mut self, indent: usize, label: &str, text: &str, columns: Option<usize>) {
        let hang = indent + width(label);
        let room = columns.map_or(usize::MAX, |columns| columns.saturating_sub(hang).max(20));
        let mut lines: Vec<String> = Vec::new();
        for word in neutral(text).split(' ') {
            match lines.last_mut() {
                Some(line) if width(line) + 1 + width(word) <= room => {
                    line.push(' ');
                    line.push_str(word);
                }
                _ => lines.push(word.to_owned()),
            }
        }
        for (n, line) in lines.iter().enumerate() {
            let start = if n == 0 { format!("{:indent$}{label}", "") } else { " ".repeat(hang) };
            self.rows.push(Row::Text(format!("{start}{line}")));
        }
    }

    /// The lines.
    pub(super) fn render(&self) -> String {
        let mut widths: Vec<usize> = Vec::new();
        for row in &self.rows {
            if let Row::Cells(cells) = row {
                widths.resize(widths.len().max(cells.len()), 0);
                for (most, cell) in widths.iter_mut().zip(cells) {
                    *most = (*most).max(width(cell));
                }
            }
        }
        let mut out = String::new();
        for row in &self.rows {
            let mut line = String::new();
            match row {
                Row::Text(text) => line.push_str(text),
                Row::Cells(cells) => {
                    for (cell, most) in cells.iter().zip(&widths) {
                        line.push_str(cell);
                        line.push_str(&" ".repeat(most + GAP - width(cell)));
                    }
                }
            }
            out.push_str(line.trim_end());
            out.push('\n');
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_stand_below_each_other() {
        let mut columns = Columns::default();
        columns.row(["NAME", "USED"]);
        columns.row(["a-long-name", "1"]);
        columns.paragraph(2, "why: ", "one two three four five six", Some(27));
        assert_eq!(
            columns.render(),
            "NAME          USED\na-long-name   1\n  why: one two three four\n       five six\n"
        );
    }
}

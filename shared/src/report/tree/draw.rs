use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use super::Line;
use crate::{
    model::Health,
    report::Options,
    text::{squeeze, truncate, width},
};

/// Between columns, as kubectl pads them.
const GAP: usize = 3;
/// The least that a name is cut to before other columns go.
const LEAST_NAME: usize = 24;
/// The least that EDGE is cut to before names are: `→ terminates…`.
const LEAST_EDGE: usize = 10;
/// Bytes of `→`.
const ARROW: usize = '→'.len_utf8();

const DIM: Style = AnsiColor::BrightBlack.on_default();
const BOLD: Style = Style::new().bold();
const RED: Style = AnsiColor::Red.on_default();

/// Which columns there are, and how wide they are.
struct Columns {
    name: usize,
    edge: usize,
    short_edges: bool,
    ready: usize,
    status: usize,
    age: usize,
}

/// Writes lines in columns. No line is wider than the terminal.
pub fn draw(lines: &[Line], options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let mut out = io::BufWriter::with_capacity(1 << 16, out);
    let columns = Columns::fit(lines, options);
    let mut row = Row {
        columns: &columns,
        colour: options.colour,
        limit: options.width,
        text: String::new(),
        pad: 0,
        used: 0,
    };
    if options.headers && !lines.is_empty() {
        row.cell("NAME", Style::new(), columns.name);
        row.cell(if columns.edge == 1 { "" } else { "EDGE" }, Style::new(), columns.edge);
        row.cell("READY", Style::new(), columns.ready);
        row.cell("STATUS", Style::new(), columns.status);
        row.cell("AGE", Style::new(), columns.age);
        row.end(&mut out)?;
    }
    for line in lines {
        row.line(line);
        row.end(&mut out)?;
    }
    out.flush()
}

impl Columns {
    /// Measures the columns, and leaves out or cuts what a narrow terminal has no room for: AGE, words of EDGE, the
    /// ends of names, and when it is hardly a terminal, STATUS, READY and EDGE.
    fn fit(lines: &[Line], options: &Options) -> Self {
        let widest = |cell: fn(&Line) -> usize| lines.iter().map(cell).max().unwrap_or_default();
        let header = |header: &str, widest: usize| match widest {
            0 => 0,
            _ if options.headers => widest.max(header.len()),
            _ => widest,
        };
        let note = |line: &Line| if line.note.is_empty() { 0 } else { width(&line.note) + 1 };
        let name = lines.iter().map(|line| width(&line.branch) + width(&line.name) + note(line)).max();
        let mut columns = Self {
            name: header("NAME", name.unwrap_or_default()),
            edge: header("EDGE", widest(|line| width(&line.edge))),
            short_edges: false,
            ready: header("READY", widest(|line| width(&line.ready))),
            status: header("STATUS", widest(|line| width(&line.status))),
            age: header("AGE", widest(|line| width(&line.age))),
        };
        let Some(limit) = options.width else { return columns };
        if columns.total() > limit {
            columns.age = 0;
        }
        if columns.total() > limit {
            columns.short_edges = true;
            columns.edge = header("EDGE", widest(|line| width(&line.edge_short)));
        }
        if columns.total() > limit {
            let too_much = columns.total() - limit;
            columns.edge = columns.edge.min(columns.edge.saturating_sub(too_much).max(LEAST_EDGE));
        }
        let least = LEAST_NAME.min(columns.name);
        if columns.others() + least > limit {
            columns.status = 0;
        }
        if columns.others() + least > limit {
            columns.ready = 0;
        }
        if columns.others() + least > limit {
            columns.edge = columns.edge.min(1); // The arrow.
        }
        columns.name = columns.name.min(limit.saturating_sub(columns.others()));
        columns
    }

    /// All columns but NAME, with their gaps.
    fn others(&self) -> usize {
        [self.edge, self.ready, self.status, self.age]
            .iter()
            .filter(|width| **width > 0)
            .map(|width| width + GAP)
            .sum()
    }

    fn total(&self) -> usize {
        self.name + self.others()
    }
}

/// A line being written.
struct Row<'a> {
    columns: &'a Columns,
    colour: bool,
    limit: Option<usize>,
    text: String,
    /// Spaces owed before the next text; never written at the end of a line.
    pad: usize,
    used: usize,
}

impl Row<'_> {
    fn line(&mut self, line: &Line) {
        let health = match line.health {
            Health::Unknown => Style::new(),
            Health::Healthy => AnsiColor::Green.on_default(),
            Health::Progressing => AnsiColor::Yellow.on_default(),
            Health::Degraded => RED,
        };
        let columns = self.columns;
        let start = self.used;
        self.text(&line.branch, DIM);
        let note_style = if line.missing { RED } else { DIM };
        let note = if line.note.is_empty() { 0 } else { width(&line.note) + 1 };
        let room = columns.name.saturating_sub(width(&line.branch) + note).max(1);
        let name_style = match line.missing {
            true => RED,
            false if line.top => BOLD,
            false => Style::new(),
        };
        self.text(&squeeze(&line.name, room), name_style);
        if note > 0 {
            self.pad += 1;
            self.text(&line.note, note_style);
        }
        self.pad = (start + columns.name + GAP).saturating_sub(self.used);
        match columns.edge {
            1 => self.cell(line.edge_short.get(..ARROW).unwrap_or_default(), DIM, 1),
            room if columns.short_edges => self.cell(&truncate(&line.edge_short, room), DIM, room),
            room => self.cell(&line.edge, DIM, room),
        }
        self.cell(&line.ready, health, columns.ready);
        self.cell(&line.status, health, columns.status);
        self.cell(&line.age, Style::new(), columns.age);
    }

    fn cell(&mut self, text: &str, style: Style, column: usize) {
        if column > 0 {
            let before = self.used + self.pad;
            self.text(text, style);
            self.pad = (before + column + GAP).saturating_sub(self.used);
        }
    }

    fn text(&mut self, text: &str, style: Style) {
        let room = self.limit.map_or(usize::MAX, |limit| limit.saturating_sub(self.used + self.pad));
        let text = truncate(text, room);
        if text.is_empty() {
            return;
        }
        self.text.extend(std::iter::repeat_n(' ', self.pad));
        self.used += self.pad + width(&text);
        self.pad = 0;
        if self.colour && style != Style::new() {
            self.text.push_str(&style.render().to_string());
            self.text.push_str(&text);
            self.text.push_str(&style.render_reset().to_string());
        } else {
            self.text.push_str(&text);
        }
    }

    fn end(&mut self, out: &mut impl io::Write) -> io::Result<()> {
        self.text.push('\n');
        out.write_all(self.text.as_bytes())?;
        self.text.clear();
        (self.pad, self.used) = (0, 0);
        Ok(())
    }
}

//! The table that the benchmark prints.

use std::fmt;
use std::time::Duration;

use crate::load::Outcome;
use crate::server::Measured;

/// One body on one server.
pub(crate) struct Row(Vec<String>);

impl Row {
    pub(crate) fn new(
        body: &str,
        server: &str,
        connections: usize,
        measured: &Measured,
        empty: f64,
        half: &Outcome,
    ) -> Self {
        let (rate, cpu) = (measured.per_second(), measured.cpu_micros());
        let mut cells = vec![body.to_owned(), server.to_owned(), connections.to_string()];
        cells.extend([format!("{rate:.0}"), format!("{:.2}", rate / empty), format!("{cpu:.0} µs")]);
        cells.extend([0.5, 0.99, 0.999].map(|share| millis(half.quantile(share))));
        cells.push((measured.shed() + half.shed).to_string());
        Self(cells)
    }

    /// A connection for each call.
    pub(crate) fn churn(body: &str, server: &str, measured: &Measured) -> Self {
        let (rate, cpu) = (measured.per_second(), measured.cpu_micros());
        let mut cells = vec![format!("{body}, new connections"), server.to_owned(), "16".to_owned()];
        cells.extend([format!("{rate:.0}"), "-".to_owned(), format!("{cpu:.0} µs")]);
        cells.extend(["-", "-", "-", "0"].map(str::to_owned));
        Self(cells)
    }

    /// Calls by the clock while the cluster changes.
    pub(crate) fn meanwhile(body: &str, server: &str, measured: &Measured) -> Self {
        let (rate, cpu) = (measured.per_second(), measured.cpu_micros());
        let mut cells = vec![body.to_owned(), server.to_owned(), "16".to_owned()];
        cells.extend([format!("{rate:.0}"), "-".to_owned(), format!("{cpu:.0} µs")]);
        cells.extend([0.5, 0.99, 0.999].map(|share| millis(measured.outcome().quantile(share))));
        cells.push(measured.shed().to_string());
        Self(cells)
    }
}

fn millis(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1e3)
}

/// Bytes in MiB, with one place.
pub(crate) fn mebibytes(bytes: u64) -> String {
    let tenths = bytes * 10 / (1 << 20);
    format!("{}.{} MiB", tenths / 10, tenths % 10)
}

/// All rows, and what is said below them.
#[derive(Default)]
pub(crate) struct Table {
    rows: Vec<Row>,
    notes: Vec<String>,
}

impl Table {
    pub(crate) fn add(&mut self, row: Row) {
        self.rows.push(row);
    }

    pub(crate) fn note(&mut self, text: &str) {
        self.notes.push(text.to_owned());
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head =
            ["", "server", "connections", "reviews/s", "to empty", "CPU each", "p50", "p99", "p99.9", "shed"];
        let line = |f: &mut fmt::Formatter<'_>, cells: &[&str]| {
            let widths = [28, 8, 12, 10, 9, 9, 9, 9, 9, 6];
            for (index, (cell, width)) in cells.iter().zip(widths).enumerate() {
                let aligned = if index < 2 { format!("{cell:<width$}") } else { format!("{cell:>width$}") };
                f.write_str(&aligned)?;
            }
            writeln!(f)
        };
        line(f, &head)?;
        for Row(cells) in &self.rows {
            line(f, &cells.iter().map(String::as_str).collect::<Vec<_>>())?;
        }
        writeln!(f, "Latencies at half of the reviews/s, and while pods change at all of them; open loop.")?;
        self.notes.iter().try_for_each(|note| writeln!(f, "{note}"))
    }
}

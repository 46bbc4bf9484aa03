//! The table that the benchmark prints.

use std::fmt;
use std::time::Duration;

use passmuster_tests::plugin::Run;

/// One variant of a work.
#[derive(Debug)]
pub(crate) struct Row {
    name: String,
    walls: Vec<Duration>,
    memory: u64,
    requests: Option<usize>,
}

impl Row {
    pub(crate) fn new(name: &str) -> Self {
        Self { name: name.to_owned(), walls: Vec::new(), memory: 0, requests: None }
    }

    pub(crate) fn requests(self, requests: usize) -> Self {
        Self { requests: Some(requests), ..self }
    }

    pub(crate) fn add(&mut self, run: &Run) {
        self.measure(run.wall, run.peak_memory);
    }

    /// Adds a measurement; of the memory the largest counts, 0 is unknown.
    pub(crate) fn measure(&mut self, wall: Duration, memory: u64) {
        self.walls.push(wall);
        self.memory = self.memory.max(memory);
    }

    fn median(&self) -> f64 {
        let mut walls = self.walls.clone();
        walls.sort();
        walls.get(walls.len() / 2).map_or(0.0, Duration::as_secs_f64)
    }
}

/// Works, each with the rows that it is compared with.
#[derive(Debug, Default)]
pub(crate) struct Table(Vec<(Row, f64)>);

impl Table {
    /// Adds our row and the others; each ratio is our time to theirs.
    pub(crate) fn compare(&mut self, own: Row, others: Vec<Row>) {
        let wall = own.median();
        self.0.push((own, 0.0));
        self.0.extend(others.into_iter().map(|row| {
            let ratio = wall / row.median();
            (row, ratio)
        }));
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:<38} {:>9} {:>10} {:>9} {:>9}", "WORK", "WALL", "OURS/THIS", "PEAK", "REQUESTS")?;
        for (row, ratio) in &self.0 {
            let unknown = || "-".to_owned();
            let ratio = if *ratio > 0.0 { format!("{ratio:.2}") } else { unknown() };
            // In tenths of a MiB, as integers: exact.
            let tenths = row.memory * 10 / (1 << 20);
            let memory = if tenths > 0 { format!("{}.{} MiB", tenths / 10, tenths % 10) } else { unknown() };
            let requests = row.requests.map_or_else(unknown, |number| number.to_string());
            let wall = format!("{:.3} s", row.median());
            writeln!(f, "{:<38} {wall:>9} {ratio:>10} {memory:>9} {requests:>9}", row.name)?;
        }
        Ok(())
    }
}

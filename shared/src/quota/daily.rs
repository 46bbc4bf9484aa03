//! A day's peaks in a file, so that rates of long ago need no Prometheus that remembers.
//!
//! A line for each namespace: project, namespace, CPU in cores, memory in bytes, with semicolons between. The day
//! stands in the file's name, behind the cluster's.

#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeMap, btree_map::Entry},
    io,
    path::Path,
};

use csv::{ReaderBuilder, StringRecord, Terminator, WriterBuilder};
use jiff::civil::Date;

use super::{
    Amounts, QuotaUsage,
    peak::{PeakRow, Peaks},
    rows::base,
    sheet::{date, decimal},
};
use crate::{quantity::Quantity, text::neutral};

/// Peaks of one cluster's namespaces on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Daily {
    /// The day.
    pub date: Date,
    /// The cluster, as far as the file's name says it; empty otherwise.
    pub cluster: String,
    /// By namespace.
    pub namespaces: BTreeMap<String, DailyPeak>,
}

/// The peaks of one namespace.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DailyPeak {
    /// The project that it belonged to; empty for none.
    pub project: String,
    /// Cores.
    pub cpu: Quantity,
    /// Bytes.
    pub memory: Quantity,
}

/// Why a daily file is not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DailyError {
    /// Its name does not say which day it is of.
    #[error("{}: the name must end in a date before its extension, such as prod-2026-02-28.csv", neutral(.0))]
    NoDate(String),
    /// Its name has a date that does not exist.
    #[error("{}: {} is not a date that exists", neutral(.0), .1)]
    Date(String, String),
    /// One of its lines is not what it should be.
    #[error("{}, line {line}: {message}", neutral(.file))]
    Line {
        /// The file.
        file: String,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        message: String,
    },
}

impl Daily {
    /// What a file of this cluster and day is called. What a file system may not take in a cluster's name is `_`.
    pub fn file_name(cluster: &str, date: Date) -> String {
        format!("{}-{date}.csv", file_safe(cluster))
    }

    /// Whether it is of a cluster: so far as its name says.
    pub fn is_of(&self, cluster: &str) -> bool {
        self.cluster.is_empty() || self.cluster == file_safe(cluster)
    }

    /// Of each cluster that answered, the peaks of its namespaces; rows must be by cluster, project and namespace.
    /// Namespaces without pods that day are not in it.
    pub fn of(usage: &QuotaUsage, date: Date) -> Vec<Self> {
        let answered = usage.clusters.iter().filter(|cluster| cluster.error.is_none());
        answered
            .map(|cluster| {
                let mut namespaces: BTreeMap<String, DailyPeak> = BTreeMap::new();
                let own = usage
                    .rows
                    .iter()
                    .filter(|row| row.cluster.as_ref().is_none_or(|name| *name == cluster.name));
                for row in own {
                    let (Some(namespace), Some(peak)) = (&row.namespace, row.peak) else { continue };
                    let line = namespaces.entry(namespace.clone()).or_default();
                    line.project = row.project.clone().unwrap_or_default();
                    // A namespace has a row for each key of each quota, and in all of them the same peak.
                    match base(&row.resource) {
                        Some("cpu") => line.cpu = peak,
                        Some("memory") => line.memory = peak,
                        _ => {}
                    }
                }
                Self { date, cluster: cluster.name.clone(), namespaces }
            })
            .collect()
    }

    /// Writes its lines.
    pub fn write(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let mut out =
            WriterBuilder::new().delimiter(b';').terminator(Terminator::Any(b'\n')).from_writer(out);
        for (namespace, DailyPeak { project, cpu, memory }) in &self.namespaces {
            let memory = Quantity::from(i64::try_from(memory.ceil()).unwrap_or(i64::MAX));
            out.write_record([project, namespace, &decimal(*cpu), &decimal(memory)])?;
        }
        out.flush()
    }

    /// Reads a file, whose name says the day.
    pub fn read(bytes: &[u8], path: &str) -> Result<Self, DailyError> {
        let (cluster, date) = named(path)?;
        let mut namespaces = BTreeMap::new();
        let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
        for (line, text) in bytes.split(|byte| *byte == b'\n').enumerate() {
            let refuse =
                |message: String| DailyError::Line { file: path.to_owned(), line: line + 1, message };
            let text = str::from_utf8(text).map_err(|_| refuse("not UTF-8".to_owned()))?;
            let text = text.strip_suffix('\r').unwrap_or(text);
            if text.trim().is_empty() {
                continue;
            }
            let (namespace, peak) = line_of(text).map_err(refuse)?;
            match namespaces.entry(namespace) {
                Entry::Vacant(slot) => slot.insert(peak),
                Entry::Occupied(slot) => {
                    return Err(refuse(format!("namespace {} stands there twice", neutral(slot.key()))));
                }
            };
        }
        Ok(Self { date, cluster, namespaces })
    }

    /// As if Prometheus had said it.
    pub fn peaks(&self) -> Peaks {
        let row = |(namespace, DailyPeak { cpu, memory, .. }): (&String, &DailyPeak)| {
            let mut peak = Amounts::new();
            peak.set("cpu", *cpu);
            peak.set("memory", *memory);
            PeakRow { namespace: namespace.clone(), counted: peak.clone(), peak, ..PeakRow::default() }
        };
        Peaks { rows: self.namespaces.iter().map(row).collect(), ..Peaks::default() }
    }

    /// Of each namespace the highest of several days.
    pub fn highest<'a>(days: impl IntoIterator<Item = &'a Self>) -> Peaks {
        let mut highest: BTreeMap<String, Amounts> = BTreeMap::new();
        for row in days.into_iter().flat_map(|day| day.peaks().rows) {
            highest.entry(row.namespace).or_default().raise_to(&row.peak);
        }
        let row = |(namespace, peak): (String, Amounts)| PeakRow {
            namespace,
            counted: peak.clone(),
            peak,
            ..PeakRow::default()
        };
        Peaks { rows: highest.into_iter().map(row).collect(), ..Peaks::default() }
    }
}

/// `project;namespace;CPU;memory`.
fn line_of(text: &str) -> Result<(String, DailyPeak), String> {
    let mut reader =
        ReaderBuilder::new().has_headers(false).delimiter(b';').flexible(true).from_reader(text.as_bytes());
    let mut record = StringRecord::new();
    reader.read_record(&mut record).map_err(|error| error.to_string())?;
    let fields: Vec<&str> = record.iter().map(str::trim).collect();
    let [project, namespace, cpu, memory] = fields[..] else {
        let count = fields.len();
        return Err(format!("{count} fields instead of project;namespace;CPU;memory in bytes"));
    };
    if namespace.is_empty() {
        return Err("no namespace".to_owned());
    }
    let amount = |what: &str, text: &str| match Quantity::parse(text) {
        Ok(amount) if !amount.is_negative() => Ok(amount),
        _ => Err(format!("{what} is {}, which is no amount", neutral(&format!("{text:?}")))),
    };
    let peak = DailyPeak {
        project: project.to_owned(),
        cpu: amount("CPU", cpu)?,
        memory: amount("memory", memory)?,
    };
    Ok((namespace.to_owned(), peak))
}

/// The cluster and the day that a file's name says.
fn named(path: &str) -> Result<(String, Date), DailyError> {
    const DATE: usize = "2026-02-28".len();
    let none = || DailyError::NoDate(path.to_owned());
    let stem = Path::new(path).file_stem().and_then(|stem| stem.to_str()).ok_or_else(none)?;
    let at = stem.len().checked_sub(DATE).ok_or_else(none)?;
    let (before, text) = stem.split_at_checked(at).ok_or_else(none)?;
    let looks = text
        .bytes()
        .enumerate()
        .all(|(at, byte)| if matches!(at, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() });
    if !looks {
        return Err(none());
    }
    let date = date(text).map_err(|_| DailyError::Date(path.to_owned(), text.to_owned()))?;
    Ok((before.trim_end_matches(['-', '_', '.']).to_owned(), date))
}

fn file_safe(cluster: &str) -> String {
    let safe = |character: char| character.is_alphanumeric() || matches!(character, '-' | '_' | '.' | '@');
    let name: String =
        cluster.chars().map(|character| if safe(character) { character } else { '_' }).collect();
    // Nothing that hides the file, and nothing that reading would take away.
    let name = name.trim_start_matches('.').trim_end_matches(['-', '_', '.']);
    if name.is_empty() { "cluster".to_owned() } else { name.to_owned() }
}

//! What is to be imported, and where it stands.

use std::{
    collections::BTreeMap,
    io::{self, Write as _},
};

use anyhow::{Result, anyhow};
use passmuster::{
    cli::Failures,
    model::Skipped,
    quota::project::{Note, Wanted},
    text::neutral,
};

use super::tell_skipped;

/// Of what is wrong, no more than this is told: it is to be read.
const MOST: usize = 100;

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// What is said of projects, and where; by name.
    pub(super) projects: BTreeMap<String, (Wanted, String)>,
    /// What became ours only in part, or not at all.
    pub(super) notes: Vec<Note>,
    /// What could not be read.
    pub(super) skipped: Vec<Skipped>,
}

impl Found {
    /// What is said of projects.
    pub(super) fn wanted(&self) -> Vec<Wanted> {
        self.projects.values().map(|(wanted, _)| wanted.clone()).collect()
    }

    /// Where a project is said.
    pub(super) fn place(&self, name: &str) -> &str {
        self.projects.get(name).map_or("", |(_, place)| place)
    }

    /// Whether nothing is missing that should be here.
    pub(super) fn is_complete(&self) -> bool {
        self.skipped.is_empty() && self.notes.iter().all(|note| !note.left_out)
    }

    /// Says on standard error what is missing.
    pub(super) fn tell(&self) -> Result<()> {
        for note in &self.notes {
            writeln!(io::stderr(), "note: {}", neutral(&note.to_string()))?;
        }
        tell_skipped(&self.skipped)
    }
}

/// Everything that is wrong, as far as anybody reads.
pub(super) fn failures(all: impl Iterator<Item = anyhow::Error>) -> anyhow::Error {
    let mut all = all;
    let mut told: Vec<anyhow::Error> = all.by_ref().take(MOST).collect();
    let more = all.count();
    if more > 0 {
        told.push(anyhow!("and {more} more like these"));
    }
    Failures(told).into()
}

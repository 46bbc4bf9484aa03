//! What is told to the shell.

use std::io::{self, Write};

use crate::text::neutral;

/// Put no space behind the candidate.
const NO_SPACE: u8 = 2;
/// Don't offer files when there are no candidates.
const NO_FILES: u8 = 4;
/// Offer directories.
const DIRECTORIES: u8 = 16;

/// Candidates, and what the shell is to do with them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Answer {
    pub candidates: Vec<Candidate>,
    directive: u8,
}

/// One candidate.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Candidate {
    pub value: String,
    pub help: String,
}

impl Candidate {
    pub(super) fn new(value: impl Into<String>, help: impl Into<String>) -> Self {
        Self { value: value.into(), help: help.into() }
    }
}

impl Answer {
    /// These and nothing else.
    pub(super) fn of(candidates: Vec<Candidate>) -> Self {
        Self { candidates, directive: NO_FILES }
    }

    /// Nothing.
    pub(super) fn nothing() -> Self {
        Self::of(Vec::new())
    }

    /// Whatever files the shell finds.
    pub(super) fn files() -> Self {
        Self::default()
    }

    /// Whatever directories the shell finds.
    pub(super) fn directories() -> Self {
        Self { candidates: Vec::new(), directive: DIRECTORIES }
    }

    /// The same, the word to go on behind the candidate.
    pub(super) fn without_space(mut self) -> Self {
        self.directive |= NO_SPACE;
        self
    }

    /// Writes it as cobra does. Names come from whoever may write to the cluster: nothing that steers a terminal, and
    /// no line or column more than meant.
    pub(super) fn write(&self, out: &mut impl Write) -> io::Result<()> {
        for candidate in &self.candidates {
            if candidate.value.chars().any(char::is_control) {
                continue;
            }
            match neutral(&candidate.help) {
                help if help.is_empty() => writeln!(out, "{}", candidate.value)?,
                help => writeln!(out, "{}\t{help}", candidate.value)?,
            }
        }
        writeln!(out, ":{}", self.directive)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_protocol() {
        let mut out = Vec::new();
        let answer = Answer::of(vec![
            Candidate::new("pods", "Pod (po)"),
            Candidate::new("a\tb", ""),
            Candidate::new("nodes", ""),
        ]);
        answer.without_space().write(&mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "pods\tPod (po)\nnodes\n:6\n");
    }
}

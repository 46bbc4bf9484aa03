use std::fmt;

use super::tree::Place;

/// Where a value or a problem is from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The configuration file, as the user calls it, and the place in it where there is one.
    File(String, Option<Place>),
    /// A variable of the environment.
    Variable(String),
    /// Nothing said otherwise.
    Default,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(name, Some(Place { line, column })) => write!(f, "{name}:{line}:{column}"),
            Self::File(name, None) | Self::Variable(name) => f.write_str(name),
            Self::Default => f.write_str("default"),
        }
    }
}

/// Whether a problem keeps the configuration from being used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// It does.
    Error,
    /// It works, and is probably not what was meant.
    Warning,
}

impl Severity {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// Something that is wrong with the configuration: `config.yaml:3:5: quota.perod: unknown key, did you mean period?`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// How bad it is.
    pub severity: Severity,
    /// Where.
    pub source: Source,
    /// Of which key; empty for the file as a whole.
    pub key: String,
    /// What is wrong, and what to do.
    pub message: String,
}

impl Problem {
    pub(super) fn error(source: Source, key: impl Into<String>, message: impl Into<String>) -> Self {
        Self { severity: Severity::Error, source, key: key.into(), message: message.into() }
    }

    pub(super) fn warning(source: Source, key: impl Into<String>, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(source, key, message) }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.source)?;
        if !self.key.is_empty() {
            write!(f, "{}: ", self.key)?;
        }
        f.write_str(&self.message)
    }
}

/// Sorts: what is of the file first, by line; then what is of the environment.
pub(super) fn sort(problems: &mut [Problem]) {
    problems.sort_by_cached_key(|problem| {
        let (rank, place) = match &problem.source {
            Source::File(_, place) => (0, place.map(|place| (place.line, place.column))),
            Source::Variable(_) => (1, None),
            Source::Default => (2, None),
        };
        (rank, place, problem.key.clone(), problem.message.clone())
    });
}

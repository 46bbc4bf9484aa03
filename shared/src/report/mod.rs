//! How results are written: for people, for programs, for other tools.
//!
//! An output is one file: a name for `-o`, and a function of a result and a writer. It lies in `graph/` when it is of
//! what `kubectl graph` answers, in `quota/` and `audit/` when it is of what those plugins answer, and in `common/` when
//! any [`Printable`] has it. The folders are the registries; `build.rs` lists them. Outputs are pure: what they need to
//! know of the terminal and the time stands in [`Options`]. What several of them need lies beside the folders:
//! [`tree`], `layout`, `usage`.

use std::io;

mod arrows;
mod drawing;
mod format;
pub mod json;
mod label;
mod layout;
mod markup;
mod page;
mod palette;
mod printable;
pub mod rates;
mod relations;
pub mod schema;
#[cfg(test)]
mod sketch;
mod template;
pub mod tree;
mod usage;

pub use format::{Format, FormatError, allowed_formats};
pub use printable::{Printable, outputs};

use crate::model::Time;

mod common {
    use super::{Output, Printable};

    include!(concat!(env!("OUT_DIR"), "/common_outputs.rs"));
}

mod audit {
    use super::Output;
    use crate::audit::AuditReport;

    include!(concat!(env!("OUT_DIR"), "/audit_outputs.rs"));
}

mod graph {
    use super::Output;
    use crate::graph::Document;

    include!(concat!(env!("OUT_DIR"), "/graph_outputs.rs"));
}

mod pod_security {
    use super::Output;
    use crate::audit::pod_security::PodSecurityReport;

    include!(concat!(env!("OUT_DIR"), "/pod_security_outputs.rs"));
}

mod quota {
    use super::Output;
    use crate::quota::QuotaUsage;

    include!(concat!(env!("OUT_DIR"), "/quota_outputs.rs"));
}

/// What an output may know of where it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Whether to colour.
    pub colour: bool,
    /// Whether tables have a header.
    pub headers: bool,
    /// Columns of the terminal; `None`: as wide as it takes.
    pub width: Option<usize>,
    /// What ages are counted to; `None`: no ages.
    pub now: Option<Time>,
}

impl Default for Options {
    fn default() -> Self {
        Self { colour: false, headers: true, width: None, now: None }
    }
}

/// Why a result could not be written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The writer failed.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The template of `-o jsonpath=` or `-o custom-columns=` does not fit the result.
    #[error("{0}")]
    Template(String),
}

/// An output, made ready: its argument has been read.
pub trait Render<D>: Send + Sync {
    /// Writes a result.
    fn render(&self, document: &D, options: &Options, out: &mut dyn io::Write) -> Result<(), Error>;
}

/// Outputs that take no argument are functions.
impl<D, F> Render<D> for F
where
    F: Fn(&D, &Options, &mut dyn io::Write) -> io::Result<()> + Send + Sync,
{
    fn render(&self, document: &D, options: &Options, out: &mut dyn io::Write) -> Result<(), Error> {
        Ok(self(document, options, out)?)
    }
}

/// An output as its file declares it.
#[derive(Debug)]
pub struct Output<D> {
    /// What it is called after `-o`.
    pub name: &'static str,
    /// One line of help.
    pub about: &'static str,
    /// How it is made ready.
    pub make: Make<D>,
}

impl<D> Clone for Output<D> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<D> Copy for Output<D> {}

/// An output made ready, or why its argument is refused.
pub type Made<D> = Result<Box<dyn Render<D>>, FormatError>;

/// How an output is made ready.
#[derive(Debug)]
pub enum Make<D> {
    /// It takes no argument.
    Plain(fn(&D, &Options, &mut dyn io::Write) -> io::Result<()>),
    /// `-o NAME=TEXT`: the text is the argument.
    Text(fn(&str) -> Made<D>),
    /// `-o NAME=FILE`: the content of the file is the argument, which errors call by the file's name.
    File(fn(&str) -> Made<D>),
}

impl<D> Clone for Make<D> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<D> Copy for Make<D> {}

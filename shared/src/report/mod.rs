//! How results are written: for people, for programs, for other tools.
//!
//! An output is one file in `graph/` (of what `kubectl graph` answers): a name for `-o`, and a function of a result
//! and a writer. The folder is the registry; `build.rs` lists it. Outputs are pure: what they need to know of the
//! terminal and the time stands in [`Options`]. What several of them need lies beside the folder: [`tree`], `layout`.

use std::io;

mod arrows;
mod drawing;
mod format;
pub mod json;
mod label;
mod layout;
mod markup;
mod palette;
mod relations;
pub mod schema;
#[cfg(test)]
mod sketch;
mod template;
pub mod tree;

pub use format::{Format, FormatError, allowed_formats};

use crate::{graph::Document, model::Time};

mod graph {
    use super::Output;

    include!(concat!(env!("OUT_DIR"), "/outputs.rs"));
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
pub trait Render: Send + Sync {
    /// Writes a result.
    fn render(&self, document: &Document, options: &Options, out: &mut dyn io::Write) -> Result<(), Error>;
}

/// Outputs that take no argument are functions.
impl<F> Render for F
where
    F: Fn(&Document, &Options, &mut dyn io::Write) -> io::Result<()> + Send + Sync,
{
    fn render(&self, document: &Document, options: &Options, out: &mut dyn io::Write) -> Result<(), Error> {
        Ok(self(document, options, out)?)
    }
}

/// An output as its file declares it.
pub struct Output {
    /// What it is called after `-o`.
    pub name: &'static str,
    /// One line of help.
    pub about: &'static str,
    /// How it is made ready.
    pub make: Make,
}

/// How an output is made ready.
pub enum Make {
    /// It takes no argument.
    Plain(fn(&Document, &Options, &mut dyn io::Write) -> io::Result<()>),
    /// `-o NAME=TEXT`: the text is the argument.
    Text(fn(&str) -> Result<Box<dyn Render>, FormatError>),
    /// `-o NAME=FILE`: the content of the file is the argument, which errors call by the file's name.
    File(fn(&str) -> Result<Box<dyn Render>, FormatError>),
}

/// Every output of a graph, in the order of their file names.
pub fn outputs() -> impl Iterator<Item = &'static Output> {
    graph::OUTPUTS.iter().copied()
}

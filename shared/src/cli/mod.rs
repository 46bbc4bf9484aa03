//! What the plugins share on the command line: kubectl's flags and manners, exit codes, colours, shell completion.
//!
//! A plugin's `main` is [`Program::run`] with a clap parser and a function. Data goes to standard output, everything
//! else to standard error; an error is printed once, as kubectl would, and decides the exit code.

pub mod complete;
mod exit;
mod failure;
mod help;
mod invocation;
mod log;
mod moment;
mod options;
pub mod output;
mod program;
mod terminal;
mod usage;

pub use exit::Exit;
pub use failure::{Failures, describe};
pub use invocation::Invocation;
pub use moment::{now, told_to_end};
pub use options::CommonOptions;
pub use program::{Program, Session, block_on};
pub use terminal::{ColorChoice, Terminal};
pub use usage::UsageError;

//! What is wrong on the command line, in files and in the world: a clear error or a sane answer, and nothing that
//! steers a terminal.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test that calls them")]

mod arguments;
mod files;
mod folder;
mod hostile;
mod large;
mod rubbish;

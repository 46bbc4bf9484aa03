//! `kubectl quota-usage`: arguments in, library called, result out.

mod args;
#[allow(dead_code)]
mod clusters;
mod config;
mod daily;
mod explain;
mod export;
mod fit;
mod import;
mod run;
mod usage;
mod verify;

use std::process::ExitCode;

use passmuster::cli::Program;

/// Runs the plugin.
pub fn main() -> ExitCode {
    Program { name: "quota-usage", completes: args::completes }.run(run::run)
}

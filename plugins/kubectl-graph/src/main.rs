//! `kubectl graph`: arguments in, library called, result out.

mod args;
mod compare;
mod follow;
mod from_cluster;
mod from_files;
mod query;
mod relations;
mod run;

use std::process::ExitCode;

use passmuster::cli::Program;

fn main() -> ExitCode {
    Program { name: "graph", completes: args::completes }.run(run::run)
}

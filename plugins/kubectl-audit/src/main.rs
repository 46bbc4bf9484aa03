//! `kubectl audit`: arguments in, library called, result out.

mod args;
mod catalogue;
mod clusters;
mod enforce;
mod files;
mod gate;
mod helm;
mod outputs;
mod policy;
mod run;
mod scope;
mod test;

use std::process::ExitCode;

use passmuster::cli::Program;

fn main() -> ExitCode {
    Program { name: "audit", completes: args::completes }.run(run::run)
}

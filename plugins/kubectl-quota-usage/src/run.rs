//! One run of the plugin.

use anyhow::Result;
use passmuster::cli::{Exit, Session};

use crate::{
    args::{Cli, Command},
    config, daily, explain, export, fit, import, usage, verify,
};

/// Runs what the arguments ask for.
pub(crate) fn run(cli: Cli, session: &Session) -> Result<Exit> {
    let Cli { command, usage: args, common } = cli;
    match command {
        None => usage::run(&args, &common, session),
        Some(Command::Verify(args)) => verify::run(&args, &common, session),
        Some(Command::Explain(args)) => explain::run(&args, &common, session),
        Some(Command::Fit(args)) => fit::run(&args, &common, session),
        Some(Command::Import(args)) => import::run(&args, &common, session),
        Some(Command::Export(args)) => export::run(&args, &common, session),
        Some(Command::Report(command)) => daily::run(&command, &common, session),
        Some(Command::Config(command)) => config::run(&command, &common, session),
    }
}

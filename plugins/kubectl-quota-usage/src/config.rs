//! `kubectl quota-usage config`.

use anyhow::{Result, bail};
use passmuster::cli::{Exit, Session};

use crate::args::Common;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum ConfigCommand {
    /// Say what is wrong with the configuration file
    Check,
}

pub(crate) fn run(_: &ConfigCommand, _: &Common, _: &Session) -> Result<Exit> {
    bail!("not yet")
}

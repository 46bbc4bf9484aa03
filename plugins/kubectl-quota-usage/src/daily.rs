//! `kubectl quota-usage report`.

use anyhow::{Result, bail};
use passmuster::cli::{Exit, Session};

use crate::args::Common;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum ReportCommand {
    /// Write a day's peaks to a file
    Daily,
}

pub(crate) fn run(_: &ReportCommand, _: &Common, _: &Session) -> Result<Exit> {
    bail!("not yet")
}

//! `kubectl quota-usage export`.

use anyhow::{Result, bail};
use passmuster::cli::{Exit, Session};

use crate::args::Common;

#[derive(Debug, clap::Args)]
pub(crate) struct ExportArgs {}

pub(crate) fn run(_: &ExportArgs, _: &Common, _: &Session) -> Result<Exit> {
    bail!("not yet")
}

//! `kubectl quota-usage fit`.

use anyhow::{Result, bail};
use passmuster::cli::{Exit, Session};

use crate::args::Common;

#[derive(Debug, clap::Args)]
pub(crate) struct FitArgs {}

pub(crate) fn run(_: &FitArgs, _: &Common, _: &Session) -> Result<Exit> {
    bail!("not yet")
}

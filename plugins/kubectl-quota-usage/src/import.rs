//! `kubectl quota-usage import`.

use anyhow::{Result, bail};
use passmuster::cli::{Exit, Session};

use crate::args::Common;

#[derive(Debug, clap::Args)]
pub(crate) struct ImportArgs {}

pub(crate) fn run(_: &ImportArgs, _: &Common, _: &Session) -> Result<Exit> {
    bail!("not yet")
}

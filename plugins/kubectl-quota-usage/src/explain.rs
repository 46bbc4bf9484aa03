//! `kubectl quota-usage explain`.

use anyhow::{Result, bail};
use passmuster::cli::{Exit, Session};

use crate::args::Common;

#[derive(Debug, clap::Args)]
pub(crate) struct ExplainArgs {}

pub(crate) fn run(_: &ExplainArgs, _: &Common, _: &Session) -> Result<Exit> {
    bail!("not yet")
}

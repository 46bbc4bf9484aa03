//! `kubectl quota-usage `.

use anyhow::{Result, bail};
use passmuster::cli::{Exit, Session};

use crate::args::Common;

#[derive(Debug, clap::Args)]
pub(crate) struct UsageArgs {}

pub(crate) fn run(_: &UsageArgs, _: &Common, _: &Session) -> Result<Exit> {
    bail!("not yet")
}

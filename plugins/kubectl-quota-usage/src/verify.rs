//! `kubectl quota-usage verify`.

use anyhow::{Result, bail};
use passmuster::cli::{Exit, Session};

use crate::args::Common;

#[derive(Debug, clap::Args)]
pub(crate) struct VerifyArgs {}

pub(crate) fn run(_: &VerifyArgs, _: &Common, _: &Session) -> Result<Exit> {
    bail!("not yet")
}

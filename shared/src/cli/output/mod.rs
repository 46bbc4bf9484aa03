//! Where results go: standard output, a file replaced as a whole, a terminal redrawn in place; and what is said of what
//! could not be read.

mod partial;
mod replace;
mod screen;

use std::io::{self, BufWriter, IsTerminal as _, Write};

pub use partial::partial;
pub use replace::replace;
pub use screen::Screen;

use super::UsageError;
use crate::report::{Format, Options, Printable};

/// Writes a result to standard output; to a terminal only what a person can look at.
pub fn print<D: Printable>(format: &Format<D>, document: &D, options: &Options) -> anyhow::Result<()> {
    if !format.is_text() && io::stdout().is_terminal() {
        let message = "a spreadsheet is nothing to show on a terminal: name a file with --output-file";
        return Err(UsageError::new(message).into());
    }
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    format.render(document, options, &mut out)?;
    Ok(out.flush()?)
}

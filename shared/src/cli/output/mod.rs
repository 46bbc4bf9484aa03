//! Where results go: standard output, a file replaced as a whole, a terminal redrawn in place; and what is said of what
//! could not be read.

mod partial;
mod replace;
mod screen;

use std::io::{self, BufWriter, Write};

pub use partial::partial;
pub use replace::replace;
pub use screen::Screen;

use crate::report::{Format, Options, Printable};

/// Writes a result to standard output.
pub fn print<D: Printable>(format: &Format<D>, document: &D, options: &Options) -> anyhow::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    format.render(document, options, &mut out)?;
    Ok(out.flush()?)
}

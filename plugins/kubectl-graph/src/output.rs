//! Where results go: standard output, a file replaced as a whole, a terminal redrawn in place.

use std::{
    io::{self, BufWriter, IsTerminal as _, Write},
    path::Path,
};

use anyhow::{Context as _, Result};
use passmuster::{
    graph::Document,
    report::{Format, Options},
};

/// Writes a result to standard output.
pub(crate) fn print(format: &Format, document: &Document, options: &Options) -> Result<()> {
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    format.render(document, options, &mut out)?;
    Ok(out.flush()?)
}

/// Replaces a file with what `write` writes; whoever reads it sees the old or the new, whole.
pub(crate) fn replace(path: &Path, write: impl FnOnce(&mut dyn Write) -> Result<()>) -> Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let failed = || format!("can't write {}", path.display());
    let file = tempfile::NamedTempFile::new_in(folder).with_context(failed)?;
    let mut out = BufWriter::new(file);
    write(&mut out)?;
    let file = out.into_inner().map_err(io::IntoInnerError::into_error).with_context(failed)?;
    let path_mode = file.as_file();
    readable(path_mode).with_context(failed)?;
    file.persist(path).map_err(|error| error.error).with_context(failed)?;
    Ok(())
}

/// Temporary files are for their owner alone; results are not.
fn readable(file: &std::fs::File) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        file.set_permissions(std::fs::Permissions::from_mode(0o644))?;
    }
    let _ = file;
    Ok(())
}

/// Standard output, redrawn in place when it is a terminal.
pub(crate) struct Screen {
    terminal: bool,
    shown: bool,
}

impl Screen {
    pub(crate) fn new() -> Self {
        Self { terminal: io::stdout().is_terminal(), shown: false }
    }

    /// Shows a result in the place of the one before.
    pub(crate) fn show(&mut self, format: &Format, document: &Document, options: &Options) -> Result<()> {
        let mut text = Vec::new();
        format.render(document, options, &mut text)?;
        let mut out = io::stdout().lock();
        if self.terminal {
            // To the top, each line cleared as it is written over, and what is left below cleared: no flicker.
            let lines = String::from_utf8_lossy(&text).replace('\n', "\x1b[K\n");
            let top = if self.shown { "\x1b[H" } else { "\x1b[2J\x1b[H" };
            write!(out, "{top}{lines}\x1b[J")?;
        } else {
            if self.shown {
                out.write_all(b"\n")?;
            }
            out.write_all(&text)?;
        }
        self.shown = true;
        Ok(out.flush()?)
    }
}

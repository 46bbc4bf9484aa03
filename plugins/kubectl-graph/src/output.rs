//! Where results go: standard output, a file replaced as a whole, a terminal redrawn in place.

use std::{
    io::{self, BufWriter, IsTerminal as _, Write},
    path::Path,
};

use anyhow::{Context as _, Result};
use passmuster::{
    cli::Terminal,
    graph::Document,
    model::Skipped,
    report::{Format, Options},
    text::counted,
};

use crate::partial;

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

/// Standard output, redrawn in place when that is wanted and it is a terminal.
pub(crate) struct Screen {
    redrawn: bool,
    shown: bool,
    /// What was said last of what can't be read.
    told: Option<String>,
}

impl Screen {
    pub(crate) fn new(redrawn: bool) -> Self {
        Self { redrawn: redrawn && io::stdout().is_terminal(), shown: false, told: None }
    }

    /// Shows a result in the place of the one before.
    pub(crate) fn show(&mut self, format: &Format, document: &Document, options: &Options) -> Result<()> {
        let mut text = Vec::new();
        format.render(document, options, &mut text)?;
        let mut out = io::stdout().lock();
        if self.redrawn {
            let note = partial::line(&document.skipped).map(|line| line + "\n").unwrap_or_default();
            // To the top, each line cleared as it is written over, and what is left below cleared: no flicker.
            let height = Terminal { is_terminal: true, ..Terminal::default() }.measured_again().height;
            let height = height.map(|height| height.saturating_sub(note.lines().count()));
            let text = fitting(&String::from_utf8_lossy(&text), height);
            let lines = (text + note.as_str()).replace('\n', "\x1b[K\n");
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

    /// Says on standard error what can't be read, when that is something else than before. A result that is redrawn
    /// shows it itself.
    pub(crate) fn tell(&mut self, skipped: &[Skipped]) -> Result<()> {
        let line = partial::line(skipped);
        if !self.redrawn && self.told != line {
            writeln!(io::stderr(), "{}", line.as_deref().unwrap_or("everything can be read again"))?;
        }
        self.told = line;
        Ok(())
    }
}

/// The lines that fit on a screen, and how many do not: what scrolls away can't be drawn over.
fn fitting(text: &str, height: Option<usize>) -> String {
    let all = text.lines().count();
    let most = height.map_or(all, |height| height.saturating_sub(2));
    if all <= most {
        return text.to_owned();
    }
    let shown: String = text.lines().take(most).flat_map(|line| [line, "\n"]).collect();
    format!("{shown}… {} more\n", counted(all - most, "line"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_counted() {
        assert_eq!(fitting("a\nb\nc\nd\n", Some(4)), "a\nb\n… 2 lines more\n");
        assert_eq!(fitting("a\nb\n", Some(4)), "a\nb\n");
        assert_eq!(fitting("a\nb\nc\n", None), "a\nb\nc\n");
    }
}

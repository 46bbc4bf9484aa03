use std::io::{self, IsTerminal as _, Write};

use anyhow::Result;

use super::partial;
use crate::{
    cli::Terminal,
    model::Skipped,
    report::{Format, Options, Printable},
    text::counted,
};

/// Standard output, redrawn in place when that is wanted and it is a terminal.
#[derive(Debug)]
pub struct Screen {
    redrawn: bool,
    shown: bool,
    /// What was said last of what can't be read.
    told: Option<String>,
}

impl Screen {
    /// Nothing is shown yet.
    pub fn new(redrawn: bool) -> Self {
        Self { redrawn: redrawn && io::stdout().is_terminal(), shown: false, told: None }
    }

    /// Shows a result in the place of the one before.
    pub fn show<D: Printable>(
        &mut self,
        format: &Format<D>,
        document: &D,
        skipped: &[Skipped],
        options: &Options,
    ) -> Result<()> {
        let mut text = Vec::new();
        format.render(document, options, &mut text)?;
        let mut out = io::stdout().lock();
        if self.redrawn {
            let note = partial(skipped).map(|line| line + "\n").unwrap_or_default();
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
    pub fn tell(&mut self, skipped: &[Skipped]) -> Result<()> {
        let line = partial(skipped);
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

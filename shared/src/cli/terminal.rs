//! What may be drawn where.

use std::io::{self, IsTerminal};

use crate::cluster::Env;

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum ColorChoice {
    /// On a terminal that wants them.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// One of the process's outputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Terminal {
    /// Whether a person looks at it, and it can be redrawn.
    pub is_terminal: bool,
    /// Whether colours are wanted.
    pub color: bool,
    /// Columns; `None` when there is no terminal, where nothing need be cut.
    pub width: Option<usize>,
    /// Lines; `None` when there is no terminal, or it does not say.
    pub height: Option<usize>,
}

impl Terminal {
    /// Standard output again: the window may have another size by now.
    #[must_use]
    pub fn measured_again(self) -> Self {
        match terminal_size::terminal_size_of(io::stdout()).filter(|_| self.is_terminal) {
            Some((width, height)) => {
                Self { width: Some(width.0.into()), height: Some(height.0.into()), ..self }
            }
            None => self,
        }
    }

    /// Standard output.
    pub fn stdout(choice: ColorChoice, env: &Env) -> Self {
        Self::of(io::stdout().is_terminal(), terminal_size::terminal_size_of(io::stdout()), choice, env)
    }

    /// Standard error.
    pub fn stderr(choice: ColorChoice, env: &Env) -> Self {
        Self::of(io::stderr().is_terminal(), terminal_size::terminal_size_of(io::stderr()), choice, env)
    }

    fn of(
        is_terminal: bool,
        size: Option<(terminal_size::Width, terminal_size::Height)>,
        choice: ColorChoice,
        env: &Env,
    ) -> Self {
        let columns = env.non_empty("COLUMNS").and_then(|columns| columns.parse().ok());
        let width =
            size.map(|(width, _)| usize::from(width.0)).or(columns).filter(|&width| is_terminal && width > 0);
        let height = size.map(|(_, height)| usize::from(height.0)).filter(|_| is_terminal);
        Self { is_terminal, color: wants_color(choice, is_terminal, env), width, height }
    }
}

/// kubectl's rule, and the two variables that other programs heed.
fn wants_color(choice: ColorChoice, is_terminal: bool, env: &Env) -> bool {
    match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        // Present is enough, even empty: https://no-color.org, and kubectl.
        ColorChoice::Auto if env.get("NO_COLOR").is_some() => false,
        ColorChoice::Auto if env.non_empty("CLICOLOR_FORCE").is_some_and(|value| value != "0") => true,
        ColorChoice::Auto => is_terminal && env.get("TERM") != Some("dumb"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours() {
        let env = Env::empty;
        for (choice, is_terminal, env, expected) in [
            (ColorChoice::Auto, true, env(), true),
            (ColorChoice::Auto, false, env(), false),
            (ColorChoice::Auto, true, env().with("NO_COLOR", ""), false),
            (ColorChoice::Auto, true, env().with("TERM", "dumb"), false),
            (ColorChoice::Auto, false, env().with("CLICOLOR_FORCE", "1"), true),
            (ColorChoice::Auto, false, env().with("CLICOLOR_FORCE", "0"), false),
            (ColorChoice::Auto, false, env().with("CLICOLOR_FORCE", "1").with("NO_COLOR", "1"), false),
            (ColorChoice::Always, false, env().with("NO_COLOR", "1"), true),
            (ColorChoice::Never, true, env().with("CLICOLOR_FORCE", "1"), false),
        ] {
            assert_eq!(wants_color(choice, is_terminal, &env), expected, "{choice:?} {is_terminal} {env:?}");
        }
    }

    #[test]
    fn width_only_where_someone_looks() {
        let env = Env::empty().with("COLUMNS", "77");
        assert_eq!(Terminal::of(false, None, ColorChoice::Auto, &env).width, None);
        assert_eq!(Terminal::of(true, None, ColorChoice::Auto, &env).width, Some(77));
    }
}

use std::process::ExitCode;

/// How a run ended, for scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Exit {
    /// It ran. 0.
    #[default]
    Ok,
    /// It could not run. 1, as of kubectl, also for wrong usage.
    Failed,
    /// It ran, and a condition that the user set was met (`--exit-code`, `--fail-on`). 3.
    Gate,
    /// It ran, but part of the input could not be read and the user asked for `--strict`. 4.
    Partial,
}

impl Exit {
    /// The number.
    pub fn code(self) -> u8 {
        match self {
            Self::Ok => 0,
            Self::Failed => 1,
            Self::Gate => 3,
            Self::Partial => 4,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

use std::fmt;

/// Why an expression has no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Error {
    /// It does not fit the data; another operand of `&&` and `||` may still decide.
    Data(String),
    /// It would take too long, or too much memory. Nothing hides this.
    Cost(&'static str),
}

impl Error {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self::Data(message.into())
    }

    /// The words of cel-go.
    pub(crate) fn no_such_overload() -> Self {
        Self::new("no such overload")
    }

    pub(crate) fn no_such_key(key: impl fmt::Display) -> Self {
        Self::new(format!("no such key: {key}"))
    }

    pub(crate) fn is_cost(&self) -> bool {
        matches!(self, Self::Cost(_))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Data(message) => f.write_str(message),
            Self::Cost(what) => f.write_str(what),
        }
    }
}

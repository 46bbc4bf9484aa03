use std::borrow::Cow;

use jiff::civil::Date;

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Cell {
    /// Nothing, or nothing but spaces.
    #[default]
    Empty,
    /// Text. A csv file has nothing else.
    Text(String),
    /// A number in decimal digits, without exponent: what the file says, as exactly as a spreadsheet keeps it
    /// (a floating-point number of 64 bits, in the fewest digits that mean it).
    Number(String),
    /// True or false.
    Bool(bool),
    /// A day. Days with a time of day are text, as RFC 3339 writes them.
    Date(Date),
    /// A formula as it is written, with its `=`. Its result is not read: nobody says that it is up to date.
    Formula(String),
    /// What the spreadsheet shows instead of a value, such as `#REF!`.
    Error(String),
}

/// The text of a cell, or that it has none that could be trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Text<'a> {
    /// Nothing is there.
    Empty,
    /// What a person reads there, without spaces around it.
    Is(Cow<'a, str>),
    /// A formula or an error; see [`super::Sheet::faults`].
    Untrusted,
}

impl Cell {
    /// Text, or nothing if it is empty.
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.trim().is_empty() { Self::Empty } else { Self::Text(text) }
    }

    /// What a person reads in the cell: the same for `8` the number and `8` the text.
    pub fn read(&self) -> Text<'_> {
        match self {
            Self::Empty => Text::Empty,
            Self::Text(text) if text.trim().is_empty() => Text::Empty,
            Self::Text(text) | Self::Number(text) => Text::Is(Cow::Borrowed(text.trim())),
            Self::Bool(value) => Text::Is(Cow::Borrowed(if *value { "TRUE" } else { "FALSE" })),
            Self::Date(date) => Text::Is(Cow::Owned(date.to_string())),
            Self::Formula(_) | Self::Error(_) => Text::Untrusted,
        }
    }

    /// Whether nothing is there.
    pub fn is_empty(&self) -> bool {
        self.read() == Text::Empty
    }
}

/// Text that may be empty.
impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

/// Text that may be empty.
impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::text(text)
    }
}

/// One step of a template.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    Text(String),
    /// What stands in one pair of braces, or in one side of a filter.
    List(Vec<Self>),
    Field(String),
    /// `range`, `end`.
    Identifier(String),
    Int(i64),
    Float(f64),
    Bool(bool),
    Array(Array),
    Wildcard,
    Recursive,
    Union(Vec<Vec<Self>>),
    Filter {
        left: Vec<Self>,
        right: Vec<Self>,
        operator: String,
    },
}

/// `[start:end:step]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Array {
    pub(super) start: Option<i64>,
    pub(super) end: Option<i64>,
    /// Whether the end was not said and is the one after the start: `[3]`.
    pub(super) single: bool,
    pub(super) step: Option<i64>,
}

impl Node {
    pub(super) fn is_keyword(&self) -> bool {
        matches!(self, Self::Identifier(_))
    }
}

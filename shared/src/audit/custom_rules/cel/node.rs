//! Expressions, their names resolved.

use regex::Regex;

use super::value::Value;

/// What stands outside of an expression, and has a name in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Global {
    /// `object`.
    Object,
    /// `podSpec`.
    PodSpec,
    /// `podMetadata`.
    PodMetadata,
    /// `it`: a candidate among related objects.
    It,
    /// `params`.
    Params,
    /// `now`.
    Now,
    /// A list of related objects, by its place.
    Related(usize),
    /// One of `variables`, by its place.
    Variable(usize),
}

/// An expression.
#[derive(Debug)]
pub(crate) enum Node {
    Null,
    Bool(bool),
    Int(i64),
    Uint(u64),
    Double(f64),
    Text(Box<str>),
    Bytes(Box<[u8]>),
    Type(&'static str),
    Global(Global),
    /// A variable of a comprehension: how many were bound before it.
    Local(usize),
    Field {
        of: Box<Self>,
        name: Box<str>,
        optional: bool,
    },
    Has {
        of: Box<Self>,
        name: Box<str>,
    },
    Index {
        of: Box<Self>,
        at: Box<Self>,
        optional: bool,
    },
    /// Elements, each with whether it is left out when it is an optional without value.
    List(Vec<(Self, bool)>),
    Map(Vec<(Self, Self, bool)>),
    Not(Box<Self>),
    Negate(Box<Self>),
    And(Box<(Self, Self)>),
    Or(Box<(Self, Self)>),
    If(Box<(Self, Self, Self)>),
    Binary(Operator, Box<(Self, Self)>),
    Matches {
        of: Box<Self>,
        pattern: Regex,
    },
    Call {
        name: Box<str>,
        target: Option<Box<Self>>,
        arguments: Vec<Self>,
    },
    Fold(Box<Fold>),
    /// `optMap` and `optFlatMap`: the optional, what becomes of its value, and whether that is an optional itself.
    OptionalMap(Box<(Self, Self, bool)>),
}

/// A comprehension over a list or a map.
#[derive(Debug)]
pub(crate) struct Fold {
    pub(super) range: Node,
    /// Whether two variables are bound: place or key, and value.
    pub(super) two: bool,
    pub(super) kind: FoldKind,
}

#[derive(Debug)]
pub(crate) enum FoldKind {
    All(Node),
    Exists(Node),
    One(Node),
    /// A list of those that pass, of what becomes of them.
    List {
        filter: Option<Node>,
        each: Node,
    },
    /// A map of the same keys.
    Map {
        filter: Option<Node>,
        each: Node,
    },
    /// A map of the entries that each gives.
    Entries {
        filter: Option<Node>,
        each: Node,
    },
    /// The list, sorted by what becomes of each.
    SortBy(Node),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
}

impl Node {
    /// Whether it can't be true or false, whatever the object.
    pub(crate) fn never_boolean(&self) -> bool {
        let arithmetic =
            [Operator::Add, Operator::Subtract, Operator::Multiply, Operator::Divide, Operator::Modulo];
        match self {
            Self::Null
            | Self::Int(_)
            | Self::Uint(_)
            | Self::Double(_)
            | Self::Text(_)
            | Self::Bytes(_)
            | Self::Type(_)
            | Self::List(_)
            | Self::Map(_)
            | Self::Negate(_) => true,
            Self::Binary(operator, _) => arithmetic.contains(operator),
            Self::Fold(fold) => {
                !matches!(fold.kind, FoldKind::All(_) | FoldKind::Exists(_) | FoldKind::One(_))
            }
            Self::If(parts) => parts.1.never_boolean() || parts.2.never_boolean(),
            _ => false,
        }
    }

    /// The value of a literal, if it is one.
    pub(super) fn literal(&self) -> Option<Value<'_>> {
        use super::value::Text;
        Some(match self {
            Self::Null => Value::Null,
            Self::Bool(it) => Value::Bool(*it),
            Self::Int(it) => Value::Int(*it),
            Self::Uint(it) => Value::Uint(*it),
            Self::Double(it) => Value::Double(*it),
            Self::Text(it) => Value::Text(Text::Borrowed(it)),
            Self::Bytes(it) => Value::Bytes(it.as_ref().into()),
            Self::Type(name) => Value::Type(name),
            _ => return None,
        })
    }
}

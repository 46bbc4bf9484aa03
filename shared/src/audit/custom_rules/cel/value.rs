//! Values: of objects where they are, of expressions shared.

use std::{collections::BTreeMap, fmt, rc::Rc};

use serde_json::{Map as JsonMap, Value as Json};

use super::{library::Foreign, semver::Semver, url::Url};
use crate::quantity::Quantity;

/// A value of CEL. What objects hold is borrowed from them for `'v`.
#[derive(Debug, Clone)]
pub(crate) enum Value<'v> {
    Null,
    Bool(bool),
    Int(i64),
    Uint(u64),
    Double(f64),
    Text(Text<'v>),
    Bytes(Rc<[u8]>),
    List(List<'v>),
    Map(Map<'v>),
    Timestamp(jiff::Timestamp),
    /// In nanoseconds.
    Duration(i64),
    Quantity(Quantity),
    Url(Rc<Url>),
    Semver(Rc<Semver>),
    Optional(Option<Rc<Self>>),
    /// A type, by its name.
    Type(&'static str),
    /// What only the functions of a library know: addresses, versions, formats.
    Foreign(Foreign),
}

/// A string.
#[derive(Debug, Clone)]
pub(crate) enum Text<'v> {
    Borrowed(&'v str),
    Shared(Rc<str>),
}

/// A list.
#[derive(Debug, Clone)]
pub(crate) enum List<'v> {
    Json(&'v [Json]),
    Shared(Rc<Vec<Value<'v>>>),
}

/// A map. The fields of an object are one; those that are null are not there, as for the API server.
#[derive(Debug, Clone)]
pub(crate) enum Map<'v> {
    Json(&'v JsonMap<String, Json>),
    Shared(Rc<BTreeMap<Key, Value<'v>>>),
}

/// A key of a map. Whole numbers are the same key however they are typed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Key {
    Bool(bool),
    Int(i64),
    Uint(u64),
    Text(Rc<str>),
}

impl<'v> Value<'v> {
    /// What an object holds.
    pub(crate) fn of_json(json: &'v Json) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(it) => Self::Bool(*it),
            Json::Number(number) => match (number.as_i64(), number.as_f64()) {
                (Some(int), _) => Self::Int(int),
                (None, Some(double)) => Self::Double(double),
                (None, None) => Self::Null,
            },
            Json::String(text) => Self::Text(Text::Borrowed(text)),
            Json::Array(items) => Self::List(List::Json(items)),
            Json::Object(fields) => Self::Map(Map::Json(fields)),
        }
    }

    pub(crate) fn text(text: impl Into<Rc<str>>) -> Self {
        Self::Text(Text::Shared(text.into()))
    }

    pub(crate) fn list(items: Vec<Self>) -> Self {
        Self::List(List::Shared(Rc::new(items)))
    }

    pub(super) fn some(value: Self) -> Self {
        Self::Optional(Some(Rc::new(value)))
    }

    /// The name of its type, as `type()` has it.
    pub(super) fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "null_type",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Uint(_) => "uint",
            Self::Double(_) => "double",
            Self::Text(_) => "string",
            Self::Bytes(_) => "bytes",
            Self::List(_) => "list",
            Self::Map(_) => "map",
            Self::Timestamp(_) => "google.protobuf.Timestamp",
            Self::Duration(_) => "google.protobuf.Duration",
            Self::Quantity(_) => "kubernetes.Quantity",
            Self::Url(_) => "kubernetes.URL",
            Self::Semver(_) => "kubernetes.Semver",
            Self::Optional(_) => "optional_type",
            Self::Type(_) => "type",
            // Rules compare these with none: only the API server's own functions make such values.
            Self::Foreign(_) => "opaque",
        }
    }

    /// How much there is of it at most, in parts that a function may look at: what a call of it is charged.
    pub(super) fn weight(&self, limit: u64) -> u64 {
        match self {
            Self::Text(text) => 1 + text.len() as u64 / 16,
            Self::Bytes(bytes) => 1 + bytes.len() as u64 / 16,
            Self::List(list) => {
                let mut sum = 1;
                list.each(|item| {
                    sum += item.weight(limit.saturating_sub(sum));
                    sum < limit
                });
                sum
            }
            Self::Map(map) => {
                let mut sum = 1;
                map.each(|_, value| {
                    sum += 1 + value.weight(limit.saturating_sub(sum));
                    sum < limit
                });
                sum
            }
            Self::Optional(Some(value)) => 1 + value.weight(limit),
            _ => 1,
        }
    }
}

impl Text<'_> {
    pub(crate) fn as_str(&self) -> &str {
        match self {
            Self::Borrowed(text) => text,
            Self::Shared(text) => text,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.as_str().len()
    }
}

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl<'v> List<'v> {
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Json(items) => items.len(),
            Self::Shared(items) => items.len(),
        }
    }

    pub(crate) fn get(&self, at: usize) -> Option<Value<'v>> {
        match self {
            Self::Json(items) => items.get(at).map(Value::of_json),
            Self::Shared(items) => items.get(at).cloned(),
        }
    }

    /// Shows the items one by one, for as long as `go_on` says so.
    pub(super) fn each(&self, mut go_on: impl FnMut(&Value<'v>) -> bool) {
        match self {
            Self::Json(items) => {
                let _ = items.iter().all(|item| go_on(&Value::of_json(item)));
            }
            Self::Shared(items) => {
                let _ = items.iter().all(go_on);
            }
        }
    }

    pub(super) fn to_vec(&self) -> Vec<Value<'v>> {
        match self {
            Self::Json(items) => items.iter().map(Value::of_json).collect(),
            Self::Shared(items) => items.to_vec(),
        }
    }
}

impl<'v> Map<'v> {
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Json(fields) => fields.values().filter(|value| !value.is_null()).count(),
            Self::Shared(entries) => entries.len(),
        }
    }

    pub(crate) fn get(&self, key: &Key) -> Option<Value<'v>> {
        match self {
            Self::Json(_) => match key {
                Key::Text(name) => self.field(name),
                _ => None,
            },
            Self::Shared(entries) => entries.get(key).cloned(),
        }
    }

    pub(crate) fn field(&self, name: &str) -> Option<Value<'v>> {
        match self {
            Self::Json(fields) => fields.get(name).filter(|value| !value.is_null()).map(Value::of_json),
            Self::Shared(entries) => entries.get(&Key::Text(name.into())).cloned(),
        }
    }

    /// The keys, sorted: which field was written first must not matter.
    pub(super) fn keys(&self) -> Vec<Value<'v>> {
        match self {
            Self::Json(fields) => {
                let there = fields.iter().filter(|(_, value)| !value.is_null());
                let mut names: Vec<&'v str> = there.map(|(name, _)| name.as_str()).collect();
                names.sort_unstable();
                names.into_iter().map(|name| Value::Text(Text::Borrowed(name))).collect()
            }
            Self::Shared(entries) => entries.keys().map(Key::to_value).collect(),
        }
    }

    /// Shows the entries one by one, in no order that matters, for as long as `go_on` says so.
    pub(super) fn each(&self, mut go_on: impl FnMut(&Key, &Value<'v>) -> bool) {
        match self {
            Self::Json(fields) => {
                let mut there = fields.iter().filter(|(_, value)| !value.is_null());
                let _ = there
                    .all(|(name, value)| go_on(&Key::Text(name.as_str().into()), &Value::of_json(value)));
            }
            Self::Shared(entries) => {
                let _ = entries.iter().all(|(key, value)| go_on(key, value));
            }
        }
    }
}

impl Key {
    /// A value as a key; not every value can be one.
    pub(super) fn of(value: &Value<'_>) -> Option<Self> {
        Some(match value {
            Value::Bool(it) => Self::Bool(*it),
            Value::Int(it) => Self::Int(*it),
            Value::Uint(it) => i64::try_from(*it).map_or(Self::Uint(*it), Self::Int),
            Value::Text(Text::Shared(text)) => Self::Text(Rc::clone(text)),
            Value::Text(text) => Self::Text(text.as_str().into()),
            Value::Double(it) => Self::Int(whole(*it)?),
            _ => return None,
        })
    }

    pub(super) fn to_value<'v>(&self) -> Value<'v> {
        match self {
            Self::Bool(it) => Value::Bool(*it),
            Self::Int(it) => Value::Int(*it),
            Self::Uint(it) => Value::Uint(*it),
            Self::Text(text) => Value::Text(Text::Shared(Rc::clone(text))),
        }
    }
}

/// The whole number that a floating-point number is, if it is one.
pub(super) fn whole(double: f64) -> Option<i64> {
    /// 2^63.
    const BEYOND: f64 = 9_223_372_036_854_775_808.0;
    let fits = double.fract() == 0.0 && (-BEYOND..BEYOND).contains(&double);
    #[expect(clippy::cast_possible_truncation, reason = "it is whole and fits")]
    fits.then_some(double as i64)
}

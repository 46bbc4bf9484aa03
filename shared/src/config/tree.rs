//! YAML with the place of everything in it.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{self, MapAccess, SeqAccess, Visitor},
};
use serde_saphyr::{DuplicateKeyPolicy, Error as YamlError, Spanned};

/// Where something stands in a file; both from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Line.
    pub line: u64,
    /// Character of the line.
    pub column: u64,
}

/// A value and its place.
pub(super) struct Node {
    pub(super) place: Place,
    pub(super) value: Value,
}

/// What a value is. Numbers are kept as they are written.
pub(super) enum Value {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    List(Vec<Node>),
    Map(Vec<(Key, Node)>),
}

/// A key and its place.
pub(super) struct Key {
    pub(super) place: Place,
    pub(super) name: String,
}

impl Value {
    /// What a message calls it. Never the value itself, which may be a secret.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Bool(_) => "true or false",
            Self::Number(_) => "a number",
            Self::Text(_) => "a text",
            Self::List(_) => "a list",
            Self::Map(_) => "a mapping",
        }
    }
}

/// Why a text is not YAML, and where.
pub(super) struct Malformed {
    pub(super) place: Option<Place>,
    pub(super) message: String,
}

/// Reads a file of one document; `None` when there is nothing in it.
pub(super) fn parse(text: &str) -> Result<Option<Node>, Malformed> {
    let options = serde_saphyr::options! {
        duplicate_keys: DuplicateKeyPolicy::Error,
        // YAML 1.2: `no` is a text.
        strict_booleans: true,
        // The text may hold passwords.
        with_snippet: false,
        emit_comments: false,
        budget: serde_saphyr::budget! { max_depth: 32 },
    };
    match serde_saphyr::from_str_with_options::<Option<Node>>(text, options) {
        Ok(node) => Ok(node.filter(|node| !matches!(node.value, Value::Null)).map(|mut node| {
            as_written(&mut node, &text.lines().collect::<Vec<_>>());
            node
        })),
        Err(error) => Err(malformed(&error)),
    }
}

/// Gives numbers back as they are written: `007` is a name as good as any.
fn as_written(node: &mut Node, lines: &[&str]) {
    let Place { line, column } = node.place;
    match &mut node.value {
        Value::Number(number) => {
            let index = |from_one: u64| usize::try_from(from_one.saturating_sub(1)).unwrap_or(usize::MAX);
            let rest = lines.get(index(line)).into_iter().flat_map(|line| line.chars().skip(index(column)));
            let written: String =
                rest.take_while(|letter| !letter.is_whitespace() && !",]}".contains(*letter)).collect();
            // Not where the place is that of an alias.
            if written.starts_with(|first: char| first.is_ascii_digit() || "+-.".contains(first)) {
                *number = written;
            }
        }
        Value::List(nodes) => nodes.iter_mut().for_each(|node| as_written(node, lines)),
        Value::Map(entries) => entries.iter_mut().for_each(|(_, node)| as_written(node, lines)),
        Value::Null | Value::Bool(_) | Value::Text(_) => {}
    }
}

fn malformed(error: &YamlError) -> Malformed {
    let place = error.location().map(|location| Place { line: location.line(), column: location.column() });
    let message = match error.without_snippet() {
        YamlError::DuplicateMappingKey { key: Some(key), .. } => format!("the key {key:?} stands twice"),
        YamlError::MultipleDocuments { .. } => "a second document begins; there may be one only".to_owned(),
        other => crate::manifest::yaml_message(other),
    };
    Malformed { place, message }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Spanned { value, referenced, .. } = Spanned::<Value>::deserialize(deserializer)?;
        Ok(Self { place: Place { line: referenced.line(), column: referenced.column() }, value })
    }
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Spanned { value, referenced, .. } = Spanned::<String>::deserialize(deserializer)?;
        Ok(Self { place: Place { line: referenced.line(), column: referenced.column() }, name: value })
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        Value::deserialize(deserializer)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.to_string()))
    }

    fn visit_i128<E>(self, value: i128) -> Result<Value, E> {
        Ok(Value::Number(value.to_string()))
    }

    fn visit_u128<E>(self, value: u128) -> Result<Value, E> {
        Ok(Value::Number(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Number(value.to_string()))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Value, E> {
        Ok(Value::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut nodes = Vec::new();
        while let Some(node) = list.next_element()? {
            nodes.push(node);
        }
        Ok(Value::List(nodes))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(key) = map.next_key()? {
            entries.push((key, map.next_value()?));
        }
        Ok(Value::Map(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(node: &Node, into: &mut Vec<String>) {
        let Place { line, column } = node.place;
        match &node.value {
            Value::List(nodes) => nodes.iter().for_each(|node| lines(node, into)),
            Value::Map(entries) => {
                for (key, node) in entries {
                    into.push(format!("{}:{} {}", key.place.line, key.place.column, key.name));
                    lines(node, into);
                }
            }
            Value::Text(text) | Value::Number(text) => into.push(format!("{line}:{column} = {text}")),
            other => into.push(format!("{line}:{column} = {}", other.kind())),
        }
    }

    fn read(text: &str) -> Vec<String> {
        let mut all = Vec::new();
        match parse(text) {
            Ok(Some(node)) => lines(&node, &mut all),
            Ok(None) => {}
            Err(Malformed { place, message }) => all.push(format!("{place:?} {message}")),
        }
        all
    }

    #[test]
    fn everything_has_its_place() {
        let text = "# a comment\nquota:\n  by: [cluster, project]\n  accurate: true\n  none:\nnumber: 007\n'*': \"x\"\n";
        assert_eq!(
            read(text),
            [
                "2:1 quota",
                "3:3 by",
                "3:8 = cluster",
                "3:17 = project",
                "4:3 accurate",
                "4:13 = true or false",
                "5:3 none",
                "5:7 = nothing",
                "6:1 number",
                "6:9 = 007",
                "7:1 *",
                "7:6 = x",
            ]
        );
        for nothing in ["", "# only words\n", "---\n", "~"] {
            assert_eq!(read(nothing), [""; 0], "{nothing:?}");
        }
    }

    #[test]
    fn what_is_no_yaml_says_where() {
        for (text, expected) in [
            ("a: 1\na: 2\n", "the key \"a\" stands twice"),
            ("a: [1\n", ""),
            ("a: 1\n---\nb: 2\n", "second document"),
        ] {
            let read = read(text);
            assert!(
                read.len() == 1 && read[0].starts_with("Some(") && read[0].contains(expected),
                "{read:?}"
            );
        }
    }
}

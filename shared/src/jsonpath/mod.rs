//! kubectl's JSONPath dialect: templates of `-o jsonpath=`, and single paths.
//!
//! ```text
//!  text ─ parse ─► nodes ─ evaluate ─► values ─ print ─► text
//! ```
//!
//! A port of client-go's `util/jsonpath`, held equal to it by tests that ask kubectl. RFC 9535 and its libraries agree
//! with it on simple paths only: in kubectl an index out of bounds and a comparison of unlike types are errors, a
//! filter takes lists alone, `\.` escapes a dot, `range` loops, and text stands between the braces.

mod evaluate;
mod node;
mod parse;
mod print;
mod unquote;

use std::{borrow::Cow, io};

use serde_json::Value;

use node::Node;

/// Why a text is no template, or does not fit the data, in kubectl's words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Error(String);

impl Error {
    fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

/// A template: text with paths in braces.
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    nodes: Vec<Node>,
}

/// How the results of a template are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Values as they are, with spaces between.
    Text,
    /// Each result as a JSON list of its values: `jsonpath-as-json`.
    Json,
}

impl Template {
    /// Reads a template.
    pub fn parse(text: &str) -> Result<Self, Error> {
        Ok(Self { nodes: parse::parse(text)? })
    }

    /// The values of each of the template's parts. A field that is not there gives none.
    pub fn find<'a>(&self, data: &'a Value) -> Result<Vec<Vec<Cow<'a, Value>>>, Error> {
        evaluate::find(&self.nodes, data)
    }

    /// Writes the template filled in. What comes of the data cannot steer a terminal; the template's own text is
    /// written as it is.
    pub fn write(&self, data: &Value, style: Style, out: &mut dyn io::Write) -> Result<(), WriteError> {
        for results in evaluate::find_marked(&self.nodes, data)? {
            print::write(&results, style, out)?;
        }
        Ok(())
    }
}

/// Why a template could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The template does not fit the data.
    #[error(transparent)]
    Data(#[from] Error),
    /// The writer failed.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// A single path, as rules and columns take it: `.a.b`, `a.b`, `{.a.b}`.
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    template: Template,
}

impl Path {
    /// Reads a path, with or without braces and first dot.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let template = Template::parse(&relaxed(text)?)?;
        match &template.nodes[..] {
            [Node::List(nodes)] if !nodes.iter().any(Node::is_keyword) => Ok(Self { template }),
            _ => Err(Error::new(format!("{text}: expected one path"))),
        }
    }

    /// What the path leads to. Where it does not fit the data, it leads nowhere.
    pub fn values<'a>(&self, data: &'a Value) -> Vec<Cow<'a, Value>> {
        self.template.find(data).unwrap_or_default().into_iter().flatten().collect()
    }

    /// What the path leads to, or why it does not fit the data.
    pub fn find<'a>(&self, data: &'a Value) -> Result<Vec<Cow<'a, Value>>, Error> {
        Ok(self.template.find(data)?.into_iter().flatten().collect())
    }

    /// The texts and numbers that the path leads to; other values are left out.
    pub fn strings(&self, data: &Value) -> Vec<String> {
        let text = |value: Cow<'_, Value>| match &*value {
            Value::String(text) => Some(text.clone()),
            Value::Number(_) | Value::Bool(_) => Some(print::go_text(&value)),
            _ => None,
        };
        self.values(data).into_iter().filter_map(text).collect()
    }
}

/// kubectl's `RelaxedJSONPathExpression`.
fn relaxed(text: &str) -> Result<String, Error> {
    let inside = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(text);
    let field = inside.strip_prefix('.').filter(|rest| !rest.is_empty()).unwrap_or(inside);
    if text.is_empty() {
        return Ok(String::new());
    }
    if field.is_empty() || field.contains(['{', '}']) {
        return Err(Error::new(
            "unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'",
        ));
    }
    Ok(format!("{{.{field}}}"))
}

/// A value as Go's `fmt.Sprint` prints it: what stands in a custom column.
pub fn sprint(value: &Value) -> String {
    print::go_text(value)
}

#[cfg(test)]
mod tests;

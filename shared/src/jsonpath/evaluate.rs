//! From nodes and data to values.

use std::{borrow::Cow, cmp::Ordering};

use serde_json::Value;

use super::{
    Error,
    node::{Array, Node},
    print,
};

/// Values on the way through a path.
type Values<'a> = Vec<Cow<'a, Value>>;

/// Loops within loops deeper than this are refused.
const DEEPEST: u32 = 100;

/// The values of one part of a template, and whether they are the template's own text.
#[derive(Debug)]
pub(super) struct Results<'a> {
    pub(super) values: Values<'a>,
    pub(super) own_text: bool,
}

pub(super) fn find<'a>(nodes: &[Node], data: &'a Value) -> Result<Vec<Values<'a>>, Error> {
    Ok(find_marked(nodes, data)?.into_iter().map(|results| results.values).collect())
}

pub(super) fn find_marked<'a>(nodes: &[Node], data: &'a Value) -> Result<Vec<Results<'a>>, Error> {
    let mut evaluator = Evaluator { nodes, begun: 0, inside: 0, ended: 0, last_end: None, idle: 0 };
    evaluator.find(&Cow::Borrowed(data), 0)
}

/// Where loops begin and end is found out while walking, as client-go does.
struct Evaluator<'n> {
    nodes: &'n [Node],
    begun: u32,
    inside: u32,
    ended: u32,
    last_end: Option<usize>,
    /// Loops over nothing that are being walked through: there is nothing that could not fit.
    idle: u32,
}

impl Evaluator<'_> {
    fn find<'a>(&mut self, data: &Cow<'a, Value>, first: usize) -> Result<Vec<Results<'a>>, Error> {
        let nodes = self.nodes;
        let mut found = Vec::new();
        let mut at = first;
        while let Some(node) = nodes.get(at) {
            let values = self.walk(vec![data.clone()], node)?;
            if self.ended > 0 && self.ended <= self.inside {
                self.ended -= 1;
                self.last_end = Some(at);
                break;
            }
            if self.begun > 0 {
                self.begun -= 1;
                self.inside += 1;
                if self.inside > DEEPEST {
                    return Err(Error::new("ranges nested too deeply"));
                }
                if values.is_empty() {
                    // Nothing is printed, but the end of the loop must be found.
                    self.idle += 1;
                    self.find(&Cow::Owned(Value::Null), at + 1)?;
                    self.idle -= 1;
                }
                for value in values {
                    found.extend(self.find(&value, at + 1)?);
                }
                self.inside -= 1;
                if let Some(end) = self.last_end.filter(|end| *end > at) {
                    at = end;
                }
                at += 1;
                continue;
            }
            let own_text = match node {
                Node::Text(_) => true,
                Node::List(nodes) => matches!(nodes.last(), Some(Node::Text(_))),
                _ => false,
            };
            found.push(Results { values, own_text });
            at += 1;
        }
        Ok(found)
    }

    fn list<'a>(&mut self, mut values: Values<'a>, nodes: &[Node]) -> Result<Values<'a>, Error> {
        for node in nodes {
            values = self.walk(values, node)?;
        }
        Ok(values)
    }

    fn walk<'a>(&mut self, input: Values<'a>, node: &Node) -> Result<Values<'a>, Error> {
        let literal = |value: Value| input.iter().map(|_| Cow::Owned(value.clone())).collect();
        Ok(match node {
            Node::List(nodes) => return self.list(input, nodes),
            Node::Text(text) => vec![Cow::Owned(Value::String(text.clone()))],
            Node::Int(number) => literal((*number).into()),
            Node::Float(number) => literal((*number).into()),
            Node::Bool(truth) => literal((*truth).into()),
            Node::Field(name) => input.into_iter().filter_map(|value| field(value, name)).collect(),
            Node::Array(array) => {
                let mut found = Vec::new();
                for value in input {
                    slice(value, array, &mut found)?;
                }
                found
            }
            Node::Wildcard => input.into_iter().flat_map(children).collect(),
            Node::Recursive => recursive(input),
            Node::Union(lists) => {
                let mut found = Vec::new();
                for nodes in lists {
                    found.extend(self.list(input.clone(), nodes)?);
                }
                found
            }
            Node::Filter { left, right, operator } => self.filter(input, left, right, operator)?,
            Node::Identifier(name) => match &**name {
                "range" => {
                    self.begun += 1;
                    input
                }
                "end" if self.inside > 0 => {
                    self.ended += 1;
                    Vec::new()
                }
                "end" => return Err(Error::new("not in range, nothing to end")),
                _ => return Err(Error::new(format!("unrecognized identifier {name}"))),
            },
        })
    }

    fn filter<'a>(
        &mut self,
        input: Values<'a>,
        left: &[Node],
        right: &[Node],
        operator: &str,
    ) -> Result<Values<'a>, Error> {
        let mut found = Vec::new();
        for value in input {
            if self.idle > 0 && value.is_null() {
                continue;
            }
            if !value.is_array() {
                let text = print::go_text(&value);
                return Err(Error::new(format!("{text} is not array or slice and cannot be filtered")));
            }
            for element in children(value) {
                let lefts = self.list(vec![element.clone()], left);
                if operator == "exists" {
                    if lefts.is_ok_and(|lefts| !lefts.is_empty()) {
                        found.push(element);
                    }
                    continue;
                }
                let Some(left) = only(lefts?)? else { continue };
                let Some(right) = only(self.list(vec![element.clone()], right)?)? else { continue };
                if passes(&left, operator, &right)? {
                    found.push(element);
                }
            }
        }
        Ok(found)
    }
}

fn only(mut values: Values<'_>) -> Result<Option<Cow<'_, Value>>, Error> {
    if values.len() > 1 {
        return Err(Error::new("can only compare one element at a time"));
    }
    Ok(values.pop())
}

fn passes(left: &Value, operator: &str, right: &Value) -> Result<bool, Error> {
    let order = || compare(left, right);
    let equal = || equals(left, right);
    Ok(match operator {
        "==" => equal()?,
        "!=" => !equal()?,
        "<" => order()?.is_lt(),
        // Go's template functions: not less is greater or equal, even where neither holds.
        "<=" => order()?.is_lt() || equal()?,
        ">" => !(order()?.is_lt() || equal()?),
        ">=" => !order()?.is_lt(),
        _ => return Err(Error::new(format!("unrecognized filter operator {operator}"))),
    })
}

const INVALID: &str = "invalid type for comparison";
const INCOMPATIBLE: &str = "incompatible types for comparison";

fn is_basic(value: &Value) -> bool {
    matches!(value, Value::Bool(_) | Value::Number(_) | Value::String(_))
}

fn equals(left: &Value, right: &Value) -> Result<bool, Error> {
    match (left, right) {
        _ if !is_basic(left) || !is_basic(right) => Err(Error::new(INVALID)),
        (Value::Bool(left), Value::Bool(right)) => Ok(left == right),
        (Value::String(left), Value::String(right)) => Ok(left == right),
        (Value::Number(left), Value::Number(right)) if left.is_f64() == right.is_f64() => {
            Ok(left.as_i64() == right.as_i64() && left.as_f64() == right.as_f64())
        }
        _ => Err(Error::new(INCOMPATIBLE)),
    }
}

fn compare(left: &Value, right: &Value) -> Result<Ordering, Error> {
    match (left, right) {
        _ if !is_basic(left) || !is_basic(right) => Err(Error::new(INVALID)),
        (Value::Bool(_), Value::Bool(_)) => Err(Error::new(INVALID)),
        (Value::String(left), Value::String(right)) => Ok(left.cmp(right)),
        (Value::Number(left), Value::Number(right)) if left.is_f64() == right.is_f64() => {
            let (whole, real) = ((left.as_i64(), right.as_i64()), (left.as_f64(), right.as_f64()));
            Ok(match (whole, real) {
                ((Some(left), Some(right)), _) => left.cmp(&right),
                (_, (Some(left), Some(right))) => left.partial_cmp(&right).unwrap_or(Ordering::Equal),
                _ => Ordering::Equal,
            })
        }
        _ => Err(Error::new(INCOMPATIBLE)),
    }
}

fn field<'a>(value: Cow<'a, Value>, name: &str) -> Option<Cow<'a, Value>> {
    match value {
        Cow::Borrowed(value) => value.as_object()?.get(name).map(Cow::Borrowed),
        Cow::Owned(Value::Object(mut map)) => map.remove(name).map(Cow::Owned),
        Cow::Owned(_) => None,
    }
}

/// The elements of a list, the values of a map; a text is a list of bytes to Go.
fn children(value: Cow<'_, Value>) -> Values<'_> {
    match value {
        Cow::Borrowed(Value::Array(list)) => list.iter().map(Cow::Borrowed).collect(),
        Cow::Borrowed(Value::Object(map)) => map.values().map(Cow::Borrowed).collect(),
        Cow::Owned(Value::Array(list)) => list.into_iter().map(Cow::Owned).collect(),
        Cow::Owned(Value::Object(map)) => map.into_iter().map(|(_, value)| Cow::Owned(value)).collect(),
        other => match other.as_str() {
            Some(text) => text.bytes().map(|byte| Cow::Owned(byte.into())).collect(),
            None => Vec::new(),
        },
    }
}

/// Every value that has something in it, each before what is in it.
fn recursive(input: Values<'_>) -> Values<'_> {
    let mut found = Vec::new();
    let mut stack: Values<'_> = input.into_iter().rev().collect();
    while let Some(value) = stack.pop() {
        let inside = children(value.clone());
        if !inside.is_empty() {
            found.push(value);
            stack.extend(inside.into_iter().rev());
        }
    }
    found
}

fn slice<'a>(value: Cow<'a, Value>, array: &Array, found: &mut Values<'a>) -> Result<(), Error> {
    let length = match &*value {
        Value::Null => return Ok(()),
        Value::Array(list) => i64::try_from(list.len()).unwrap_or(i64::MAX),
        // A number that stands in the template itself is an int to Go; one of the data an int64.
        Value::Number(number) if matches!(value, Cow::Owned(_)) && !number.is_f64() => {
            return Err(Error::new("int is not array or slice"));
        }
        other => return Err(Error::new(format!("{} is not array or slice", print::go_type(other)))),
    };
    let mut start = array.start.unwrap_or_default();
    if start < 0 {
        start = start.saturating_add(length);
    }
    let mut end = array.end.unwrap_or(length);
    if end < 0 || (end == 0 && array.single) {
        end = end.saturating_add(length);
    }
    if start == end {
        return Ok(());
    }
    let out_of_bounds =
        |index: i64| Error::new(format!("array index out of bounds: index {index}, length {length}"));
    if start >= length || start < 0 {
        return Err(out_of_bounds(start));
    }
    if end > length || end < 0 {
        return Err(out_of_bounds(end - 1));
    }
    if start > end {
        return Err(Error::new(format!("starting index {start} is greater than ending index {end}")));
    }
    let step = match array.step {
        Some(..=0) => return Err(Error::new("step must be > 0")),
        step => usize::try_from(step.unwrap_or(1)).unwrap_or(usize::MAX),
    };
    let at = |index: i64| usize::try_from(index).unwrap_or_default();
    found.extend(children(value).into_iter().take(at(end)).skip(at(start)).step_by(step));
    Ok(())
}

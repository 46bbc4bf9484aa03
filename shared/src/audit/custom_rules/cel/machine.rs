//! Evaluates expressions, step by step, for as long as the budget lasts.

use std::{collections::BTreeMap, rc::Rc};

use super::{
    access::{field, has, index, present, usable},
    error::Error,
    node::{Global, Node, Operator},
    value::{Key, List, Map, Text, Value},
};

/// Deepest nesting of evaluations, variables included.
const DEEPEST: usize = 200;

/// What expressions find outside of themselves.
pub(crate) trait Globals<'v> {
    /// The value of a name. What it takes to find it is charged to the machine.
    fn global(&self, global: Global, machine: &mut Machine<'_, 'v>) -> Result<Value<'v>, Error>;
}

/// An evaluation: what is bound, and how many steps are left.
pub(crate) struct Machine<'g, 'v> {
    globals: &'g dyn Globals<'v>,
    locals: Vec<Value<'v>>,
    left: u64,
    depth: usize,
}

impl<'g, 'v> Machine<'g, 'v> {
    /// So many steps, for one or several expressions.
    pub(crate) fn new(globals: &'g dyn Globals<'v>, steps: u64) -> Self {
        Self { globals, locals: Vec::new(), left: steps, depth: 0 }
    }

    /// Evaluates an expression that stands by itself, whatever is being evaluated.
    pub(crate) fn run(&mut self, node: &'v Node) -> Result<Value<'v>, Error> {
        let outer = std::mem::take(&mut self.locals);
        let value = self.eval(node);
        self.locals = outer;
        value
    }

    /// Takes steps off the budget.
    pub(crate) fn charge(&mut self, steps: u64) -> Result<(), Error> {
        if steps > self.left {
            self.left = 0;
            return Err(Error::Cost("it takes too many steps"));
        }
        self.left -= steps;
        Ok(())
    }

    /// Charges what a function may look at.
    pub(super) fn charge_for(&mut self, value: &Value<'_>) -> Result<(), Error> {
        self.charge(value.weight(self.left.saturating_add(1)))
    }

    pub(super) fn eval(&mut self, node: &'v Node) -> Result<Value<'v>, Error> {
        self.charge(1)?;
        if self.depth >= DEEPEST {
            return Err(Error::Cost("it is nested too deeply"));
        }
        self.depth += 1;
        let value = self.value(node);
        self.depth -= 1;
        value
    }

    fn value(&mut self, node: &'v Node) -> Result<Value<'v>, Error> {
        Ok(match node {
            Node::Global(global) => {
                let globals = self.globals;
                globals.global(*global, self)?
            }
            Node::Local(at) => {
                self.locals.get(*at).cloned().ok_or_else(|| Error::new("a variable is not bound"))?
            }
            Node::Field { of, name, optional } => {
                let of = self.eval(of)?;
                field(&of, name, *optional)?
            }
            Node::Has { of, name } => {
                let of = self.eval(of)?;
                Value::Bool(has(&of, name)?)
            }
            Node::Index { of, at, optional } => {
                let of = self.eval(of)?;
                let at = self.eval(at)?;
                index(&of, &at, *optional)?
            }
            Node::List(elements) => self.list(elements)?,
            Node::Map(entries) => self.map(entries)?,
            Node::Not(of) => Value::Bool(!boolean(&self.eval(of)?)?),
            Node::Negate(of) => {
                let of = self.eval(of)?;
                super::operators::negate(&of)?
            }
            Node::And(both) => self.logic(&both.0, &both.1, false)?,
            Node::Or(both) => self.logic(&both.0, &both.1, true)?,
            Node::If(parts) => {
                let condition = self.eval(&parts.0)?;
                let chosen = if boolean(&condition)? { &parts.1 } else { &parts.2 };
                self.eval(chosen)?
            }
            Node::Binary(operator, both) => {
                let one = self.eval(&both.0)?;
                let other = self.eval(&both.1)?;
                self.binary(*operator, &one, &other)?
            }
            Node::Matches { of, pattern } => {
                let of = self.eval(of)?;
                let Value::Text(text) = &of else {
                    return Err(Error::no_such_overload());
                };
                self.charge(text.len() as u64 / 4)?;
                Value::Bool(pattern.is_match(text.as_str()))
            }
            Node::Call { name, target, arguments } => self.called(name, target.as_deref(), arguments)?,
            Node::Fold(fold) => self.fold(fold)?,
            Node::OptionalMap(parts) => self.mapped(&parts.0, &parts.1, parts.2)?,
            _ => node.literal().unwrap_or(Value::Null),
        })
    }

    fn list(&mut self, elements: &'v [(Node, bool)]) -> Result<Value<'v>, Error> {
        let mut items = Vec::with_capacity(elements.len());
        for (element, optional) in elements {
            let value = self.eval(element)?;
            items.extend(if *optional { present(value)? } else { Some(value) });
        }
        Ok(Value::list(items))
    }

    fn map(&mut self, entries: &'v [(Node, Node, bool)]) -> Result<Value<'v>, Error> {
        let mut map = BTreeMap::new();
        for (key, value, optional) in entries {
            let key = self.eval(key)?;
            let value = self.eval(value)?;
            if let Some(value) = if *optional { present(value)? } else { Some(value) } {
                // As in the API server, the last of equal keys counts.
                map.insert(usable(&key)?, value);
            }
        }
        Ok(Value::Map(Map::Shared(Rc::new(map))))
    }

    fn called(
        &mut self,
        name: &'v str,
        target: Option<&'v Node>,
        arguments: &'v [Node],
    ) -> Result<Value<'v>, Error> {
        let target = match target {
            Some(target) => Some(self.eval(target)?),
            None => None,
        };
        // What stands in for a missing value is evaluated where one is missing.
        match (name, &target) {
            ("or", Some(Value::Optional(Some(_)))) => return Ok(target.unwrap_or(Value::Null)),
            ("orValue", Some(Value::Optional(Some(inner)))) => return Ok((**inner).clone()),
            _ => {}
        }
        let mut values = Vec::with_capacity(arguments.len());
        for argument in arguments {
            values.push(self.eval(argument)?);
        }
        self.call(name, target.as_ref(), &values)
    }

    /// `optMap` and `optFlatMap`.
    fn mapped(&mut self, of: &'v Node, each: &'v Node, flat: bool) -> Result<Value<'v>, Error> {
        match self.eval(of)? {
            Value::Optional(None) => Ok(Value::Optional(None)),
            Value::Optional(Some(inner)) => {
                let mapped = self.with(&[(*inner).clone()], each)?;
                match (&mapped, flat) {
                    (Value::Optional(_), true) => Ok(mapped),
                    (_, true) => Err(Error::no_such_overload()),
                    (_, false) => Ok(Value::some(mapped)),
                }
            }
            _ => Err(Error::no_such_overload()),
        }
    }

    /// `&&` and `||`: an operand that decides hides that the other has no value.
    fn logic(&mut self, one: &'v Node, other: &'v Node, decides: bool) -> Result<Value<'v>, Error> {
        let first = self.eval(one).and_then(|value| boolean(&value));
        match first {
            Ok(it) if it == decides => return Ok(Value::Bool(it)),
            Err(error) if error.is_cost() => return Err(error),
            _ => {}
        }
        let second = self.eval(other).and_then(|value| boolean(&value));
        match (first, second) {
            (_, Ok(it)) if it == decides => Ok(Value::Bool(it)),
            (_, Err(error)) if error.is_cost() => Err(error),
            (Err(error), _) | (_, Err(error)) => Err(error),
            (Ok(_), Ok(it)) => Ok(Value::Bool(it)),
        }
    }

    /// Evaluates with more variables bound.
    pub(super) fn with(&mut self, bound: &[Value<'v>], node: &'v Node) -> Result<Value<'v>, Error> {
        let outer = self.locals.len();
        self.locals.extend_from_slice(bound);
        let value = self.eval(node);
        self.locals.truncate(outer);
        value
    }

    pub(super) fn binary(
        &mut self,
        operator: Operator,
        one: &Value<'v>,
        other: &Value<'v>,
    ) -> Result<Value<'v>, Error> {
        use std::cmp::Ordering::{Greater, Less};
        Ok(Value::Bool(match operator {
            Operator::Equal => self.equal(one, other)?,
            // As in the API server, what can't be compared is not equal.
            Operator::NotEqual => !self.same(one, other)?,
            Operator::Less => self.order(one, other)? == Less,
            Operator::LessOrEqual => self.order(one, other)? != Greater,
            Operator::Greater => self.order(one, other)? == Greater,
            Operator::GreaterOrEqual => self.order(one, other)? != Less,
            Operator::In => match other {
                Value::List(list) => self.contains(list, one)?,
                Value::Map(map) => match Key::of(one) {
                    Some(key) => map.get(&key).is_some(),
                    None if matches!(one, Value::Bytes(_)) && map.len() > 0 => {
                        return Err(Error::no_such_overload());
                    }
                    None => false,
                },
                _ => return Err(Error::no_such_overload()),
            },
            _ => return self.arithmetic(operator, one, other),
        }))
    }

    /// Whether two values are equal; what can't be compared is not.
    fn same(&mut self, one: &Value<'v>, other: &Value<'v>) -> Result<bool, Error> {
        match self.equal(one, other) {
            Err(error) if !error.is_cost() => Ok(false),
            known => known,
        }
    }

    /// Whether a list has an item.
    pub(super) fn contains(&mut self, list: &List<'v>, item: &Value<'v>) -> Result<bool, Error> {
        for at in 0..list.len() {
            self.charge(1)?;
            if let Some(other) = list.get(at)
                && self.same(&other, item)?
            {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

pub(super) fn boolean(value: &Value<'_>) -> Result<bool, Error> {
    match value {
        Value::Bool(it) => Ok(*it),
        _ => Err(Error::no_such_overload()),
    }
}

/// A list of text, for those who make one.
pub(super) fn texts<'v>(all: impl IntoIterator<Item = String>) -> Value<'v> {
    Value::list(all.into_iter().map(|text| Value::Text(Text::Shared(text.into()))).collect())
}

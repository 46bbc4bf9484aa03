//! Evaluates expressions, step by step, for as long as the budget lasts.

use std::{collections::BTreeMap, rc::Rc};

use super::{
    error::Error,
    node::{Fold, FoldKind, Global, Node, Operator},
    value::{Key, List, Map, Text, Value, whole},
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
            Node::List(elements) => {
                let mut items = Vec::with_capacity(elements.len());
                for (element, optional) in elements {
                    let value = self.eval(element)?;
                    items.extend(if *optional { present(value)? } else { Some(value) });
                }
                Value::list(items)
            }
            Node::Map(entries) => {
                let mut map = BTreeMap::new();
                for (key, value, optional) in entries {
                    let key = self.eval(key)?;
                    let value = self.eval(value)?;
                    if let Some(value) = if *optional { present(value)? } else { Some(value) } {
                        // As in the API server, the last of equal keys counts.
                        map.insert(usable(&key)?, value);
                    }
                }
                Value::Map(Map::Shared(Rc::new(map)))
            }
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
            Node::Call { name, target, arguments } => {
                let target = match target {
                    Some(target) => Some(self.eval(target)?),
                    None => None,
                };
                // What stands in for a missing value is evaluated where one is missing.
                match (&**name, &target) {
                    ("or", Some(Value::Optional(Some(_)))) => return Ok(target.unwrap_or(Value::Null)),
                    ("orValue", Some(Value::Optional(Some(inner)))) => return Ok((**inner).clone()),
                    _ => {}
                }
                let mut values = Vec::with_capacity(arguments.len());
                for argument in arguments {
                    values.push(self.eval(argument)?);
                }
                self.call(name, target, values)?
            }
            Node::Fold(fold) => self.fold(fold)?,
            Node::OptionalMap(parts) => {
                let (of, each, flat) = &**parts;
                match self.eval(of)? {
                    Value::Optional(None) => Value::Optional(None),
                    Value::Optional(Some(inner)) => {
                        let mapped = self.with(&[(*inner).clone()], each)?;
                        match (&mapped, flat) {
                            (Value::Optional(_), true) => mapped,
                            (_, true) => return Err(Error::no_such_overload()),
                            (_, false) => Value::some(mapped),
                        }
                    }
                    _ => return Err(Error::no_such_overload()),
                }
            }
            _ => node.literal().unwrap_or(Value::Null),
        })
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
    fn with(&mut self, bound: &[Value<'v>], node: &'v Node) -> Result<Value<'v>, Error> {
        let outer = self.locals.len();
        self.locals.extend_from_slice(bound);
        let value = self.eval(node);
        self.locals.truncate(outer);
        value
    }

    fn fold(&mut self, fold: &'v Fold) -> Result<Value<'v>, Error> {
        let range = self.eval(&fold.range)?;
        self.charge(match &range {
            Value::List(list) => list.len() as u64,
            Value::Map(map) => map.len() as u64,
            _ => 0,
        })?;
        let items = items(&range, fold.two)?;
        match &fold.kind {
            FoldKind::All(node) => self.quantify(&items, node, false),
            FoldKind::Exists(node) => self.quantify(&items, node, true),
            FoldKind::One(node) => {
                let mut count = 0;
                for item in &items {
                    count += u32::from(boolean(&self.with(item, node)?)?);
                }
                Ok(Value::Bool(count == 1))
            }
            FoldKind::List { filter, each } => {
                let mut list = Vec::new();
                for item in &items {
                    if self.passes(item, filter.as_ref())? {
                        list.push(self.with(item, each)?);
                    }
                }
                Ok(Value::list(list))
            }
            FoldKind::Map { filter, each } => {
                let mut map = BTreeMap::new();
                for item in &items {
                    if self.passes(item, filter.as_ref())? {
                        let value = self.with(item, each)?;
                        insert(&mut map, item.first().unwrap_or(&Value::Null), value)?;
                    }
                }
                Ok(Value::Map(Map::Shared(Rc::new(map))))
            }
            FoldKind::Entries { filter, each } => {
                let mut map = BTreeMap::new();
                for item in &items {
                    if self.passes(item, filter.as_ref())? {
                        let Value::Map(entry) = self.with(item, each)? else {
                            return Err(Error::no_such_overload());
                        };
                        let keys = entry.keys();
                        self.charge(keys.len() as u64)?;
                        for key in keys {
                            if let Some(value) = Key::of(&key).and_then(|key| entry.get(&key)) {
                                insert(&mut map, &key, value)?;
                            }
                        }
                    }
                }
                Ok(Value::Map(Map::Shared(Rc::new(map))))
            }
            FoldKind::SortBy(node) => {
                let Value::List(_) = range else {
                    return Err(Error::no_such_overload());
                };
                let mut keyed = Vec::with_capacity(items.len());
                for item in items {
                    let key = self.with(&item, node)?;
                    keyed.extend(item.into_iter().next().map(|item| (key, item)));
                }
                self.sorted(keyed)
            }
        }
    }

    fn passes(&mut self, item: &[Value<'v>], filter: Option<&'v Node>) -> Result<bool, Error> {
        self.charge(1)?;
        match filter {
            None => Ok(true),
            Some(filter) => boolean(&self.with(item, filter)?),
        }
    }

    /// `all` and `exists`: an item that decides hides that others have no value.
    fn quantify(
        &mut self,
        items: &[Vec<Value<'v>>],
        node: &'v Node,
        decides: bool,
    ) -> Result<Value<'v>, Error> {
        let mut failed = None;
        for item in items {
            match self.with(item, node).and_then(|value| boolean(&value)) {
                Ok(it) if it == decides => return Ok(Value::Bool(it)),
                Ok(_) => {}
                Err(error) if error.is_cost() => return Err(error),
                Err(error) => failed = failed.or(Some(error)),
            }
        }
        failed.map_or(Ok(Value::Bool(!decides)), Err)
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

/// The value of an optional element; nothing when it has none.
fn present(value: Value<'_>) -> Result<Option<Value<'_>>, Error> {
    match value {
        Value::Optional(inner) => Ok(inner.map(|inner| (*inner).clone())),
        _ => Err(Error::no_such_overload()),
    }
}

fn usable(key: &Value<'_>) -> Result<Key, Error> {
    let usable = Key::of(key).filter(|_| !matches!(key, Value::Double(_)));
    usable.ok_or_else(|| Error::new("unsupported key type"))
}

fn insert<'v>(map: &mut BTreeMap<Key, Value<'v>>, key: &Value<'v>, value: Value<'v>) -> Result<(), Error> {
    let key = usable(key)?;
    if map.contains_key(&key) {
        return Err(Error::new("Failed with repeated key"));
    }
    map.insert(key, value);
    Ok(())
}

fn field<'v>(of: &Value<'v>, name: &str, optional: bool) -> Result<Value<'v>, Error> {
    match of {
        Value::Map(map) => match (map.field(name), optional) {
            (Some(value), true) => Ok(Value::some(value)),
            (None, true) => Ok(Value::Optional(None)),
            (Some(value), false) => Ok(value),
            (None, false) => Err(Error::no_such_key(name)),
        },
        Value::Optional(None) => Ok(Value::Optional(None)),
        // What has no fields has not this one.
        Value::Optional(Some(inner)) => match &**inner {
            Value::Map(_) | Value::Optional(_) => field(inner, name, true),
            _ => Ok(Value::Optional(None)),
        },
        _ => Err(Error::no_such_overload()),
    }
}

fn has(of: &Value<'_>, name: &str) -> Result<bool, Error> {
    match of {
        Value::Map(map) => Ok(map.field(name).is_some()),
        Value::Optional(None) => Ok(false),
        Value::Optional(Some(inner)) => has(inner, name),
        Value::List(_) => Err(Error::no_such_overload()),
        _ => Ok(false),
    }
}

fn index<'v>(of: &Value<'v>, at: &Value<'v>, optional: bool) -> Result<Value<'v>, Error> {
    let found = match of {
        Value::List(list) => {
            let place = match at {
                Value::Int(it) => Some(*it),
                Value::Uint(it) => i64::try_from(*it).ok(),
                Value::Double(it) => whole(*it),
                _ => return Err(Error::no_such_overload()),
            };
            let found = place.and_then(|place| usize::try_from(place).ok()).and_then(|place| list.get(place));
            found.ok_or_else(|| Error::new(format!("index out of bounds: {}", place.unwrap_or(i64::MAX))))
        }
        Value::Map(map) => {
            let key = Key::of(at);
            if key.is_none() && !matches!(at, Value::Double(_)) {
                return Err(Error::no_such_overload());
            }
            let found = key.and_then(|key| map.get(&key));
            found.ok_or_else(|| Error::no_such_key(super::format::shown(at)))
        }
        Value::Optional(None) => return Ok(Value::Optional(None)),
        Value::Optional(Some(inner)) => {
            return match &**inner {
                Value::List(_) | Value::Map(_) | Value::Optional(_) => index(inner, at, true),
                _ => Ok(Value::Optional(None)),
            };
        }
        _ => return Err(Error::no_such_overload()),
    };
    match (found, optional) {
        (Ok(value), true) => Ok(Value::some(value)),
        (Err(_), true) => Ok(Value::Optional(None)),
        (found, false) => found,
    }
}

/// What a comprehension goes through, with as many values for each as it binds.
fn items<'v>(range: &Value<'v>, two: bool) -> Result<Vec<Vec<Value<'v>>>, Error> {
    Ok(match (range, two) {
        (Value::List(list), false) => list.to_vec().into_iter().map(|item| vec![item]).collect(),
        (Value::List(list), true) => {
            let placed = list.to_vec().into_iter().zip(0..);
            placed.map(|(item, at)| vec![Value::Int(at), item]).collect()
        }
        (Value::Map(map), false) => map.keys().into_iter().map(|key| vec![key]).collect(),
        (Value::Map(map), true) => {
            let value = |key: &Value<'v>| Key::of(key).and_then(|key| map.get(&key)).unwrap_or(Value::Null);
            map.keys().into_iter().map(|key| vec![key.clone(), value(&key)]).collect()
        }
        _ => return Err(Error::no_such_overload()),
    })
}

/// A list of text, for those who make one.
pub(super) fn texts<'v>(all: impl IntoIterator<Item = String>) -> Value<'v> {
    Value::list(all.into_iter().map(|text| Value::Text(Text::Shared(text.into()))).collect())
}

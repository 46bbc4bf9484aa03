//! Functions of lists.

use std::cmp::Ordering;

use super::{
    error::Error,
    machine::Machine,
    node::Operator,
    value::{List, Value},
};

/// Deepest flattening.
const DEEPEST: i64 = 100;

impl<'v> Machine<'_, 'v> {
    /// Functions of a list; none: it is a library's.
    pub(super) fn of_list(
        &mut self,
        name: &str,
        list: &List<'v>,
        arguments: &[Value<'v>],
    ) -> Result<Option<Value<'v>>, Error> {
        if name == "join" {
            let mut strange = None;
            list.each(|item| {
                if !matches!(item, Value::Text(_)) {
                    strange =
                        Some(Error::new(format!("join: invalid input: {}", super::format::shown(item))));
                }
                strange.is_none()
            });
            return strange.map_or(Ok(None), Err);
        }
        self.charge(if matches!(name, "first" | "last") { 1 } else { list.len() as u64 })?;
        let optional = |found: Option<Value<'v>>| found.map_or(Value::Optional(None), Value::some);
        Ok(Some(match (name, arguments) {
            ("first", []) => optional(list.get(0)),
            ("last", []) => optional(list.len().checked_sub(1).and_then(|at| list.get(at))),
            ("unwrapOpt", []) => self.unwrapped(list)?,
            ("sum", []) => self.sum(list)?,
            ("min", []) => self.best(list, Ordering::Greater, "min")?,
            ("max", []) => self.best(list, Ordering::Less, "max")?,
            ("isSorted", []) => self.is_sorted(list)?,
            ("indexOf", [item]) => self.position(list, item, false)?,
            ("lastIndexOf", [item]) => self.position(list, item, true)?,
            ("reverse", []) => {
                let mut items = list.to_vec();
                items.reverse();
                Value::list(items)
            }
            ("slice", [Value::Int(from), Value::Int(to)]) => slice(list, *from, *to)?,
            ("flatten", []) => Value::list(self.flattened(list, 1)?),
            ("flatten", [Value::Int(depth)]) if *depth < 0 => {
                return Err(Error::new("level must be non-negative"));
            }
            ("flatten", [Value::Int(depth)]) => Value::list(self.flattened(list, (*depth).min(DEEPEST))?),
            ("distinct", []) => self.distinct(list)?,
            ("sort", []) => {
                let items = list.to_vec();
                self.sorted(items.iter().cloned().zip(items.iter().cloned()).collect())?
            }
            _ => return Err(Error::no_such_overload()),
        }))
    }

    fn sum(&mut self, list: &List<'v>) -> Result<Value<'v>, Error> {
        let mut sum = match list.get(0) {
            None => return Ok(Value::Int(0)),
            Some(Value::Int(_)) => Value::Int(0),
            Some(Value::Uint(_)) => Value::Uint(0),
            Some(Value::Double(_)) => Value::Double(0.0),
            Some(Value::Duration(_)) => Value::Duration(0),
            Some(_) => return Err(Error::no_such_overload()),
        };
        for item in list.to_vec() {
            sum = self.arithmetic(Operator::Add, &sum, &item)?;
        }
        Ok(sum)
    }

    /// The first that no other beats; `loses` is how it then compares with one that does.
    fn best(&mut self, list: &List<'v>, loses: Ordering, name: &str) -> Result<Value<'v>, Error> {
        let mut items = list.to_vec().into_iter();
        let mut best = items.next().ok_or_else(|| Error::new(format!("{name} called on empty list")))?;
        for item in items {
            if self.order(&best, &item)? == loses {
                best = item;
            }
        }
        Ok(best)
    }

    fn is_sorted(&mut self, list: &List<'v>) -> Result<Value<'v>, Error> {
        let items = list.to_vec();
        for pair in items.windows(2) {
            if let [one, other] = pair
                && self.order(one, other)? == Ordering::Greater
            {
                return Ok(Value::Bool(false));
            }
        }
        Ok(Value::Bool(true))
    }

    fn position(&mut self, list: &List<'v>, item: &Value<'v>, last: bool) -> Result<Value<'v>, Error> {
        let mut found = -1;
        for (other, at) in list.to_vec().iter().zip(0..) {
            if self.equal(other, item)? {
                found = at;
                if !last {
                    break;
                }
            }
        }
        Ok(Value::Int(found))
    }

    fn flattened(&mut self, list: &List<'v>, depth: i64) -> Result<Vec<Value<'v>>, Error> {
        self.charge(list.len() as u64)?;
        let mut items = Vec::new();
        for item in list.to_vec() {
            match item {
                Value::List(inner) if depth > 0 => items.extend(self.flattened(&inner, depth - 1)?),
                item => items.push(item),
            }
        }
        Ok(items)
    }

    fn distinct(&mut self, list: &List<'v>) -> Result<Value<'v>, Error> {
        let mut kept: Vec<Value<'v>> = Vec::new();
        for item in list.to_vec() {
            let mut seen = false;
            for other in &kept {
                self.charge(1)?;
                if self.equal(other, &item)? {
                    seen = true;
                    break;
                }
            }
            if !seen {
                kept.push(item);
            }
        }
        Ok(Value::list(kept))
    }

    /// The values of optionals, without those that have none.
    pub(super) fn unwrapped(&mut self, list: &List<'v>) -> Result<Value<'v>, Error> {
        self.charge(list.len() as u64)?;
        let mut items = Vec::new();
        for item in list.to_vec() {
            match item {
                Value::Optional(inner) => items.extend(inner.map(|inner| (*inner).clone())),
                _ => return Err(Error::no_such_overload()),
            }
        }
        Ok(Value::list(items))
    }
}

fn slice<'v>(list: &List<'v>, from: i64, to: i64) -> Result<Value<'v>, Error> {
    let refused = |why: String| Error::new(format!("cannot slice({from}, {to}), {why}"));
    let (Ok(start), Ok(end)) = (usize::try_from(from), usize::try_from(to)) else {
        return Err(refused("negative indexes not supported".to_owned()));
    };
    if start > end {
        return Err(refused("start index must be less than or equal to end index".to_owned()));
    }
    if list.len() < end {
        return Err(refused(format!("list is length {}", list.len())));
    }
    Ok(Value::list((start..end).filter_map(|at| list.get(at)).collect()))
}

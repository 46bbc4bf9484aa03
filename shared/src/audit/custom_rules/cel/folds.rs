//! Comprehensions: going through lists and maps.

use std::{collections::BTreeMap, rc::Rc};

use super::{
    access::insert,
    error::Error,
    machine::{Machine, boolean},
    node::{Fold, FoldKind, Node},
    value::{Key, Map, Value},
};

impl<'v> Machine<'_, 'v> {
    pub(super) fn fold(&mut self, fold: &'v Fold) -> Result<Value<'v>, Error> {
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

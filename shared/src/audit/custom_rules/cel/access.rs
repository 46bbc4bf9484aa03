//! Fields, places of lists and keys of maps.

use std::collections::BTreeMap;

use super::{
    error::Error,
    format::shown,
    value::{Key, Value, whole},
};

/// The value of an optional element; nothing when it has none.
pub(super) fn present(value: Value<'_>) -> Result<Option<Value<'_>>, Error> {
    match value {
        Value::Optional(inner) => Ok(inner.map(|inner| (*inner).clone())),
        _ => Err(Error::no_such_overload()),
    }
}

pub(super) fn usable(key: &Value<'_>) -> Result<Key, Error> {
    let usable = Key::of(key).filter(|_| !matches!(key, Value::Double(_)));
    usable.ok_or_else(|| Error::new("unsupported key type"))
}

pub(super) fn insert<'v>(
    map: &mut BTreeMap<Key, Value<'v>>,
    key: &Value<'v>,
    value: Value<'v>,
) -> Result<(), Error> {
    let key = usable(key)?;
    if map.contains_key(&key) {
        return Err(Error::new("Failed with repeated key"));
    }
    map.insert(key, value);
    Ok(())
}

pub(super) fn field<'v>(of: &Value<'v>, name: &str, optional: bool) -> Result<Value<'v>, Error> {
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

pub(super) fn has(of: &Value<'_>, name: &str) -> Result<bool, Error> {
    match of {
        Value::Map(map) => Ok(map.field(name).is_some()),
        Value::Optional(Some(inner)) => has(inner, name),
        Value::List(_) => Err(Error::no_such_overload()),
        _ => Ok(false),
    }
}

pub(super) fn index<'v>(of: &Value<'v>, at: &Value<'v>, optional: bool) -> Result<Value<'v>, Error> {
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
            found.ok_or_else(|| Error::no_such_key(shown(at)))
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

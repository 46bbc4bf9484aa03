//! Functions that are called by their name alone: conversions, optionals, sets.

use std::rc::Rc;

use super::{
    conversions::{bool, double, int, is_zero, string, uint},
    error::Error,
    library,
    machine::Machine,
    semver::Semver,
    time::{parse_duration, parse_timestamp},
    url::Url,
    value::{List, Text, Value},
};
use crate::quantity::Quantity;

impl<'v> Machine<'_, 'v> {
    /// Calls a function.
    pub(super) fn call(
        &mut self,
        name: &str,
        target: Option<&Value<'v>>,
        arguments: &[Value<'v>],
    ) -> Result<Value<'v>, Error> {
        let found = match target {
            Some(target) => self.method(name, target, arguments)?,
            None => self.function(name, arguments)?,
        };
        match found {
            Some(value) => Ok(value),
            None => library::call(self, name, target, arguments),
        }
    }

    /// Those that are ours; none: it is a library's.
    fn function(&mut self, name: &str, arguments: &[Value<'v>]) -> Result<Option<Value<'v>>, Error> {
        Ok(Some(match (name, arguments) {
            ("size", [of]) => self.size(of)?,
            ("int", [of]) => int(of)?,
            ("uint", [of]) => uint(of)?,
            ("double", [of]) => double(of)?,
            ("bool", [of]) => bool(of)?,
            ("string", [Value::Foreign(_)]) => return Ok(None),
            ("string", [of]) => string(of)?,
            ("bytes", [Value::Text(text)]) => Value::Bytes(Rc::from(text.as_str().as_bytes())),
            ("bytes", [Value::Bytes(bytes)]) => Value::Bytes(Rc::clone(bytes)),
            ("dyn", [of]) => of.clone(),
            ("type", [of]) => Value::Type(of.type_name()),
            ("duration", [Value::Text(text)]) => Value::Duration(parse_duration(text.as_str())?),
            ("duration", [Value::Duration(nanos)]) => Value::Duration(*nanos),
            ("timestamp", [Value::Text(text)]) => Value::Timestamp(parse_timestamp(text.as_str())?),
            ("timestamp", [Value::Timestamp(moment)]) => Value::Timestamp(*moment),
            ("timestamp", [Value::Int(seconds)]) => {
                let moment = jiff::Timestamp::from_second(*seconds);
                Value::Timestamp(moment.map_err(|_| Error::new("timestamp overflow"))?)
            }
            ("matches", [Value::Text(text), pattern]) => {
                return self.of_string(name, text, std::slice::from_ref(pattern));
            }
            ("optional.of", [of]) => Value::some(of.clone()),
            ("optional.none", []) => Value::Optional(None),
            ("optional.ofNonZeroValue", [of]) => {
                if is_zero(of) {
                    Value::Optional(None)
                } else {
                    Value::some(of.clone())
                }
            }
            ("optional.unwrap", [Value::List(list)]) => self.unwrapped(list)?,
            ("lists.range", [Value::Int(count)]) => {
                self.charge(u64::try_from(*count).unwrap_or_default())?;
                Value::list((0..*count).map(Value::Int).collect())
            }
            ("sets.contains", [Value::List(whole), Value::List(part)]) => {
                Value::Bool(self.has_all(whole, part)?)
            }
            ("sets.equivalent", [Value::List(one), Value::List(other)]) => {
                Value::Bool(self.has_all(one, other)? && self.has_all(other, one)?)
            }
            ("sets.intersects", [Value::List(one), Value::List(other)]) => {
                Value::Bool(self.has_any(one, other)?)
            }
            _ => return self.of_kubernetes(name, arguments),
        }))
    }

    /// Kubernetes' own; none: it is a library's.
    fn of_kubernetes(&mut self, name: &str, arguments: &[Value<'v>]) -> Result<Option<Value<'v>>, Error> {
        Ok(Some(match (name, arguments) {
            ("quantity", [Value::Text(text)]) => Value::Quantity(quantity(text.as_str())?),
            ("isQuantity", [Value::Text(text)]) => Value::Bool(Quantity::parse(text.as_str()).is_ok()),
            ("sign", [Value::Quantity(it)]) => {
                Value::Int(i64::from(!it.is_zero()) * if it.is_negative() { -1 } else { 1 })
            }
            ("url", [Value::Text(text)]) => Value::Url(Rc::new(Url::parse(text.as_str())?)),
            ("isURL", [Value::Text(text)]) => Value::Bool(Url::parse(text.as_str()).is_ok()),
            ("semver" | "isSemver", [Value::Text(text), rest @ ..]) => {
                let lenient = match rest {
                    [] => false,
                    [Value::Bool(lenient)] => *lenient,
                    _ => return Err(Error::no_such_overload()),
                };
                let version = Semver::parse(text.as_str(), lenient);
                if name == "semver" { Value::Semver(Rc::new(version?)) } else { Value::Bool(version.is_ok()) }
            }
            // The crate gives the format itself, and the API server an optional one.
            ("format.named", [Value::Text(_)]) => match library::call(self, name, None, arguments) {
                Ok(format @ Value::Foreign(_)) => Value::some(format),
                Err(error) if error.is_cost() => return Err(error),
                _ => Value::Optional(None),
            },
            ("ip" | "isIP" | "ip.isCanonical" | "cidr" | "isCIDR" | "strings.quote", _) => return Ok(None),
            _ if name.starts_with("format.") => return Ok(None),
            _ => return Err(Error::no_such_overload()),
        }))
    }

    pub(super) fn size(&mut self, of: &Value<'v>) -> Result<Value<'v>, Error> {
        let count = match of {
            Value::Text(text) => {
                self.charge(text.len() as u64 / 32)?;
                text.as_str().chars().count()
            }
            Value::Bytes(bytes) => bytes.len(),
            Value::List(list) => list.len(),
            Value::Map(map) => {
                self.charge(map.len() as u64 / 8)?;
                map.len()
            }
            _ => return Err(Error::no_such_overload()),
        };
        Ok(Value::Int(i64::try_from(count).unwrap_or(i64::MAX)))
    }

    fn has_all(&mut self, whole: &List<'v>, part: &List<'v>) -> Result<bool, Error> {
        for item in part.to_vec() {
            if !self.contains(whole, &item)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn has_any(&mut self, one: &List<'v>, other: &List<'v>) -> Result<bool, Error> {
        for item in other.to_vec() {
            if self.contains(one, &item)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

pub(super) fn quantity(text: &str) -> Result<Quantity, Error> {
    Quantity::parse(text).map_err(|error| Error::new(error.to_string()))
}

/// A text that was shared, for those who match on it.
pub(super) fn borrowed<'t>(value: &'t Value<'_>) -> Option<&'t str> {
    match value {
        Value::Text(Text::Borrowed(text)) => Some(text),
        Value::Text(Text::Shared(text)) => Some(text),
        _ => None,
    }
}

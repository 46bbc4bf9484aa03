//! Functions that are called on a value.

use std::rc::Rc;

use super::{
    error::Error,
    machine::{Machine, texts},
    semver::Semver,
    time::part_of,
    url::Url,
    value::{Key, Map, Text, Value},
};
use crate::quantity::{Format, Quantity};

impl<'v> Machine<'_, 'v> {
    /// Those that are ours; none: it is a library's.
    pub(super) fn method(
        &mut self,
        name: &str,
        target: &Value<'v>,
        arguments: &[Value<'v>],
    ) -> Result<Option<Value<'v>>, Error> {
        if name == "size" {
            return self.size(target).map(Some);
        }
        match target {
            Value::Text(text) => self.of_text(name, text, arguments),
            Value::List(list) => self.of_list(name, list, arguments),
            Value::Timestamp(_) | Value::Duration(_) => part_of(name, target, arguments.first()).map(Some),
            Value::Url(url) => of_url(name, url, arguments).map(Some),
            Value::Semver(version) => of_version(name, version, arguments).map(Some),
            Value::Quantity(quantity) => of_quantity(name, *quantity, arguments).map(Some),
            Value::Optional(inner) => match (name, arguments) {
                ("hasValue", []) => Ok(Some(Value::Bool(inner.is_some()))),
                ("value", []) => match inner {
                    Some(inner) => Ok(Some((**inner).clone())),
                    None => Err(Error::new("optional.none() dereference")),
                },
                // What has a value was answered before the argument was evaluated.
                ("or", [other @ Value::Optional(_)]) | ("orValue", [other]) => Ok(Some(other.clone())),
                _ => Err(Error::no_such_overload()),
            },
            Value::Foreign(_) => Ok(None),
            _ => Err(Error::no_such_overload()),
        }
    }

    fn of_text(
        &mut self,
        name: &str,
        text: &Text<'v>,
        arguments: &[Value<'v>],
    ) -> Result<Option<Value<'v>>, Error> {
        let asked = matches!(name, "contains" | "startsWith" | "endsWith");
        let ([Value::Text(part)], true) = (arguments, asked) else {
            return if asked {
                Err(Error::no_such_overload())
            } else {
                self.of_string(name, text, arguments)
            };
        };
        self.charge((text.len() + part.len()) as u64 / 32)?;
        let (text, part) = (text.as_str(), part.as_str());
        Ok(Some(Value::Bool(match name {
            "contains" => text.contains(part),
            "startsWith" => text.starts_with(part),
            _ => text.ends_with(part),
        })))
    }
}

fn of_url<'v>(name: &str, url: &Url, arguments: &[Value<'v>]) -> Result<Value<'v>, Error> {
    if !arguments.is_empty() {
        return Err(Error::no_such_overload());
    }
    Ok(match name {
        "getScheme" => Value::text(url.scheme.as_str()),
        "getHost" => Value::text(url.host.as_str()),
        "getHostname" => Value::text(url.hostname()),
        "getPort" => Value::text(url.port()),
        "getEscapedPath" => Value::text(url.escaped_path.as_str()),
        "getQuery" => {
            let entries = url.query().into_iter();
            let entries = entries.map(|(key, values)| (Key::Text(key.into()), texts(values)));
            Value::Map(Map::Shared(Rc::new(entries.collect())))
        }
        _ => return Err(Error::no_such_overload()),
    })
}

fn of_version<'v>(name: &str, version: &Semver, arguments: &[Value<'v>]) -> Result<Value<'v>, Error> {
    let number = |it: u64| Value::Int(i64::try_from(it).unwrap_or(i64::MAX));
    Ok(match (name, arguments) {
        ("major", []) => number(version.major),
        ("minor", []) => number(version.minor),
        ("patch", []) => number(version.patch),
        ("isGreaterThan", [Value::Semver(other)]) => Value::Bool(version > &**other),
        ("isLessThan", [Value::Semver(other)]) => Value::Bool(version < &**other),
        ("compareTo", [Value::Semver(other)]) => Value::Int(version.cmp(other) as i64),
        _ => return Err(Error::no_such_overload()),
    })
}

fn of_quantity<'v>(name: &str, quantity: Quantity, arguments: &[Value<'v>]) -> Result<Value<'v>, Error> {
    Ok(match (name, arguments) {
        ("isGreaterThan", [Value::Quantity(other)]) => Value::Bool(quantity > *other),
        ("isLessThan", [Value::Quantity(other)]) => Value::Bool(quantity < *other),
        ("compareTo", [Value::Quantity(other)]) => Value::Int(quantity.cmp(other) as i64),
        ("add", [Value::Quantity(other)]) => Value::Quantity(quantity + *other),
        ("sub", [Value::Quantity(other)]) => Value::Quantity(quantity - *other),
        ("add", [Value::Int(other)]) => Value::Quantity(quantity + Quantity::from(*other)),
        ("sub", [Value::Int(other)]) => Value::Quantity(quantity - Quantity::from(*other)),
        ("isInteger", []) => Value::Bool(integer(quantity).is_some()),
        ("asInteger", []) => {
            Value::Int(integer(quantity).ok_or_else(|| Error::new("cannot convert value to integer"))?)
        }
        ("asApproximateFloat", []) => Value::Double(quantity.as_f64()),
        _ => return Err(Error::no_such_overload()),
    })
}

/// The whole number that a quantity is, if it is one and fits.
fn integer(quantity: Quantity) -> Option<i64> {
    let whole = i64::try_from(quantity.ceil()).ok()?;
    (Quantity::from(whole).with_format(Format::DecimalSi) == quantity).then_some(whole)
}

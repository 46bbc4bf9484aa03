//! Equality and order, as cel-go has them: numbers are numbers, whatever their type.

use std::cmp::Ordering;

use super::{
    error::Error,
    machine::Machine,
    value::{List, Map, Value},
};

impl<'v> Machine<'_, 'v> {
    /// Whether two values are equal; values of different types are not.
    pub(super) fn equal(&mut self, one: &Value<'v>, other: &Value<'v>) -> Result<bool, Error> {
        Ok(match (one, other) {
            (Value::Null, Value::Null) | (Value::Optional(None), Value::Optional(None)) => true,
            (Value::Bool(one), Value::Bool(other)) => one == other,
            (Value::Text(one), Value::Text(other)) => {
                self.charge(one.len().min(other.len()) as u64 / 64)?;
                one.as_str() == other.as_str()
            }
            (Value::Bytes(one), Value::Bytes(other)) => one == other,
            (Value::List(one), Value::List(other)) => self.equal_lists(one, other)?,
            (Value::Map(one), Value::Map(other)) => self.equal_maps(one, other)?,
            (Value::Timestamp(one), Value::Timestamp(other)) => one == other,
            (Value::Duration(one), Value::Duration(other)) => one == other,
            (Value::Quantity(one), Value::Quantity(other)) => one == other,
            (Value::Url(one), Value::Url(other)) => one == other,
            (Value::Semver(one), Value::Semver(other)) => one.cmp(other) == Ordering::Equal,
            (Value::Type(one), Value::Type(other)) => one == other,
            (Value::Optional(Some(one)), Value::Optional(Some(other))) => self.equal(one, other)?,
            (Value::Foreign(one), Value::Foreign(other)) => one.equals(other),
            (Value::Quantity(_) | Value::Url(_) | Value::Semver(_) | Value::Foreign(_), other)
                if !matches!(other, Value::Null) =>
            {
                // Kubernetes' own types refuse what is not of theirs, where all others say that it differs.
                return Err(Error::no_such_overload());
            }
            _ => numbers(one, other) == Some(Ordering::Equal),
        })
    }

    fn equal_lists(&mut self, one: &List<'v>, other: &List<'v>) -> Result<bool, Error> {
        if one.len() != other.len() {
            return Ok(false);
        }
        for at in 0..one.len() {
            self.charge(1)?;
            let (Some(one), Some(other)) = (one.get(at), other.get(at)) else {
                return Ok(false);
            };
            if !self.equal(&one, &other)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn equal_maps(&mut self, one: &Map<'v>, other: &Map<'v>) -> Result<bool, Error> {
        self.charge(one.len().min(other.len()) as u64)?;
        if one.len() != other.len() {
            return Ok(false);
        }
        let mut pairs = Vec::new();
        let mut all = true;
        one.each(|key, value| {
            match other.get(key) {
                Some(other) => pairs.push((value.clone(), other)),
                None => all = false,
            }
            all
        });
        if !all {
            return Ok(false);
        }
        for (one, other) in pairs {
            if !self.equal(&one, &other)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Which of two values comes first.
    pub(super) fn order(&mut self, one: &Value<'v>, other: &Value<'v>) -> Result<Ordering, Error> {
        Ok(match (one, other) {
            (Value::Bool(one), Value::Bool(other)) => one.cmp(other),
            (Value::Text(one), Value::Text(other)) => {
                self.charge(one.len().min(other.len()) as u64 / 64)?;
                one.as_str().cmp(other.as_str())
            }
            (Value::Bytes(one), Value::Bytes(other)) => one.cmp(other),
            (Value::Timestamp(one), Value::Timestamp(other)) => one.cmp(other),
            (Value::Duration(one), Value::Duration(other)) => one.cmp(other),
            (Value::Double(one), _) if one.is_nan() => return Err(not_a_number()),
            (_, Value::Double(other)) if other.is_nan() => return Err(not_a_number()),
            _ => numbers(one, other).ok_or_else(Error::no_such_overload)?,
        })
    }

    /// The second of each pair, sorted by the first, which must all be of one kind.
    pub(super) fn sorted(&mut self, mut keyed: Vec<(Value<'v>, Value<'v>)>) -> Result<Value<'v>, Error> {
        let count = keyed.len() as u64;
        self.charge(count.saturating_mul(u64::from(count.checked_ilog2().unwrap_or_default()) + 1))?;
        let mut failed = None;
        keyed.sort_by(|(one, _), (other, _)| {
            self.order(one, other).unwrap_or_else(|error| {
                failed.get_or_insert(error);
                Ordering::Equal
            })
        });
        match failed {
            Some(error) => Err(error),
            None => Ok(Value::list(keyed.into_iter().map(|(_, value)| value).collect())),
        }
    }
}

fn not_a_number() -> Error {
    Error::new("NaN values cannot be ordered")
}

/// How two numbers compare; none where one of them is no number.
fn numbers(one: &Value<'_>, other: &Value<'_>) -> Option<Ordering> {
    match (one, other) {
        (Value::Double(one), Value::Double(other)) => one.partial_cmp(other),
        (Value::Double(one), other) => int_with(integer(other)?, *one).map(Ordering::reverse),
        (one, Value::Double(other)) => int_with(integer(one)?, *other),
        _ => Some(integer(one)?.cmp(&integer(other)?)),
    }
}

fn integer(value: &Value<'_>) -> Option<i128> {
    match value {
        Value::Int(it) => Some(i128::from(*it)),
        Value::Uint(it) => Some(i128::from(*it)),
        _ => None,
    }
}

/// How a whole number compares with a floating-point one. As in cel-go the whole number becomes a floating-point one
/// where both are within its range.
fn int_with(int: i128, double: f64) -> Option<Ordering> {
    #[expect(clippy::cast_precision_loss, reason = "so does cel-go")]
    let near = int as f64;
    near.partial_cmp(&double)
}

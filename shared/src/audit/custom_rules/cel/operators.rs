//! Arithmetic. What does not fit is an error, never something else.

use std::rc::Rc;

use super::{
    error::Error,
    machine::Machine,
    node::Operator,
    value::{Text, Value},
};

/// Farthest from now that a moment may be: the years 1 to 9999, as cel-go has it.
const EARLIEST: i64 = -62_135_596_800;
const LATEST: i64 = 253_402_300_799;

impl<'v> Machine<'_, 'v> {
    pub(super) fn arithmetic(
        &mut self,
        operator: Operator,
        one: &Value<'v>,
        other: &Value<'v>,
    ) -> Result<Value<'v>, Error> {
        match (one, other) {
            (Value::Int(one), Value::Int(other)) => ints(operator, *one, *other).map(Value::Int),
            (Value::Uint(one), Value::Uint(other)) => uints(operator, *one, *other).map(Value::Uint),
            (Value::Double(one), Value::Double(other)) => doubles(operator, *one, *other).map(Value::Double),
            (Value::Text(one), Value::Text(other)) if operator == Operator::Add => {
                self.charge((one.len() + other.len()) as u64 / 16)?;
                let mut text = String::with_capacity(one.len() + other.len());
                text.push_str(one.as_str());
                text.push_str(other.as_str());
                Ok(Value::Text(Text::Shared(text.into())))
            }
            (Value::Bytes(one), Value::Bytes(other)) if operator == Operator::Add => {
                self.charge((one.len() + other.len()) as u64 / 16)?;
                let bytes: Vec<u8> = one.iter().chain(other.iter()).copied().collect();
                Ok(Value::Bytes(Rc::from(bytes)))
            }
            (Value::List(one), Value::List(other)) if operator == Operator::Add => {
                self.charge((one.len() + other.len()) as u64)?;
                let mut items = one.to_vec();
                items.extend(other.to_vec());
                Ok(Value::list(items))
            }
            _ => times(operator, one, other),
        }
    }
}

pub(super) fn negate<'v>(value: &Value<'v>) -> Result<Value<'v>, Error> {
    match value {
        Value::Int(it) => it.checked_neg().map(Value::Int).ok_or_else(int_overflow),
        Value::Double(it) => Ok(Value::Double(-it)),
        Value::Duration(it) => it.checked_neg().map(Value::Duration).ok_or_else(int_overflow),
        _ => Err(Error::no_such_overload()),
    }
}

fn int_overflow() -> Error {
    Error::new("integer overflow")
}

fn ints(operator: Operator, one: i64, other: i64) -> Result<i64, Error> {
    let made = match operator {
        Operator::Add => one.checked_add(other),
        Operator::Subtract => one.checked_sub(other),
        Operator::Multiply => one.checked_mul(other),
        Operator::Divide if other == 0 => return Err(Error::new("division by zero")),
        Operator::Divide => one.checked_div(other),
        Operator::Modulo if other == 0 => return Err(Error::new("modulus by zero")),
        Operator::Modulo => one.checked_rem(other),
        _ => return Err(Error::no_such_overload()),
    };
    made.ok_or_else(int_overflow)
}

fn uints(operator: Operator, one: u64, other: u64) -> Result<u64, Error> {
    let made = match operator {
        Operator::Add => one.checked_add(other),
        Operator::Subtract => one.checked_sub(other),
        Operator::Multiply => one.checked_mul(other),
        Operator::Divide if other == 0 => return Err(Error::new("division by zero")),
        Operator::Divide => one.checked_div(other),
        Operator::Modulo if other == 0 => return Err(Error::new("modulus by zero")),
        Operator::Modulo => one.checked_rem(other),
        _ => return Err(Error::no_such_overload()),
    };
    made.ok_or_else(|| Error::new("unsigned integer overflow"))
}

fn doubles(operator: Operator, one: f64, other: f64) -> Result<f64, Error> {
    Ok(match operator {
        Operator::Add => one + other,
        Operator::Subtract => one - other,
        Operator::Multiply => one * other,
        Operator::Divide => one / other,
        _ => return Err(Error::no_such_overload()),
    })
}

/// Moments and the time between them.
fn times<'v>(operator: Operator, one: &Value<'v>, other: &Value<'v>) -> Result<Value<'v>, Error> {
    let shifted = |moment: &jiff::Timestamp, nanos: i128| {
        let at = moment.as_nanosecond().checked_add(nanos);
        let at = at.and_then(|at| jiff::Timestamp::from_nanosecond(at).ok());
        let at = at.filter(|at| (EARLIEST..=LATEST).contains(&at.as_second()));
        at.map(Value::Timestamp).ok_or_else(|| Error::new("timestamp overflow"))
    };
    let lasting = |nanos: i128| {
        let nanos = i64::try_from(nanos).map_err(|_| Error::new("duration overflow"))?;
        Ok(Value::Duration(nanos))
    };
    match (operator, one, other) {
        (Operator::Add, Value::Timestamp(moment), Value::Duration(nanos))
        | (Operator::Add, Value::Duration(nanos), Value::Timestamp(moment)) => {
            shifted(moment, i128::from(*nanos))
        }
        (Operator::Subtract, Value::Timestamp(moment), Value::Duration(nanos)) => {
            shifted(moment, -i128::from(*nanos))
        }
        (Operator::Subtract, Value::Timestamp(one), Value::Timestamp(other)) => {
            lasting(one.as_nanosecond() - other.as_nanosecond())
        }
        (Operator::Add, Value::Duration(one), Value::Duration(other)) => {
            lasting(i128::from(*one) + i128::from(*other))
        }
        (Operator::Subtract, Value::Duration(one), Value::Duration(other)) => {
            lasting(i128::from(*one) - i128::from(*other))
        }
        _ => Err(Error::no_such_overload()),
    }
}

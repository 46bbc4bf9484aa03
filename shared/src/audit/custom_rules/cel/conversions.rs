//! From one type to another, as cel-go does it.

use super::{
    error::Error,
    format::{double_text, duration_text, timestamp_text},
    value::{Value, whole},
};

pub(super) fn int<'v>(of: &Value<'v>) -> Result<Value<'v>, Error> {
    let overflow = || Error::new("integer overflow");
    Ok(Value::Int(match of {
        Value::Int(it) => *it,
        Value::Uint(it) => i64::try_from(*it).map_err(|_| overflow())?,
        Value::Double(it) => {
            // As in cel-go, the bounds themselves are out of range.
            let fits = it.trunc().abs() < 9_223_372_036_854_775_808.0;
            whole(it.trunc()).filter(|_| fits).ok_or_else(overflow)?
        }
        Value::Text(text) => text.as_str().parse().map_err(|_| {
            Error::new(format!("type conversion error from 'string' to 'int': {:?}", text.as_str()))
        })?,
        Value::Timestamp(moment) => {
            moment.as_nanosecond().div_euclid(1_000_000_000).try_into().map_err(|_| overflow())?
        }
        Value::Duration(nanos) => *nanos,
        _ => return Err(Error::no_such_overload()),
    }))
}

pub(super) fn uint<'v>(of: &Value<'v>) -> Result<Value<'v>, Error> {
    let overflow = || Error::new("unsigned integer overflow");
    Ok(Value::Uint(match of {
        Value::Uint(it) => *it,
        Value::Int(it) => u64::try_from(*it).map_err(|_| overflow())?,
        Value::Double(it) => {
            /// 2^64.
            const BEYOND: f64 = 18_446_744_073_709_551_616.0;
            let it = it.trunc();
            if !(0.0..BEYOND).contains(&it) {
                return Err(overflow());
            }
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "it is whole and fits"
            )]
            let it = it as u64;
            it
        }
        Value::Text(text) if text.as_str().starts_with(|first: char| first.is_ascii_digit()) => {
            text.as_str().parse().map_err(|_| {
                Error::new(format!("type conversion error from 'string' to 'uint': {:?}", text.as_str()))
            })?
        }
        Value::Text(text) => {
            return Err(Error::new(format!(
                "type conversion error from 'string' to 'uint': {:?}",
                text.as_str()
            )));
        }
        _ => return Err(Error::no_such_overload()),
    }))
}

pub(super) fn double<'v>(of: &Value<'v>) -> Result<Value<'v>, Error> {
    #[expect(clippy::cast_precision_loss, reason = "that is what the conversion is")]
    Ok(Value::Double(match of {
        Value::Double(it) => *it,
        Value::Int(it) => *it as f64,
        Value::Uint(it) => *it as f64,
        Value::Text(text) => text.as_str().parse().map_err(|_| {
            Error::new(format!("type conversion error from 'string' to 'double': {:?}", text.as_str()))
        })?,
        _ => return Err(Error::no_such_overload()),
    }))
}

pub(super) fn bool<'v>(of: &Value<'v>) -> Result<Value<'v>, Error> {
    Ok(Value::Bool(match of {
        Value::Bool(it) => *it,
        Value::Text(text) => match text.as_str() {
            "1" | "t" | "T" | "true" | "TRUE" | "True" => true,
            "0" | "f" | "F" | "false" | "FALSE" | "False" => false,
            other => {
                return Err(Error::new(format!("type conversion error from 'string' to 'bool': {other:?}")));
            }
        },
        _ => return Err(Error::no_such_overload()),
    }))
}

pub(super) fn string<'v>(of: &Value<'v>) -> Result<Value<'v>, Error> {
    Ok(Value::text(match of {
        Value::Text(_) => return Ok(of.clone()),
        Value::Bool(it) => it.to_string(),
        Value::Int(it) => it.to_string(),
        Value::Uint(it) => it.to_string(),
        Value::Double(it) => double_text(*it),
        Value::Bytes(bytes) => String::from_utf8(bytes.to_vec())
            .map_err(|_| Error::new("invalid UTF-8 in bytes, cannot convert to string"))?,
        Value::Timestamp(moment) => timestamp_text(*moment),
        Value::Duration(nanos) => duration_text(*nanos),
        _ => return Err(Error::no_such_overload()),
    }))
}

pub(super) fn is_zero(value: &Value<'_>) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(it) => !it,
        Value::Int(it) => *it == 0,
        Value::Uint(it) => *it == 0,
        Value::Double(it) => *it == 0.0,
        Value::Text(text) => text.len() == 0,
        Value::Bytes(bytes) => bytes.is_empty(),
        Value::List(list) => list.len() == 0,
        Value::Map(map) => map.len() == 0,
        Value::Timestamp(_)
        | Value::Quantity(_)
        | Value::Url(_)
        | Value::Semver(_)
        | Value::Type(_)
        | Value::Optional(_)
        | Value::Foreign(_) => false,
        Value::Duration(nanos) => *nanos == 0,
    }
}

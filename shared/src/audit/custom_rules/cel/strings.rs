//! Functions of strings that are ours: patterns, and `format`.

use std::fmt::Write as _;

use super::{
    error::Error,
    format::{duration_text, timestamp_text},
    lower::compile,
    machine::{Machine, texts},
    value::{List, Map, Text, Value},
};

/// Steps that compiling a pattern is worth.
const COMPILING: u64 = 2_000;
/// Most digits after the point.
const PRECISION: usize = 100;

impl<'v> Machine<'_, 'v> {
    /// Those that take a pattern which is only known now, and `format`; none: it is a library's.
    pub(super) fn of_string(
        &mut self,
        name: &str,
        text: &Text<'v>,
        arguments: &[Value<'v>],
    ) -> Result<Option<Value<'v>>, Error> {
        if let ("format", [Value::List(list)]) = (name, arguments) {
            return self.formatted(text.as_str(), list).map(Some);
        }
        let ("matches" | "find" | "findAll", [Value::Text(pattern), rest @ ..]) = (name, arguments) else {
            return Ok(None);
        };
        self.charge(COMPILING + (text.len() + pattern.len()) as u64 / 4)?;
        let pattern = compile(pattern.as_str()).map_err(Error::new)?;
        let text = text.as_str();
        let all =
            |most: usize| texts(pattern.find_iter(text).take(most).map(|found| found.as_str().to_owned()));
        Ok(Some(match (name, rest) {
            ("matches", []) => Value::Bool(pattern.is_match(text)),
            ("find", []) => Value::text(pattern.find(text).map_or("", |found| found.as_str())),
            ("findAll", []) => all(usize::MAX),
            ("findAll", [Value::Int(most)]) => all(usize::try_from(*most).unwrap_or(usize::MAX)),
            _ => return Err(Error::no_such_overload()),
        }))
    }

    /// `format`, as cel-go has it.
    fn formatted(&mut self, pattern: &str, list: &List<'v>) -> Result<Value<'v>, Error> {
        self.charge_for(&Value::List(list.clone()))?;
        self.charge(pattern.len() as u64 / 16)?;
        let mut out = String::new();
        let mut next = 0;
        let mut rest = pattern;
        while let Some((before, after)) = rest.split_once('%') {
            out.push_str(before);
            if let Some(after) = after.strip_prefix('%') {
                out.push('%');
                rest = after;
                continue;
            }
            let (precision, after) = precision(after)?;
            let mut letters = after.chars();
            let verb = letters.next().ok_or_else(|| Error::new("unexpected end of string"))?;
            rest = letters.as_str();
            let value = list.get(next).ok_or_else(|| Error::new(format!("index {next} out of range")))?;
            next += 1;
            write_verb(&mut out, verb, precision, &value)?;
            self.charge(out.len() as u64 / 64)?;
        }
        out.push_str(rest);
        if next < list.len() {
            return Err(Error::new(format!("unused argument: {} given, {next} used", list.len())));
        }
        Ok(Value::text(out))
    }
}

/// `.3` before a verb.
fn precision(text: &str) -> Result<(Option<usize>, &str), Error> {
    let Some(after) = text.strip_prefix('.') else {
        return Ok((None, text));
    };
    let digits = after.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, after) = after.split_at(digits);
    let wanted: usize = digits.parse().map_err(|_| Error::new("expected a precision"))?;
    if wanted > PRECISION {
        return Err(Error::new(format!("a precision of more than {PRECISION}")));
    }
    Ok((Some(wanted), after))
}

fn write_verb(
    out: &mut String,
    verb: char,
    precision: Option<usize>,
    value: &Value<'_>,
) -> Result<(), Error> {
    let refused = || Error::new(format!("no formatting directive %{verb} for {}", value.type_name()));
    // Writing to a string can't fail.
    let _ = match (verb, value) {
        ('s', value) => {
            write_any(out, value)?;
            Ok(())
        }
        ('d', Value::Int(it)) => write!(out, "{it}"),
        ('d', Value::Uint(it)) => write!(out, "{it}"),
        ('d' | 'f', Value::Double(it)) if !it.is_finite() => write!(out, "{}", not_finite(*it)),
        ('f', value) => write!(out, "{:.*}", precision.unwrap_or(6), number(value).ok_or_else(refused)?),
        ('e', Value::Double(it)) if !it.is_finite() => write!(out, "{}", not_finite(*it)),
        ('e', value) => {
            let text = format!("{:.*e}", precision.unwrap_or(6), number(value).ok_or_else(refused)?);
            let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
            let (sign, exponent) = exponent.strip_prefix('-').map_or(('+', exponent), |it| ('-', it));
            write!(out, "{digits}e{sign}{exponent:0>2}")
        }
        ('b', Value::Bool(it)) => write!(out, "{}", u8::from(*it)),
        ('b', value) => {
            signed(value, |it| format!("{it:b}")).map(|text| out.write_str(&text)).ok_or_else(refused)?
        }
        ('o', value) => {
            signed(value, |it| format!("{it:o}")).map(|text| out.write_str(&text)).ok_or_else(refused)?
        }
        ('x', Value::Text(text)) => hex(out, text.as_str().as_bytes(), false),
        ('X', Value::Text(text)) => hex(out, text.as_str().as_bytes(), true),
        ('x', Value::Bytes(bytes)) => hex(out, bytes, false),
        ('X', Value::Bytes(bytes)) => hex(out, bytes, true),
        ('x', value) => {
            signed(value, |it| format!("{it:x}")).map(|text| out.write_str(&text)).ok_or_else(refused)?
        }
        ('X', value) => {
            signed(value, |it| format!("{it:X}")).map(|text| out.write_str(&text)).ok_or_else(refused)?
        }
        _ => return Err(Error::new(format!("unrecognized formatting clause \"{verb}\""))),
    };
    Ok(())
}

fn hex(out: &mut String, bytes: &[u8], upper: bool) -> std::fmt::Result {
    for byte in bytes {
        if upper { write!(out, "{byte:02X}") } else { write!(out, "{byte:02x}") }?;
    }
    Ok(())
}

fn signed(value: &Value<'_>, digits: impl Fn(u64) -> String) -> Option<String> {
    match value {
        Value::Int(it) => {
            let sign = if *it < 0 { "-" } else { "" };
            Some(format!("{sign}{}", digits(it.unsigned_abs())))
        }
        Value::Uint(it) => Some(digits(*it)),
        _ => None,
    }
}

#[expect(clippy::cast_precision_loss, reason = "it is shown with a few digits")]
fn number(value: &Value<'_>) -> Option<f64> {
    match value {
        Value::Double(it) => Some(*it),
        Value::Int(it) => Some(*it as f64),
        Value::Uint(it) => Some(*it as f64),
        _ => None,
    }
}

fn not_finite(it: f64) -> &'static str {
    match it {
        it if it.is_nan() => "NaN",
        it if it > 0.0 => "Infinity",
        _ => "-Infinity",
    }
}

/// `%s`: any value.
fn write_any(out: &mut String, value: &Value<'_>) -> Result<(), Error> {
    let _ = match value {
        Value::Text(text) => out.write_str(text.as_str()),
        Value::Null => out.write_str("null"),
        Value::Bool(it) => write!(out, "{it}"),
        Value::Int(it) => write!(out, "{it}"),
        Value::Uint(it) => write!(out, "{it}"),
        Value::Double(it) if !it.is_finite() => out.write_str(not_finite(*it)),
        Value::Double(it) => write!(out, "{it}"),
        Value::Bytes(bytes) => out.write_str(&String::from_utf8_lossy(bytes)),
        Value::Type(name) => out.write_str(name),
        Value::Timestamp(moment) => out.write_str(&timestamp_text(*moment)),
        Value::Duration(nanos) => out.write_str(&duration_text(*nanos)),
        Value::List(list) => {
            out.push('[');
            for (item, at) in list.to_vec().iter().zip(0..) {
                out.push_str(if at == 0 { "" } else { ", " });
                write_any(out, item)?;
            }
            out.write_char(']')
        }
        Value::Map(map) => {
            write_map(out, map)?;
            Ok(())
        }
        _ => return Err(Error::new(format!("no formatting directive %s for {}", value.type_name()))),
    };
    Ok(())
}

/// The entries of a map, sorted as they are written.
fn write_map(out: &mut String, map: &Map<'_>) -> Result<(), Error> {
    let mut written = Vec::new();
    let mut failed = None;
    map.each(|key, value| {
        let mut text = String::new();
        let done = write_any(&mut text, &key.to_value()).and_then(|()| {
            text.push_str(": ");
            write_any(&mut text, value)
        });
        failed = done.err();
        written.push(text);
        failed.is_none()
    });
    if let Some(error) = failed {
        return Err(error);
    }
    written.sort();
    out.push('{');
    out.push_str(&written.join(", "));
    out.push('}');
    Ok(())
}

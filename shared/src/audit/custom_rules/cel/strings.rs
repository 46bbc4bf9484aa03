//! Functions of strings that are ours: patterns, and `format`.

use std::fmt::Write as _;

use super::{
    error::Error,
    format::{double_text, duration_text, timestamp_text},
    library,
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
        match (name, arguments) {
            ("format", [Value::List(list)]) => return self.formatted(text.as_str(), list).map(Some),
            // Where the crate differs from the API server.
            ("indexOf" | "lastIndexOf", [Value::Text(_), Value::Int(from)]) if *from < 0 => {
                return Err(Error::new(format!("index out of range: {from}")));
            }
            ("replace", [Value::Text(_), Value::Text(_), Value::Int(most)]) if *most < 0 => {
                let target = Value::Text(text.clone());
                let all = arguments.get(..2).unwrap_or_default();
                return library::call(self, name, Some(&target), all).map(Some);
            }
            ("split", [Value::Text(by), rest @ ..]) if by.len() == 0 => {
                return self.letters(text.as_str(), rest).map(Some);
            }
            _ => {}
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

    /// A text split into its letters, the last part being what is left.
    fn letters(&mut self, text: &str, most: &[Value<'v>]) -> Result<Value<'v>, Error> {
        self.charge(text.len() as u64)?;
        let most = match most {
            [] => usize::MAX,
            [Value::Int(most)] => usize::try_from(*most).unwrap_or(usize::MAX),
            _ => return Err(Error::no_such_overload()),
        };
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next().filter(|_| parts.len() < most) {
            let is_last = parts.len() + 1 == most;
            let (letter, after) = if is_last { (rest, "") } else { rest.split_at(first.len_utf8()) };
            parts.push(letter.to_owned());
            rest = after;
        }
        Ok(texts(parts))
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
    let precision = precision.unwrap_or(6);
    let text = match (verb, value) {
        ('s', value) => any(value)?,
        ('d', Value::Int(it)) => it.to_string(),
        ('d', Value::Uint(it)) => it.to_string(),
        ('f', Value::Double(it)) => fixed(*it, precision),
        ('e', Value::Double(it)) => scientific(*it),
        ('b', Value::Bool(it)) => u8::from(*it).to_string(),
        ('b', value) => signed(value, |it| format!("{it:b}")).ok_or_else(refused)?,
        ('o', value) => signed(value, |it| format!("{it:o}")).ok_or_else(refused)?,
        ('x' | 'X', value) => {
            let digits = match value {
                Value::Text(text) => hex(text.as_str().as_bytes()),
                Value::Bytes(bytes) => hex(bytes),
                value => signed(value, |it| format!("{it:x}")).ok_or_else(refused)?,
            };
            if verb == 'X' { digits.to_ascii_uppercase() } else { digits }
        }
        ('d' | 'f' | 'e', _) => return Err(refused()),
        _ => return Err(Error::new(format!("unrecognized formatting clause \"{verb}\""))),
    };
    out.push_str(&text);
    Ok(())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        // Writing to a string can't fail.
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// With so many decimals, in groups of three digits as English has them.
fn fixed(it: f64, precision: usize) -> String {
    if !it.is_finite() {
        return not_finite(it).to_owned();
    }
    let text = format!("{:.precision$}", it.abs());
    let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
    let mut out = if it.is_sign_negative() { "-".to_owned() } else { String::new() };
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    let point = if decimals.is_empty() { "" } else { "." };
    format!("{out}{point}{decimals}")
}

/// As English writes powers of ten: `1.500000×10⁰³`. The API server takes the precision for a width, so that there are
/// always six decimals.
fn scientific(it: f64) -> String {
    const RAISED: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    if !it.is_finite() {
        return not_finite(it).to_owned();
    }
    let text = format!("{it:.6e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let (sign, exponent) = exponent.strip_prefix('-').map_or(("", exponent), |exponent| ("⁻", exponent));
    let raised: String = format!("{exponent:0>2}")
        .chars()
        .filter_map(|digit| RAISED.get(digit.to_digit(10)? as usize).copied())
        .collect();
    format!("{digits}×10{sign}{raised}")
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

fn not_finite(it: f64) -> &'static str {
    match it {
        it if it.is_nan() => "NaN",
        it if it > 0.0 => "∞",
        _ => "-∞",
    }
}

/// `%s`: any value.
fn any(value: &Value<'_>) -> Result<String, Error> {
    Ok(match value {
        Value::Text(text) => text.as_str().to_owned(),
        Value::Null => "null".to_owned(),
        Value::Bool(it) => it.to_string(),
        Value::Int(it) => it.to_string(),
        Value::Uint(it) => it.to_string(),
        Value::Double(it) => double_text(*it),
        Value::Bytes(bytes) => String::from_utf8(bytes.to_vec())
            .map_err(|_| Error::new("invalid UTF-8 in bytes, cannot convert to string"))?,
        Value::Type(name) => (*name).to_owned(),
        Value::Timestamp(moment) => timestamp_text(*moment),
        Value::Duration(nanos) => duration_text(*nanos),
        Value::List(list) => {
            let items = list.to_vec().iter().map(inner).collect::<Result<Vec<_>, _>>()?;
            format!("[{}]", items.join(", "))
        }
        Value::Map(map) => entries(map)?,
        _ => return Err(Error::new(format!("no formatting directive %s for {}", value.type_name()))),
    })
}

/// A value within a list or a map, as CEL would write it.
fn inner(value: &Value<'_>) -> Result<String, Error> {
    Ok(match value {
        Value::Text(text) => format!("{:?}", text.as_str()),
        Value::Bytes(_) => format!("b{:?}", any(value)?),
        Value::Timestamp(_) => format!("timestamp({:?})", any(value)?),
        Value::Duration(_) => format!("duration({:?})", any(value)?),
        Value::Double(it) if it.is_finite() => format!("{it:.6}"),
        Value::Double(_) => format!("{:?}", any(value)?),
        _ => any(value)?,
    })
}

/// The entries of a map, sorted by their keys as they are written.
fn entries(map: &Map<'_>) -> Result<String, Error> {
    let mut written = Vec::new();
    let mut failed = None;
    map.each(|key, value| {
        match inner(&key.to_value()).and_then(|key| Ok((key, inner(value)?))) {
            Ok(entry) => written.push(entry),
            Err(error) => failed = Some(error),
        }
        failed.is_none()
    });
    if let Some(error) = failed {
        return Err(error);
    }
    written.sort();
    let written: Vec<String> = written.into_iter().map(|(key, value)| format!("{key}:{value}")).collect();
    Ok(format!("{{{}}}", written.join(", ")))
}

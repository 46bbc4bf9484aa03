//! Values as Go prints them.

use std::{collections::BTreeMap, fmt::Write as _, io};

use serde_json::{Number, Value};

use super::{Style, evaluate::Results};
use crate::text::{neutral, steers};

pub(super) fn write(results: &Results<'_>, style: Style, out: &mut dyn io::Write) -> io::Result<()> {
    if style == Style::Json {
        let list = Value::Array(results.values.iter().map(|value| value.clone().into_owned()).collect());
        let mut text = String::new();
        go_json(&list, Some(0), &mut text);
        return writeln!(out, "{text}");
    }
    for (at, value) in results.values.iter().enumerate() {
        if at > 0 {
            out.write_all(b" ")?;
        }
        match &**value {
            Value::Array(_) | Value::Object(_) => {
                let mut text = String::new();
                go_json(value, None, &mut text);
                out.write_all(text.as_bytes())?;
            }
            Value::Null => out.write_all(b"null")?,
            Value::String(text) if results.own_text => out.write_all(text.as_bytes())?,
            other => out.write_all(neutral(&go_text(other)).as_bytes())?,
        }
    }
    Ok(())
}

/// `fmt.Sprint`.
pub(super) fn go_text(value: &Value) -> String {
    let mut text = String::new();
    write_go_text(value, &mut text);
    text
}

fn write_go_text(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("<nil>"),
        Value::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
        Value::Number(number) => write_number(number, -4, 2, out),
        Value::String(text) => out.push_str(text),
        Value::Array(list) => {
            out.push('[');
            for (at, element) in list.iter().enumerate() {
                if at > 0 {
                    out.push(' ');
                }
                write_go_text(element, out);
            }
            out.push(']');
        }
        Value::Object(map) => {
            out.push_str("map[");
            for (at, (key, element)) in map.iter().collect::<BTreeMap<_, _>>().into_iter().enumerate() {
                if at > 0 {
                    out.push(' ');
                }
                let _ = write!(out, "{key}:");
                write_go_text(element, out);
            }
            out.push(']');
        }
    }
}

/// A number with an exponent where Go writes one: below the power of ten `small`, from 1e21 on.
fn write_number(number: &Number, small: i32, digits: usize, out: &mut String) {
    let Some(real) = number.as_f64().filter(|_| number.is_f64()) else {
        let _ = write!(out, "{number}");
        return;
    };
    let scientific = format!("{real:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    let _ = if real != 0.0 && !(small..21).contains(&exponent) {
        let sign = if exponent < 0 { '-' } else { '+' };
        write!(out, "{mantissa}e{sign}{:0digits$}", exponent.abs())
    } else {
        write!(out, "{real}")
    };
}

/// `json.Marshal` of maps, or `json.MarshalIndent` by four spaces: keys sorted, what means something in HTML escaped.
fn go_json(value: &Value, indent: Option<usize>, out: &mut String) {
    let inner = indent.map(|depth| depth + 1);
    let line = |depth: Option<usize>, out: &mut String| {
        if let Some(depth) = depth {
            out.push('\n');
            out.extend(std::iter::repeat_n("    ", depth));
        }
    };
    match value {
        Value::Array(list) if list.is_empty() => out.push_str("[]"),
        Value::Object(map) if map.is_empty() => out.push_str("{}"),
        Value::Array(list) => {
            out.push('[');
            for (at, element) in list.iter().enumerate() {
                out.push_str(if at > 0 { "," } else { "" });
                line(inner, out);
                go_json(element, inner, out);
            }
            line(indent, out);
            out.push(']');
        }
        Value::Object(map) => {
            out.push('{');
            for (at, (key, element)) in map.iter().collect::<BTreeMap<_, _>>().into_iter().enumerate() {
                out.push_str(if at > 0 { "," } else { "" });
                line(inner, out);
                go_string(key, out);
                out.push_str(if indent.is_some() { ": " } else { ":" });
                go_json(element, inner, out);
            }
            line(indent, out);
            out.push('}');
        }
        Value::String(text) => go_string(text, out),
        Value::Number(number) => write_number(number, -6, 1, out),
        Value::Null | Value::Bool(_) => {
            let _ = write!(out, "{value}");
        }
    }
}

fn go_string(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '<' | '>' | '&' => {
                let _ = write!(out, "\\u{:04x}", u32::from(character));
            }
            _ if steers(character) => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
            other => out.push(other),
        }
    }
    out.push('"');
}

/// The type that Go decodes a value into.
pub(super) fn go_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "<nil>",
        Value::Bool(_) => "bool",
        Value::Number(number) if number.is_f64() => "float64",
        Value::Number(_) => "int64",
        Value::String(_) => "string",
        Value::Array(_) => "[]interface {}",
        Value::Object(_) => "map[string]interface {}",
    }
}

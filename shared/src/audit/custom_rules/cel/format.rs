//! Values as text, as Go writes them.

use super::value::Value;

/// A floating-point number as `strconv.FormatFloat(it, 'g', -1, 64)` has it: the shortest digits that are read back,
/// with an exponent where that is less than -4 or at least 6.
pub(super) fn double_text(it: f64) -> String {
    if it.is_nan() {
        return "NaN".to_owned();
    }
    if it.is_infinite() {
        return if it > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    let shortest = format!("{it:e}");
    let (digits, exponent) = shortest.split_once('e').unwrap_or((&shortest, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    if it != 0.0 && !(-4..6).contains(&exponent) {
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{digits}e{sign}{:02}", exponent.unsigned_abs());
    }
    format!("{it}")
}

/// A duration as cel-go writes it: seconds, with as many decimals as it takes.
pub(super) fn duration_text(nanos: i64) -> String {
    let sign = if nanos < 0 { "-" } else { "" };
    let nanos = nanos.unsigned_abs();
    let (seconds, rest) = (nanos / 1_000_000_000, nanos % 1_000_000_000);
    let decimals = format!("{rest:09}");
    let decimals = decimals.trim_end_matches('0');
    let point = if decimals.is_empty() { "" } else { "." };
    format!("{sign}{seconds}{point}{decimals}s")
}

/// A moment as RFC 3339 in UTC.
pub(super) fn timestamp_text(moment: jiff::Timestamp) -> String {
    moment.to_string()
}

/// A value as it is shown in messages of errors.
pub(super) fn shown(value: &Value<'_>) -> String {
    match value {
        Value::Text(text) => text.as_str().to_owned(),
        Value::Bool(it) => it.to_string(),
        Value::Int(it) => it.to_string(),
        Value::Uint(it) => it.to_string(),
        Value::Double(it) => double_text(*it),
        other => other.type_name().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_go_writes_them() {
        for (it, text) in [
            (1.0, "1"),
            (0.5, "0.5"),
            (-2.25, "-2.25"),
            (1e5, "100000"),
            (1e6, "1e+06"),
            (123_456_789.0, "1.23456789e+08"),
            (1e21, "1e+21"),
            (1.5e-5, "1.5e-05"),
            (0.0001, "0.0001"),
            (0.0, "0"),
            (f64::INFINITY, "+Inf"),
        ] {
            assert_eq!(double_text(it), text);
        }
        assert_eq!(duration_text(90_500_000_000), "90.5s");
        assert_eq!(duration_text(-1), "-0.000000001s");
        assert_eq!(duration_text(0), "0s");
    }
}

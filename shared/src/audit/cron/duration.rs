//! Durations as Go writes them: `1h30m`, `1.5h`, `-3m`.

/// Whole seconds, the rest cut off; none when it is no duration or one of more than Go can hold.
pub(super) fn seconds(text: &str) -> Option<i64> {
    let (negative, mut rest) = match text.as_bytes().first()? {
        b'-' => (true, text.get(1..)?),
        b'+' => (false, text.get(1..)?),
        _ => (false, text),
    };
    if rest == "0" {
        return Some(0);
    }
    if rest.is_empty() {
        return None;
    }
    let mut nanos: i128 = 0;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (number, after) = rest.split_at_checked(end)?;
        let end = after.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(after.len());
        let (unit, after) = after.split_at_checked(end)?;
        nanos = nanos.checked_add(amount(number, unit)?)?;
        if nanos > i128::from(i64::MAX) {
            return None;
        }
        rest = after;
    }
    let seconds = i64::try_from(nanos / 1_000_000_000).ok()?;
    Some(if negative { -seconds } else { seconds })
}

fn amount(number: &str, unit: &str) -> Option<i128> {
    let unit: i128 = match unit {
        "ns" => 1,
        "us" | "µs" | "μs" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        _ => return None,
    };
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    if (whole.is_empty() && part.is_empty()) || part.contains('.') {
        return None;
    }
    let whole: i128 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    // More digits than these are below a nanosecond.
    let digits = part.get(..part.len().min(15))?;
    let fraction: i128 = if digits.is_empty() { 0 } else { digits.parse().ok()? };
    let scale = 10_i128.checked_pow(u32::try_from(digits.len()).ok()?)?;
    whole.checked_mul(unit)?.checked_add(fraction.checked_mul(unit)? / scale)
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn as_go_reads_them() {
        for (text, expected) in [
            ("1h30m", Some(5400)),
            ("1.5h", Some(5400)),
            ("90s", Some(90)),
            ("0", Some(0)),
            ("-3m", Some(-180)),
            ("+1m", Some(60)),
            (".5m", Some(30)),
            ("999ms", Some(0)),
            ("1us", Some(0)),
            ("", None),
            ("1", None),
            ("1d", None),
            (".s", None),
            ("1..5s", None),
            ("h", None),
            ("9999999999h", None),
            ("-", None),
        ] {
            assert_eq!(seconds(text), expected, "{text:?}");
        }
    }
}

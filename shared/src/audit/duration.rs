//! Durations as Go writes them: `1h30m`, `1.5h`, `-3m`.

/// Whole seconds, the rest cut off; none when it is no duration or one of more than Go can hold.
pub(super) fn seconds(text: &str) -> Option<i64> {
    nanos(text).map(|nanos| nanos / 1_000_000_000)
}

/// Nanoseconds, as `time.ParseDuration` has them; none when it is no duration or one of more than Go can hold.
pub(super) fn nanos(text: &str) -> Option<i64> {
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
    let mut sum: i128 = 0;
    while !rest.is_empty() {
        let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
        let (whole, after) = rest.split_at(digits(rest));
        let (decimals, after) = match after.strip_prefix('.') {
            Some(after) => after.split_at(digits(after)),
            None => ("", after),
        };
        if whole.is_empty() && decimals.is_empty() {
            return None;
        }
        let until = after.find(|next: char| next == '.' || next.is_ascii_digit()).unwrap_or(after.len());
        let (unit, after) = after.split_at(until);
        let unit: i128 = match unit {
            "ns" => 1,
            "us" | "µs" | "μs" => 1_000,
            "ms" => 1_000_000,
            "s" => 1_000_000_000,
            "m" => 60_000_000_000,
            "h" => 3_600_000_000_000,
            _ => return None,
        };
        let whole: i128 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
        sum = sum.checked_add(whole.checked_mul(unit)?)?;
        // What is finer than a nanosecond of an hour does not count.
        let decimals = decimals.get(..decimals.len().min(18)).unwrap_or_default();
        if !decimals.is_empty() {
            let scale = 10_i128.checked_pow(u32::try_from(decimals.len()).ok()?)?;
            sum = sum.checked_add(decimals.parse::<i128>().ok()?.checked_mul(unit)? / scale)?;
        }
        rest = after;
    }
    i64::try_from(if negative { -sum } else { sum }).ok()
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

//! `--request-timeout` as client-go reads it: whole seconds, or a Go duration.

use std::time::Duration;

/// Why a text is no timeout, in kubectl's words.
const INVALID: &str = "Invalid timeout value. Timeout must be a single integer in seconds, or an integer followed by a \
                       corresponding time unit (e.g. 1s | 2m | 3h)";

/// The timeout that `text` says; `None` is no timeout, which is what `0` says.
pub fn parse_timeout(text: &str) -> Result<Option<Duration>, &'static str> {
    let text = text.trim();
    let duration = match text.parse::<u64>() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => go_duration(text).ok_or(INVALID)?,
    };
    Ok(Some(duration).filter(|duration| !duration.is_zero()))
}

/// `1h2m3.5s`, without a sign: a negative timeout means nothing.
fn go_duration(text: &str) -> Option<Duration> {
    let mut rest = text.strip_prefix('+').unwrap_or(text);
    let mut total = Duration::ZERO;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let number = rest.find(|c: char| c != '.' && !c.is_ascii_digit())?;
        let unit = rest[number..]
            .find(|c: char| c == '.' || c.is_ascii_digit())
            .map_or(rest.len(), |end| number + end);
        let seconds = match &rest[number..unit] {
            "ns" => 1e-9,
            "us" | "µs" | "μs" => 1e-6,
            "ms" => 1e-3,
            "s" => 1.0,
            "m" => 60.0,
            "h" => 3600.0,
            _ => return None,
        };
        let count = rest[..number].parse::<f64>().ok()?;
        total = total.checked_add(Duration::try_from_secs_f64(count * seconds).ok()?)?;
        rest = &rest[unit..];
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timeouts() {
        let seconds =
            |text| parse_timeout(text).map(|timeout| timeout.map_or(0.0, |timeout| timeout.as_secs_f64()));
        for (text, expected) in [
            ("0", 0.0),
            ("30", 30.0),
            ("1s", 1.0),
            ("2m", 120.0),
            ("3h", 10800.0),
            ("1h2m3.5s", 3723.5),
            ("250ms", 0.25),
            ("0s", 0.0),
        ] {
            assert_eq!(seconds(text), Ok(expected), "{text}");
        }
        for text in ["", "abc", "-1", "-1s", "1d", "s", "1s2", "99999999999999999999h"] {
            assert!(seconds(text).is_err(), "{text}");
        }
    }
}

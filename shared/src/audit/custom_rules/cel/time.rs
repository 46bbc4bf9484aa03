//! Moments and durations, as Go reads them.

use jiff::{Timestamp, tz::TimeZone};

use super::{error::Error, functions::borrowed, value::Value};

/// Reads RFC 3339.
pub(super) fn parse_timestamp(text: &str) -> Result<Timestamp, Error> {
    let wrong = || Error::new(format!("type conversion error from 'string' to 'timestamp': {text:?}"));
    // Go wants all of it: date, T, time, zone.
    let bytes = text.as_bytes();
    let shape = bytes.len() >= "2006-01-02T15:04:05Z".len() && bytes.get(10) == Some(&b'T');
    let zone =
        text.ends_with('Z') || bytes.iter().rev().nth(5).is_some_and(|byte| matches!(byte, b'+' | b'-'));
    if !shape || !zone {
        return Err(wrong());
    }
    text.parse().map_err(|_| wrong())
}

/// Reads `1h30m`, as Go's `time.ParseDuration` does. In nanoseconds.
pub(super) fn parse_duration(text: &str) -> Result<i64, Error> {
    nanos(text)
        .ok_or_else(|| Error::new(format!("type conversion error from 'string' to 'duration': {text:?}")))
}

fn nanos(text: &str) -> Option<i64> {
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

/// A part of a moment, in a time zone, or of a duration.
pub(super) fn part_of<'v>(name: &str, of: &Value<'v>, zone: Option<&Value<'v>>) -> Result<Value<'v>, Error> {
    match (of, zone) {
        (Value::Duration(nanos), None) => {
            let unit = match name {
                "getHours" => 3_600_000_000_000,
                "getMinutes" => 60_000_000_000,
                "getSeconds" => 1_000_000_000,
                "getMilliseconds" => 1_000_000,
                _ => return Err(Error::no_such_overload()),
            };
            Ok(Value::Int(nanos / unit))
        }
        (Value::Timestamp(moment), None) => part(name, *moment, TimeZone::UTC),
        (Value::Timestamp(moment), Some(zone)) => {
            let zone = borrowed(zone).ok_or_else(Error::no_such_overload)?;
            part(name, *moment, time_zone(zone)?)
        }
        _ => Err(Error::no_such_overload()),
    }
}

fn part<'v>(name: &str, moment: Timestamp, zone: TimeZone) -> Result<Value<'v>, Error> {
    let local = moment.to_zoned(zone);
    Ok(Value::Int(match name {
        "getFullYear" => i64::from(local.year()),
        "getMonth" => i64::from(local.month()) - 1,
        "getDayOfYear" => i64::from(local.day_of_year()) - 1,
        "getDayOfMonth" => i64::from(local.day()) - 1,
        "getDate" => i64::from(local.day()),
        "getDayOfWeek" => i64::from(local.weekday().to_sunday_zero_offset()),
        "getHours" => i64::from(local.hour()),
        "getMinutes" => i64::from(local.minute()),
        "getSeconds" => i64::from(local.second()),
        "getMilliseconds" => i64::from(local.millisecond()),
        _ => return Err(Error::no_such_overload()),
    }))
}

/// `Europe/Berlin`, or `+02:00`.
fn time_zone(name: &str) -> Result<TimeZone, Error> {
    let unknown = || Error::new(format!("unknown time zone {name}"));
    if let Some((hours, minutes)) = name.split_once(':') {
        let sign = if hours.starts_with('-') { -1 } else { 1 };
        let hours: i32 = hours.trim_start_matches(['+', '-']).parse().map_err(|_| unknown())?;
        let minutes: i32 = minutes.parse().map_err(|_| unknown())?;
        let in_range = (0..=25).contains(&hours) && (0..60).contains(&minutes);
        let offset = in_range.then_some(sign * (hours * 3600 + minutes * 60));
        let offset = offset.and_then(|seconds| jiff::tz::Offset::from_seconds(seconds).ok());
        return offset.map(TimeZone::fixed).ok_or_else(unknown);
    }
    if name.is_empty() {
        return Ok(TimeZone::UTC);
    }
    TimeZone::get(name).map_err(|_| unknown())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_as_go_reads_them() {
        for (text, nanos) in [
            ("0", 0),
            ("1h30m", 5_400_000_000_000),
            ("-1.5s", -1_500_000_000),
            (".5m", 30_000_000_000),
            ("1us", 1_000),
            ("+2ms", 2_000_000),
        ] {
            assert_eq!(parse_duration(text), Ok(nanos), "{text}");
        }
        for wrong in ["", "1", "s", "1x", "-", ".s", "1h 2m", "9999999999h"] {
            assert!(parse_duration(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn moments_need_all_their_parts() {
        assert!(parse_timestamp("2026-11-28T12:00:00Z").is_ok());
        assert!(parse_timestamp("2026-11-28T12:00:00.5+02:00").is_ok());
        for wrong in ["", "2026-11-28", "2026-11-28T12:00:00", "2026-11-28 12:00:00Z", "2026-13-28T12:00:00Z"]
        {
            assert!(parse_timestamp(wrong).is_err(), "{wrong}");
        }
    }
}

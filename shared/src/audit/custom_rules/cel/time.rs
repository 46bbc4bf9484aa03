//! Moments and durations, as Go reads them.

use jiff::{Timestamp, tz::TimeZone};

use super::{error::Error, functions::borrowed, value::Value};
use crate::audit::duration::nanos;

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

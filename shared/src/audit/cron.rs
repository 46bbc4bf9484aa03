//! Schedules of CronJobs, read exactly as Kubernetes reads them: robfig/cron v3's standard syntax, without the `TZ=`
//! prefix that the API server refuses. Other crates take seconds, years, `L`, `W` or a Sunday called 7; none of that
//! is a schedule here.

use jiff::{
    Timestamp, ToSpan as _,
    civil::{DateTime, Time as CivilTime},
    tz::{TimeZone, TimeZoneDatabase},
};

use crate::model::Time;

mod field;
#[cfg(test)]
mod properties;

use field::Field;

/// When a job is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Schedule {
    /// At the minutes that all five fields match.
    At { minute: Field, hour: Field, day: Field, month: Field, weekday: Field },
    /// So many seconds after the last time.
    Every(i64),
}

/// A text that is no schedule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ScheduleError {
    #[error("it is empty")]
    Empty,
    #[error("it names a time zone: that belongs into timeZone")]
    TimeZone,
    #[error("it has {0} fields and needs 5: minute, hour, day of month, month, day of week")]
    Fields(usize),
    #[error("{0} is no predefined schedule")]
    Descriptor(String),
    #[error("{0:?} is no duration")]
    Duration(String),
    #[error("{0:?} is no number or name")]
    Number(String),
    #[error("{text:?} goes beyond {low} to {high}")]
    Bounds { text: String, low: u32, high: u32 },
    #[error("{0:?} ends before it begins")]
    Backwards(String),
    #[error("{0:?} has a step of 0")]
    Step(String),
    #[error("{0:?} is no range")]
    Range(String),
}

/// Years after which nothing more is looked for, as the controller does.
const YEARS: i16 = 5;

impl Schedule {
    /// Reads what `spec.schedule` of a CronJob may be.
    pub(crate) fn parse(text: &str) -> Result<Self, ScheduleError> {
        if text.is_empty() {
            return Err(ScheduleError::Empty);
        }
        if text.contains("TZ") {
            return Err(ScheduleError::TimeZone);
        }
        if text.starts_with('@') {
            return Self::descriptor(text);
        }
        let fields: Vec<&str> = text.split_whitespace().collect();
        let [minute, hour, day, month, weekday] = fields.as_slice() else {
            return Err(ScheduleError::Fields(fields.len()));
        };
        Ok(Self::At {
            minute: Field::minute(minute)?,
            hour: Field::hour(hour)?,
            day: Field::day(day)?,
            month: Field::month(month)?,
            weekday: Field::weekday(weekday)?,
        })
    }

    fn descriptor(text: &str) -> Result<Self, ScheduleError> {
        if let Some(rest) = text.strip_prefix("@every ") {
            let seconds =
                super::duration::seconds(rest).ok_or_else(|| ScheduleError::Duration(rest.to_owned()))?;
            return Ok(Self::Every(seconds.max(1)));
        }
        Self::parse(match text {
            "@yearly" | "@annually" => "0 0 1 1 *",
            "@monthly" => "0 0 1 * *",
            "@weekly" => "0 0 * * 0",
            "@daily" | "@midnight" => "0 0 * * *",
            "@hourly" => "0 * * * *",
            _ => return Err(ScheduleError::Descriptor(text.to_owned())),
        })
    }

    /// The next time that it is due after this one; none within five years: never.
    pub(crate) fn next(&self, after: Time, zone: &TimeZone) -> Option<Time> {
        let after = Timestamp::from_second(after.seconds).ok()?;
        let next = match *self {
            Self::Every(seconds) => after.checked_add(seconds.seconds()).ok()?,
            Self::At { minute, hour, day, month, weekday } => {
                // `,` is a field without any value: every minute of five years would be looked at.
                if [minute, hour, day, month, weekday].iter().any(|field| field.is_none()) {
                    return None;
                }
                let mut at = after.checked_add(1.second()).ok()?;
                let last = zone.to_datetime(at).year().saturating_add(YEARS);
                loop {
                    let local = zone.to_datetime(at);
                    if local.year() > last {
                        return None;
                    }
                    let beyond = |later: DateTime| zone.to_timestamp(later).ok().filter(|later| *later > at);
                    let number = |field: i8| u32::from(field.unsigned_abs());
                    at = if !month.has(number(local.month())) {
                        let first = local.date().first_of_month().checked_add(1.month()).ok()?;
                        beyond(first.to_datetime(CivilTime::midnight()))?
                    } else if !is_due_on(local, day, weekday) {
                        beyond(local.date().tomorrow().ok()?.to_datetime(CivilTime::midnight()))?
                    } else if !hour.has(number(local.hour())) {
                        let gone = i64::from(local.minute()) * 60 + i64::from(local.second());
                        at.checked_add((3600 - gone).seconds()).ok()?
                    } else if !minute.has(number(local.minute())) || local.second() != 0 {
                        at.checked_add((60 - i64::from(local.second())).seconds()).ok()?
                    } else {
                        break at;
                    };
                }
            }
        };
        Some(Time { seconds: next.as_second(), nanos: 0 })
    }

    /// Whether no time zone makes a difference to it of more than an hour.
    pub(crate) fn is_hourly(&self) -> bool {
        match self {
            Self::Every(_) => true,
            Self::At { hour, day, month, weekday, .. } => {
                [hour, day, month, weekday].into_iter().all(|field| field.is_all())
            }
        }
    }
}

/// Either of the two fields of days is enough, unless one of them is a star.
fn is_due_on(local: DateTime, day: Field, weekday: Field) -> bool {
    let in_month = day.has(u32::from(local.day().unsigned_abs()));
    let in_week = weekday.has(u32::from(local.weekday().to_sunday_zero_offset().unsigned_abs()));
    if day.is_star() || weekday.is_star() { in_month && in_week } else { in_month || in_week }
}

/// The zone of this name: the API server takes it letter by letter, and neither the empty one nor `Local`.
pub(crate) fn time_zone(name: &str) -> Option<TimeZone> {
    let usable = |part: &str| {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '+');
        let named = !part.is_empty() && part.len() <= 14 && part.chars().all(plain);
        named && !matches!(part, "." | "..") && !part.starts_with('-')
    };
    if !name.split('/').all(usable) {
        return None;
    }
    // The database knows names in any case, and some by an older name.
    let database = TimeZoneDatabase::bundled();
    let known = database.available().any(|known| known.as_str() == name);
    database.get(name).ok().filter(|_| known)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(schedule: &str, after: &str, zone: &str) -> String {
        let after: Timestamp = after.parse().unwrap();
        let after = Time { seconds: after.as_second(), nanos: 0 };
        let next = Schedule::parse(schedule).unwrap().next(after, &time_zone(zone).unwrap());
        next.map_or_else(
            || "never".to_owned(),
            |next| Timestamp::from_second(next.seconds).unwrap().to_string(),
        )
    }

    #[test]
    fn what_the_controller_would_do_next() {
        for (schedule, after, zone, expected) in [
            ("0 0 * * *", "2026-11-28T12:00:00Z", "UTC", "2026-11-29T00:00:00Z"),
            ("0 0 * * *", "2026-11-28T12:00:00Z", "Europe/Berlin", "2026-11-28T23:00:00Z"),
            ("*/15 9-17 * * MON-FRI", "2026-11-28T12:00:00Z", "UTC", "2026-11-30T09:00:00Z"),
            ("@hourly", "2026-11-28T12:00:00Z", "UTC", "2026-11-28T13:00:00Z"),
            ("@every 1h30m", "2026-11-28T12:00:00Z", "UTC", "2026-11-28T13:30:00Z"),
            ("0 0 13 * 5", "2026-11-28T12:00:00Z", "UTC", "2026-12-04T00:00:00Z"),
            ("0 0 13 * *", "2026-11-28T12:00:00Z", "UTC", "2026-12-13T00:00:00Z"),
            ("0 0 29 2 *", "2026-11-28T12:00:00Z", "UTC", "2028-02-29T00:00:00Z"),
            ("0 0 30 2 *", "2026-11-28T12:00:00Z", "UTC", "never"),
            // The hour that a spring day lacks comes the day after, and the one that an autumn day has twice comes twice.
            ("30 2 * * *", "2026-03-29T00:00:00Z", "Europe/Berlin", "2026-03-30T00:30:00Z"),
            ("30 2 * * *", "2026-10-25T00:30:00Z", "Europe/Berlin", "2026-10-25T01:30:00Z"),
        ] {
            assert_eq!(next(schedule, after, zone), expected, "{schedule} in {zone}");
        }
    }

    #[test]
    fn schedules_as_the_api_server_takes_them() {
        for text in [
            "* * * * *",
            "*/5 * * * ?",
            "0 0 1,15 * *",
            "0 22 * JAN-mar Sun",
            "5/10 * * * *",
            "@midnight",
            "@every 1.5h",
            "@every 90s",
            "  0 0  * * * ",
            "0-59/2 0 1 1 6",
            "+5 * * * *",
            "@every -3m",
        ] {
            assert!(Schedule::parse(text).is_ok(), "{text:?}: {:?}", Schedule::parse(text));
        }
        for (text, why) in [
            ("", "it is empty"),
            ("* * * *", "it has 4 fields and needs 5: minute, hour, day of month, month, day of week"),
            ("0 * * * * *", "it has 6 fields and needs 5: minute, hour, day of month, month, day of week"),
            ("60 * * * *", "\"60\" goes beyond 0 to 59"),
            ("* * * * 7", "\"7\" goes beyond 0 to 6"),
            ("* * 0 * *", "\"0\" goes beyond 1 to 31"),
            ("* 5-3 * * *", "\"5-3\" ends before it begins"),
            ("*/0 * * * *", "\"*/0\" has a step of 0"),
            ("1-2-3 * * * *", "\"1-2-3\" is no range"),
            ("* * L * *", "\"L\" is no number or name"),
            ("* * * * MONDAY", "\"MONDAY\" is no number or name"),
            ("-5 * * * *", "\"\" is no number or name"),
            ("@fortnightly", "@fortnightly is no predefined schedule"),
            ("@every day", "\"day\" is no duration"),
            ("TZ=UTC 0 0 * * *", "it names a time zone: that belongs into timeZone"),
            ("CRON_TZ=UTC 0 0 * * *", "it names a time zone: that belongs into timeZone"),
        ] {
            assert_eq!(Schedule::parse(text).unwrap_err().to_string(), why, "{text:?}");
        }
    }

    #[test]
    fn zones_by_their_exact_names() {
        for name in
            ["UTC", "Etc/UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+5", "EST5EDT"]
        {
            assert!(time_zone(name).is_some(), "{name}");
        }
        for name in
            ["", "Local", "europe/berlin", "Europe/Atlantis", "../etc/passwd", "Europe//Berlin", "/UTC", "-3"]
        {
            assert!(time_zone(name).is_none(), "{name}");
        }
    }
}

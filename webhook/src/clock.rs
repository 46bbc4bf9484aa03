//! Where the clock comes in.

use passmuster::model::Time;

/// The time.
#[expect(clippy::disallowed_methods, reason = "this is where the clock comes in")]
pub(crate) fn now() -> Time {
    let now = jiff::Timestamp::now();
    Time { seconds: now.as_second(), nanos: now.subsec_nanosecond() }
}

/// So many seconds from now, without what is less than a second.
pub(crate) fn in_seconds(seconds: u64) -> Time {
    let now = now();
    Time { seconds: now.seconds.saturating_add(i64::try_from(seconds).unwrap_or(i64::MAX)), nanos: 0 }
}

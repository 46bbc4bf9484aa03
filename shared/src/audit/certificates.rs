//! What cert-manager's `Certificate` says of itself.

use serde_json::Value;

use crate::model::Time;

/// The time at this place of an object, if there is one.
pub(crate) fn time(value: &Value, pointer: &str) -> Option<Time> {
    let time: jiff::Timestamp = value.pointer(pointer)?.as_str()?.parse().ok()?;
    Some(Time { seconds: time.as_second(), nanos: 0 })
}

/// The text at this place of an object; empty when there is none.
pub(crate) fn text<'v>(value: &'v Value, pointer: &str) -> &'v str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

/// A time as objects have it: `2026-11-28T12:00:00Z`.
pub(crate) fn stamp(time: Time) -> String {
    jiff::Timestamp::new(time.seconds, 0).map(|time| time.to_string()).unwrap_or_default()
}

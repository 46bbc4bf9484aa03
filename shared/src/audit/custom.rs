//! What objects of kinds that are not built in say of themselves, in the way that most of them do.

use serde_json::Value;

use super::{
    context::Context,
    world::{Custom, Unknown},
};
use crate::model::Time;

/// One of an object's `status.conditions`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct State<'w> {
    /// `True`, `False` or `Unknown`.
    pub(crate) status: &'w str,
    /// Why, in one word.
    pub(crate) reason: &'w str,
    /// Why, in a sentence.
    message: &'w str,
    /// When the status last changed.
    pub(crate) since: Option<Time>,
}

impl Custom {
    /// The text at this place; empty when there is none.
    pub(crate) fn text(&self, pointer: &str) -> &str {
        text(&self.value, pointer)
    }

    /// The time at this place, if there is one.
    pub(crate) fn time(&self, pointer: &str) -> Option<Time> {
        time(&self.value, pointer)
    }

    /// The list at this place; empty when there is none.
    pub(crate) fn list(&self, pointer: &str) -> &[Value] {
        self.value.pointer(pointer).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
    }

    /// The condition of this type.
    pub(crate) fn condition(&self, kind: &str) -> Option<State<'_>> {
        let all = self.list("/status/conditions");
        let condition = all.iter().find(|condition| text(condition, "/type") == kind)?;
        Some(State {
            status: text(condition, "/status"),
            reason: text(condition, "/reason"),
            message: text(condition, "/message"),
            since: time(condition, "/lastTransitionTime"),
        })
    }
}

impl State<'_> {
    /// Why it is so: reason and message, as far as they are there.
    pub(crate) fn why(&self) -> String {
        because(self.reason, self.message)
    }
}

/// Reason and message in one line, as far as they are there.
pub(crate) fn because(reason: &str, message: &str) -> String {
    /// Characters of a message that are shown.
    const SHOWN: usize = 200;

    let words: Vec<&str> = message.split_whitespace().collect();
    let mut message = words.join(" ").trim_end_matches('.').to_owned();
    if let Some((end, _)) = message.char_indices().nth(SHOWN) {
        message.truncate(end);
        message.push('…');
    }
    match (reason.is_empty(), message.is_empty()) {
        (true, true) => "no reason is given".to_owned(),
        (false, true) => reason.to_owned(),
        (true, false) => message,
        (false, false) => format!("{reason}: {message}"),
    }
}

/// Whether something has been so for longer than a rollout may take. What does not say since when, has.
pub(crate) fn is_stuck(cx: &Context<'_>, since: Option<Time>) -> Result<bool, Unknown> {
    let now = cx.now()?;
    let patience = cx.parameters().rollout_minutes.saturating_mul(60);
    Ok(since.is_none_or(|since| now.seconds.saturating_sub(since.seconds) > patience))
}

/// The text at this place of a value; empty when there is none.
pub(crate) fn text<'v>(value: &'v Value, pointer: &str) -> &'v str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

fn time(value: &Value, pointer: &str) -> Option<Time> {
    let time: jiff::Timestamp = text(value, pointer).parse().ok()?;
    Some(Time { seconds: time.as_second(), nanos: 0 })
}

/// A time as objects have it: `2026-11-28T12:00:00Z`.
pub(crate) fn stamp(time: Time) -> String {
    jiff::Timestamp::new(time.seconds, 0).map(|time| time.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_one_short_line() {
        assert_eq!(because("", ""), "no reason is given");
        assert_eq!(because("Failed", " a\n  b. "), "Failed: a b");
        let long = because("", &"é".repeat(500));
        assert_eq!(long.chars().count(), 201);
    }
}

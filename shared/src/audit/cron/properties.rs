use proptest::prelude::*;

use super::{Schedule, time_zone};
use crate::model::Time;

/// A field of a schedule within its bounds.
fn field(low: u32, high: u32) -> impl Strategy<Value = String> {
    prop_oneof![
        Just("*".to_owned()),
        (low..=high).prop_map(|value| value.to_string()),
        (low..=high, 1..=high).prop_map(|(from, step)| format!("{from}/{step}")),
        (low..=high, low..=high).prop_map(|(one, other)| format!("{}-{}", one.min(other), one.max(other))),
        (low..=high, low..=high).prop_map(|(one, other)| format!("{one},{other}")),
        (1..=high).prop_map(|step| format!("*/{step}")),
    ]
}

/// A set, written out: every value that a field names.
fn values(text: &str, low: u32, high: u32) -> Vec<u32> {
    text.split(',')
        .flat_map(|part| {
            let (range, step) =
                part.split_once('/').map_or((part, None), |(range, step)| (range, Some(step)));
            let (from, to) = match range.split_once('-') {
                _ if range == "*" => (low, high),
                Some((from, to)) => (from.parse().unwrap(), to.parse().unwrap()),
                None => {
                    let from = range.parse().unwrap();
                    (from, if step.is_some() { high } else { from })
                }
            };
            (from..=to).step_by(step.map_or(1, |step| step.parse().unwrap())).collect::<Vec<_>>()
        })
        .collect()
}

proptest! {
    #[test]
    fn no_text_panics(text in "[@*/,\\-0-9a-zTZ ?.]{0,24}|.*", after in any::<i64>()) {
        if let Ok(schedule) = Schedule::parse(&text) {
            schedule.next(Time { seconds: after, nanos: 0 }, &time_zone("Europe/Berlin").unwrap());
        }
    }

    #[test]
    fn the_next_time_is_the_first_minute_that_matches(
        minute in field(0, 59), hour in field(0, 23), weekday in field(0, 6), after in 0_i64..4_000_000_000,
    ) {
        let schedule = Schedule::parse(&format!("{minute} {hour} * * {weekday}")).unwrap();
        let next = schedule.next(Time { seconds: after, nanos: 0 }, &time_zone("UTC").unwrap()).unwrap();
        let (minutes, hours, days) = (values(&minute, 0, 59), values(&hour, 0, 23), values(&weekday, 0, 6));
        // The first day of the epoch was a Thursday.
        let due = |at: i64| {
            let of = |value: i64| u32::try_from(value).unwrap();
            minutes.contains(&of(at / 60 % 60)) && hours.contains(&of(at / 3600 % 24))
                && days.contains(&of((at / 86_400 + 4) % 7))
        };
        let first = (after / 60 + 1..after / 60 + 60 * 24 * 8).map(|minute| minute * 60).find(|at| due(*at)).unwrap();
        prop_assert_eq!(next.seconds, first);
    }
}

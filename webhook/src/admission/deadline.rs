//! Until when an answer is worth anything.

use std::time::{Duration, Instant};

use passmuster::timeout::parse_timeout;

/// The longest that the API server waits for any webhook.
const LONGEST: Duration = Duration::from_secs(30);

/// How much of the API server's patience is used.
#[derive(Debug, Clone, Copy)]
pub struct Budget {
    /// What a call without `?timeout=` has; the API server's own default is 10 s.
    pub default: Duration,
    /// What is left for the way back, of a call that has time enough: never more than a fifth.
    pub margin: Duration,
}

/// When a call came and until when it must be answered.
#[derive(Debug, Clone, Copy)]
pub struct Deadline {
    /// When the head of the call was here.
    pub arrived: Instant,
    /// When the answer must leave.
    pub until: Instant,
}

impl Deadline {
    /// The deadline of a call that came at `arrived` with this query, as in `timeout=10s`.
    pub fn of(query: Option<&str>, arrived: Instant, budget: Budget) -> Self {
        let stated = query.and_then(timeout).and_then(|text| parse_timeout(text).ok()?);
        let patience = stated.unwrap_or(budget.default).min(LONGEST);
        let used = patience.saturating_sub(budget.margin.min(patience / 5));
        Self { arrived, until: arrived.checked_add(used).unwrap_or(arrived) }
    }

    /// What is left of it.
    pub fn left(&self) -> Duration {
        self.until.saturating_duration_since(Instant::now())
    }
}

fn timeout(query: &str) -> Option<&str> {
    query.split('&').find_map(|pair| pair.strip_prefix("timeout="))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_margin_of_the_stated_timeout_stays() {
        let budget = Budget { default: Duration::from_secs(10), margin: Duration::from_millis(500) };
        let now = Instant::now();
        for (query, expected) in [
            (None, 9500),
            (Some(""), 9500),
            (Some("timeout=5s"), 4500),
            (Some("dryRun=All&timeout=30s"), 29500),
            (Some("timeout=1m0s"), 29500),
            (Some("timeout=7"), 6500),
            (Some("timeout=1s"), 800),
            (Some("timeout=0s"), 9500),
            (Some("timeout=junk"), 9500),
            (Some("timeout=99999999999999999999h"), 9500),
        ] {
            let deadline = Deadline::of(query, now, budget);
            assert_eq!((deadline.until - now).as_millis(), expected, "{query:?}");
        }
    }
}

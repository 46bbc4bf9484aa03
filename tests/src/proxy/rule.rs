//! What to do to which request.

use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Something that goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// 403, as without permission.
    Forbid,
    /// 429, with a `Retry-After` of so many seconds.
    TooManyRequests {
        /// The seconds.
        retry_after: u32,
    },
    /// Any other status that a `Status` object explains, for example 503.
    Status(u16),
    /// 410 in place of an answer: a continue token or a version to watch from that is too old.
    Gone,
    /// A watch that starts well, and whose first event is the error 410.
    GoneEvent,
    /// The answer comes late.
    Delay(Duration),
    /// The request is read, and no answer ever comes.
    Stall,
    /// The answer starts, and nothing comes after so many bytes of its body.
    StallBody {
        /// The bytes that still come.
        after: usize,
    },
    /// The answer breaks off after so many bytes of its body.
    Truncate {
        /// The bytes that still come.
        after: usize,
    },
    /// The connection is reset after so many bytes of the answer's body, with all that shares it.
    Reset {
        /// The bytes that still come.
        after: usize,
    },
}

/// A fault and the requests that it happens to: all of them, until methods narrow it.
#[derive(Debug)]
pub struct Rule {
    pub(super) fault: Fault,
    method: Option<String>,
    path: Option<String>,
    path_prefix: Option<String>,
    path_contains: Option<String>,
    query_contains: Option<String>,
    when: When,
    seen: AtomicU64,
}

#[derive(Debug)]
enum When {
    Always,
    First(u64),
    Nth(u64),
    Chance { probability: f64, seed: u64 },
}

impl Rule {
    /// This fault, for all requests.
    pub fn new(fault: Fault) -> Self {
        Self {
            fault,
            method: None,
            path: None,
            path_prefix: None,
            path_contains: None,
            query_contains: None,
            when: When::Always,
            seen: AtomicU64::new(0),
        }
    }

    /// Only requests with this method.
    #[must_use]
    pub fn method(self, method: &str) -> Self {
        Self { method: Some(method.to_owned()), ..self }
    }

    /// Only requests of exactly this path.
    #[must_use]
    pub fn path(self, path: &str) -> Self {
        Self { path: Some(path.to_owned()), ..self }
    }

    /// Only requests whose path starts so.
    #[must_use]
    pub fn path_prefix(self, prefix: &str) -> Self {
        Self { path_prefix: Some(prefix.to_owned()), ..self }
    }

    /// Only requests whose path has this somewhere.
    #[must_use]
    pub fn path_contains(self, part: &str) -> Self {
        Self { path_contains: Some(part.to_owned()), ..self }
    }

    /// Only requests whose query has this somewhere, for example `watch=true`.
    #[must_use]
    pub fn query_contains(self, part: &str) -> Self {
        Self { query_contains: Some(part.to_owned()), ..self }
    }

    /// Only the first so many of these requests.
    #[must_use]
    pub fn first(self, count: u64) -> Self {
        Self { when: When::First(count), ..self }
    }

    /// Only one of these requests: the first is number 1.
    #[must_use]
    pub fn nth(self, number: u64) -> Self {
        Self { when: When::Nth(number), ..self }
    }

    /// Only some of these requests, with this probability; the seed decides which.
    #[must_use]
    pub fn chance(self, probability: f64, seed: u64) -> Self {
        Self { when: When::Chance { probability, seed }, ..self }
    }

    /// Whether the fault happens to this request. Counts the request when it is one of the rule's.
    pub(super) fn applies(&self, method: &str, path: &str, query: &str) -> bool {
        let is = |wanted: &Option<String>, test: &dyn Fn(&str) -> bool| wanted.as_deref().is_none_or(test);
        let matches = is(&self.method, &|wanted| method.eq_ignore_ascii_case(wanted))
            && is(&self.path, &|wanted| path == wanted)
            && is(&self.path_prefix, &|wanted| path.starts_with(wanted))
            && is(&self.path_contains, &|wanted| path.contains(wanted))
            && is(&self.query_contains, &|wanted| query.contains(wanted));
        if !matches {
            return false;
        }
        let number = self.seen.fetch_add(1, Ordering::Relaxed) + 1;
        match self.when {
            When::Always => true,
            When::First(count) => number <= count,
            When::Nth(wanted) => number == wanted,
            When::Chance { probability, seed } => draw(seed, number) < probability,
        }
    }
}

/// A number from 0 up to 1, always the same for the same seed and number.
fn draw(seed: u64, number: u64) -> f64 {
    let hash = BuildHasherDefault::<DefaultHasher>::default().hash_one((seed, number));
    let [a, b, c, d, ..] = hash.to_le_bytes();
    f64::from(u32::from_le_bytes([a, b, c, d])) / (f64::from(u32::MAX) + 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn narrows() {
        let rule = Rule::new(Fault::Forbid).method("GET").path_prefix("/api/").query_contains("watch=true");
        assert!(rule.applies("GET", "/api/v1/pods", "watch=true"));
        assert!(!rule.applies("GET", "/api/v1/pods", ""));
        assert!(!rule.applies("GET", "/apis/apps/v1", "watch=true"));
        assert!(!rule.applies("PUT", "/api/v1/pods", "watch=true"));
    }

    #[test]
    fn counts_its_own_requests_only() {
        let rule = Rule::new(Fault::Stall).path("/a").nth(2);
        let hits: Vec<_> = ["/a", "/b", "/a", "/a"].map(|path| rule.applies("GET", path, "")).into();
        assert_eq!(hits, [false, false, true, false]);
        let rule = Rule::new(Fault::Stall).first(1);
        assert_eq!([1, 2].map(|_| rule.applies("GET", "/", "")), [true, false]);
    }

    #[test]
    fn draws_evenly_and_repeatably() {
        let hits = |seed| {
            let rule = Rule::new(Fault::Stall).chance(0.3, seed);
            (0..1000).filter(|_| rule.applies("GET", "/", "")).count()
        };
        assert_eq!(hits(1), hits(1));
        assert!((250..350).contains(&hits(1)) && (250..350).contains(&hits(2)));
    }
}

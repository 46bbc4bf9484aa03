//! The election's state machine, as client-go has it: no clock of another machine is believed.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde_json::Value;

use super::Lease;

/// How long what takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timing {
    /// How long nobody else takes a Lease that its holder does not renew; whole seconds.
    pub lease: Duration,
    /// How long a holder that can't renew goes on as if it held it; shorter than `lease`, so that it has stopped before
    /// another begins.
    pub renew_within: Duration,
    /// How long to wait between two looks.
    pub retry: Duration,
}

impl Default for Timing {
    /// Kubernetes' own.
    fn default() -> Self {
        Self {
            lease: Duration::from_secs(15),
            renew_within: Duration::from_secs(10),
            retry: Duration::from_secs(2),
        }
    }
}

/// What to do with the Lease.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// It is another's: look again later.
    Wait,
    /// Write this: it is ours, or nobody's any more.
    Write(Lease),
}

/// One that wants to hold the Lease.
#[derive(Debug)]
pub struct Candidate {
    identity: String,
    timing: Timing,
    seen: Option<Seen>,
    renewed: Option<Instant>,
}

/// What the Lease was, and since when by our own clock.
#[derive(Debug)]
struct Seen {
    lease: Lease,
    at: Instant,
}

impl Candidate {
    /// One with a name that no other has.
    pub fn new(identity: String, timing: Timing) -> Self {
        Self { identity, timing, seen: None, renewed: None }
    }

    /// Looks at the Lease as it was just read, none when there is none.
    pub fn look(&mut self, object: Option<&Value>, now: Instant, wall: Timestamp) -> Step {
        let lease = object.map(Lease::read).unwrap_or_default();
        let mine = lease.holder_identity == self.identity;
        let since = match &self.seen {
            Some(seen) if seen.lease == lease => seen.at,
            _ => now,
        };
        self.seen = Some(Seen { lease: lease.clone(), at: since });
        if !mine {
            self.renewed = None;
        }
        let term = Duration::from_secs(u64::try_from(lease.lease_duration_seconds).unwrap_or_default());
        let free = lease.holder_identity.is_empty() || now.saturating_duration_since(since) >= term;
        if mine || free {
            Step::Write(lease.held(&self.identity, self.timing.lease, wall))
        } else {
            Step::Wait
        }
    }

    /// What `look` said was written; `asked` is when it was sent, for the answer may have taken long.
    pub fn wrote(&mut self, lease: Lease, asked: Instant) {
        self.seen = Some(Seen { lease, at: asked });
        self.renewed = Some(asked);
    }

    /// Until when this one may act as the holder; none when it may not.
    pub fn leads_until(&self) -> Option<Instant> {
        self.renewed?.checked_add(self.timing.renew_within)
    }

    /// What to write to give the Lease back, if it is ours.
    pub fn release(&mut self, object: Option<&Value>, wall: Timestamp) -> Option<Lease> {
        self.renewed = None;
        let lease = object.map(Lease::read)?;
        (lease.holder_identity == self.identity).then(|| lease.released(wall))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn candidate(identity: &str) -> Candidate {
        Candidate::new(identity.to_owned(), Timing::default())
    }

    /// Looks, and writes what the look says; whether it did.
    fn turn(candidate: &mut Candidate, object: &mut Option<Value>, now: Instant) -> bool {
        let wall = "2026-11-28T12:00:00Z".parse().unwrap();
        match candidate.look(object.as_ref(), now, wall) {
            Step::Wait => false,
            Step::Write(lease) => {
                *object = Some(lease.object("ns", "lease", object.as_ref()));
                candidate.wrote(lease, now);
                true
            }
        }
    }

    #[test]
    fn one_holds_it_until_it_stops_to_renew() {
        let (start, mut object) = (Instant::now(), None);
        let (mut a, mut b) = (candidate("a"), candidate("b"));
        assert!(turn(&mut a, &mut object, start));
        assert_eq!(a.leads_until(), Some(start + 10 * SECOND));
        for second in 1..60 {
            let now = start + second * SECOND;
            if second % 2 == 0 {
                // The clock of its machine stands still, which nobody may mind.
                let object = object.as_mut().unwrap();
                object["spec"]["renewTime"] = format!("tick {second}").into();
                a.wrote(Lease::read(object), now);
            }
            assert!(!turn(&mut b, &mut object, now), "{second}");
        }
        // The last renewal was seen at 58.
        assert!(!turn(&mut b, &mut object, start + 72 * SECOND));
        assert!(turn(&mut b, &mut object, start + 73 * SECOND));
        assert_eq!(b.leads_until(), Some(start + 83 * SECOND));
        assert!(!turn(&mut a, &mut object, start + 74 * SECOND));
        assert_eq!(a.leads_until(), None);
    }

    #[test]
    fn who_comes_late_waits_a_whole_term() {
        let (start, mut object) = (Instant::now(), None);
        assert!(turn(&mut candidate("a"), &mut object, start));
        let mut late = candidate("late");
        assert!(!turn(&mut late, &mut object, start + 100 * SECOND), "it may have been renewed just now");
        assert!(!turn(&mut late, &mut object, start + 114 * SECOND));
        assert!(turn(&mut late, &mut object, start + 115 * SECOND));
    }

    #[test]
    fn a_holder_that_can_not_renew_stops_before_another_begins() {
        let (start, mut object) = (Instant::now(), None);
        let (mut a, mut b) = (candidate("a"), candidate("b"));
        assert!(turn(&mut a, &mut object, start));
        assert!(!turn(&mut b, &mut object, start));
        let stops = a.leads_until().unwrap();
        assert!(!turn(&mut b, &mut object, stops));
        assert!(turn(&mut b, &mut object, start + 15 * SECOND));
    }

    #[test]
    fn what_is_given_back_is_taken_at_once() {
        let (start, mut object) = (Instant::now(), None);
        let wall = "2026-11-28T12:00:00Z".parse().unwrap();
        let (mut a, mut b) = (candidate("a"), candidate("b"));
        assert!(turn(&mut a, &mut object, start));
        assert_eq!(b.release(object.as_ref(), wall), None, "not ours to give");
        let released = a.release(object.as_ref(), wall).unwrap();
        object = Some(released.object("ns", "lease", object.as_ref()));
        assert_eq!(a.leads_until(), None);
        assert!(turn(&mut b, &mut object, start));
    }

    #[test]
    fn a_deleted_lease_is_made_again() {
        let (start, mut object) = (Instant::now(), None);
        let mut a = candidate("a");
        assert!(turn(&mut a, &mut object, start));
        object = None;
        assert!(turn(&mut a, &mut object, start + SECOND));
        assert_eq!(Lease::read(object.as_ref().unwrap()).holder_identity, "a");
    }
}

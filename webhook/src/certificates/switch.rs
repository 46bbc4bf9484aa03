//! When a replica serves another certificate.

use std::time::Duration;

use jiff::Timestamp;

use super::{Certificate, Leaf, trust};

/// What one replica serves, and since when clients would trust what is offered instead.
#[derive(Debug, Default)]
pub struct Switch {
    served: Option<Leaf>,
    waiting: Option<(Leaf, Timestamp)>,
}

impl Switch {
    /// What is served.
    pub fn served(&self) -> Option<&Leaf> {
        self.served.as_ref()
    }

    /// Looks at what is offered, and says whether to serve it from now on.
    ///
    /// API servers learn of another `caBundle` in their own time: only what has been trusted for `settle` is served,
    /// unless what is served now is trusted no more, or nobody calls (`published` is none: no configuration is there).
    pub fn look(
        &mut self,
        offered: &Leaf,
        published: Option<&[Certificate]>,
        names: &[String],
        settle: Duration,
        now: Timestamp,
    ) -> bool {
        let Some(served) = &self.served else { return self.serve(offered) };
        if served == offered {
            self.waiting = None;
            return false;
        }
        let Some(published) = published else { return self.serve(offered) };
        let trusted = |leaf: &Leaf| trust(leaf.chain(), published, names, now).is_ok();
        if !trusted(offered) {
            self.waiting = None;
            return false;
        }
        if !trusted(served) {
            return self.serve(offered);
        }
        match &self.waiting {
            Some((leaf, since)) if leaf == offered => {
                if since.saturating_add(settle).is_ok_and(|settled| settled <= now) {
                    return self.serve(offered);
                }
            }
            _ => self.waiting = Some((offered.clone(), now)),
        }
        false
    }

    fn serve(&mut self, leaf: &Leaf) -> bool {
        self.served = Some(leaf.clone());
        self.waiting = None;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::certificates::Authority;

    const DAY: Duration = Duration::from_secs(86_400);
    const SETTLE: Duration = Duration::from_secs(30);

    #[test]
    fn a_new_certificate_waits_until_clients_trust_it() {
        let start: Timestamp = "2026-11-28T12:00:00Z".parse().unwrap();
        let names = ["a.b.svc".to_owned()];
        let authorities = [0, 1].map(|_| Authority::generate(start, 100 * DAY).unwrap());
        let leaf = |authority: &Authority| Leaf::new(authority.sign(&names, start, DAY).unwrap()).unwrap();
        let [old, new] = [leaf(&authorities[0]), leaf(&authorities[1])];
        let [one, two] = authorities.map(|authority| authority.certificate().clone());
        let (before, both, after) = ([one.clone()], [two.clone(), one], [two]);
        let mut switch = Switch::default();
        let mut look = |offered: &Leaf, published: Option<&[Certificate]>, seconds: i64| {
            let now = start + jiff::SignedDuration::from_secs(seconds);
            let switched = switch.look(offered, published, &names, SETTLE, now);
            (switched, switch.served() == Some(&new))
        };

        assert_eq!(look(&old, None, 0), (true, false), "something is better than nothing");
        assert_eq!(look(&old, Some(&before), 1), (false, false));
        assert_eq!(look(&new, Some(&before), 2), (false, false), "nobody would trust it");
        assert_eq!(look(&new, Some(&both), 3), (false, false), "not yet settled");
        assert_eq!(look(&new, Some(&before), 20), (false, false), "the bundle went back");
        assert_eq!(look(&new, Some(&both), 25), (false, false), "so it counts anew");
        assert_eq!(look(&new, Some(&both), 54), (false, false));
        assert_eq!(look(&new, Some(&both), 55), (true, true));
        assert_eq!(look(&old, Some(&after), 56), (false, true), "an old offer is nobody's any more");
        assert_eq!(look(&old, Some(&before), 57), (true, false), "what is served is trusted no more");
        assert_eq!(look(&new, None, 58), (true, true), "nobody calls");
    }

    #[test]
    fn one_that_has_ended_does_not_stay() {
        let start: Timestamp = "2026-11-28T12:00:00Z".parse().unwrap();
        let names = ["a.b.svc".to_owned()];
        let authority = Authority::generate(start, 100 * DAY).unwrap();
        let sign = |now| Leaf::new(authority.sign(&names, now, DAY).unwrap()).unwrap();
        let mut switch = Switch::default();
        let published = [authority.certificate().clone()];
        let late = start + 2 * DAY;
        assert!(switch.look(&sign(start), Some(&published), &names, SETTLE, start));
        assert!(switch.look(&sign(late), Some(&published), &names, SETTLE, late));
    }
}

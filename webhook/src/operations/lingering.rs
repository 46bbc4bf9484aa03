//! How long authorities that others no longer name stay trusted.

use std::time::Duration;

use jiff::Timestamp;

use crate::certificates::Certificate;

/// Authorities of files that were exchanged: replicas see a volume change minutes apart, and until the last has, API
/// servers must trust both.
#[derive(Debug, Default)]
pub(super) struct Lingering {
    since: Option<(Vec<Certificate>, Timestamp)>,
}

impl Lingering {
    /// The authorities to publish: those `named` now and, for `overlap` after the last change, those that are
    /// `published` and still good.
    pub(super) fn bundle(
        &mut self,
        named: &[Certificate],
        published: &[Certificate],
        overlap: Duration,
        now: Timestamp,
    ) -> Vec<Certificate> {
        let mut bundle = named.to_vec();
        bundle.extend(published.iter().filter(|one| !named.contains(one) && one.is_valid_at(now)).cloned());
        if bundle.len() == named.len() {
            self.since = None;
            return bundle;
        }
        let since = match &self.since {
            Some((before, since)) if before == named => *since,
            _ => now,
        };
        self.since = Some((named.to_vec(), since));
        if since.saturating_add(overlap).is_ok_and(|end| end <= now) { named.to_vec() } else { bundle }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::certificates::Authority;

    #[test]
    fn the_authority_before_is_trusted_for_a_while() {
        let start: Timestamp = "2026-11-28T12:00:00Z".parse().unwrap();
        let hour = Duration::from_secs(3600);
        let [one, two] = [0, 1].map(|_| Authority::generate(start, 24 * hour).unwrap().certificate().clone());
        let (one, two, mut lingering) = ([one], [two], Lingering::default());
        let both = [two[0].clone(), one[0].clone()];
        let mut bundle = |named: &[Certificate], published: &[Certificate], minutes: u32| {
            lingering.bundle(named, published, hour, start + minutes * Duration::from_secs(60))
        };
        assert_eq!(bundle(&one, &[], 0), one);
        assert_eq!(bundle(&one, &one, 1), one);
        assert_eq!(bundle(&two, &one, 100), both);
        assert_eq!(bundle(&two, &both, 159), both);
        assert_eq!(bundle(&two, &both, 160), two);
        assert_eq!(bundle(&two, &two, 161), two);
        // One that has ended is of no use to anybody.
        assert_eq!(bundle(&two, &one, 60 * 25), two);
    }
}

//! What must be made or dropped now: a pure function of what is stored, what is published and the time.

use std::time::Duration;

use jiff::Timestamp;

use super::{Certificate, Stored, authority::BACKDATED, trust};

/// How long things are good, and when they are replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lifetimes {
    /// How long an authority is good.
    pub authority: Duration,
    /// How long before its end an authority is replaced.
    pub authority_before: Duration,
    /// How long the server's certificate is good.
    pub leaf: Duration,
    /// How long before its end the server's certificate is replaced.
    pub leaf_before: Duration,
    /// How long after a new authority was published API servers may still not know it.
    pub settle: Duration,
    /// How long after a new certificate was made replicas may still serve the one before.
    pub overlap: Duration,
}

const HOUR: Duration = Duration::from_secs(3600);

impl Default for Lifetimes {
    /// Replaced when a third of the time is left: whoever watches the metric has days to act.
    fn default() -> Self {
        Self {
            authority: 365 * 24 * HOUR,
            authority_before: 120 * 24 * HOUR,
            leaf: 30 * 24 * HOUR,
            leaf_before: 10 * 24 * HOUR,
            settle: Duration::from_secs(30),
            overlap: HOUR,
        }
    }
}

/// What a plan depends on, besides the time.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// What the Secret holds.
    pub stored: &'a Stored,
    /// The authorities in the live `caBundle`; none when no configuration is there that would call us.
    pub published: Option<&'a [Certificate]>,
    /// The names and addresses that clients call.
    pub names: &'a [String],
}

/// One change of what is stored. Done in the order in which a plan lists them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Make an authority, which signs from then on; clients go on trusting those before, which are `kept`.
    MakeAuthority {
        /// The authorities that stay, the newest first.
        kept: Vec<Certificate>,
    },
    /// Make a certificate, signed by the newest authority.
    SignLeaf,
    /// Trust only these authorities from now on.
    KeepAuthorities(Vec<Certificate>),
}

impl std::fmt::Display for Action {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::MakeAuthority { kept } => write!(f, "make an authority, keep {} trusted", kept.len()),
            Self::SignLeaf => f.write_str("sign a certificate"),
            Self::KeepAuthorities(kept) => write!(f, "trust only {} of the authorities", kept.len()),
        }
    }
}

/// What must be done now, so that at every moment the served certificate is one that clients trust.
///
/// A new authority signs nothing before it was published and has settled, unless there is nothing left to serve. The
/// one before stays trusted until no replica can still serve what it signed.
pub fn plan(facts: Facts<'_>, lifetimes: &Lifetimes, now: Timestamp) -> Vec<Action> {
    let Facts { stored, published, names } = facts;
    let usable = stored.signer.as_ref().is_some_and(|signer| {
        let certificate = signer.certificate();
        certificate.is_valid_at(now) && !due(certificate, lifetimes.authority_before, now)
    });
    let served = stored.leaf.as_ref();
    let good = |leaf: &super::Leaf| trust(leaf.chain(), &stored.authorities, names, now).is_ok();
    if !usable {
        let make = Action::MakeAuthority { kept: still_trusted(stored, published.unwrap_or_default(), now) };
        // What is served stays until clients know the new authority.
        return if served.is_some_and(good) { vec![make] } else { vec![make, Action::SignLeaf] };
    }

    let Some(newest) = stored.signer.as_ref().map(super::Authority::certificate) else { return Vec::new() };
    let Some(leaf) = served.filter(|leaf| good(leaf)) else { return vec![Action::SignLeaf] };
    let by_newest = trust(leaf.chain(), std::slice::from_ref(newest), names, now).is_ok();
    let settled = later(made(newest), lifetimes.settle) <= now
        && published.is_none_or(|published| published.contains(newest));
    if settled && (!by_newest || due(leaf.first(), lifetimes.leaf_before, now)) {
        return vec![Action::SignLeaf];
    }

    let replaced = by_newest && later(made(leaf.first()), lifetimes.overlap) <= now;
    let kept: Vec<Certificate> = stored
        .authorities
        .iter()
        .filter(|authority| *authority == newest || !replaced && authority.is_valid_at(now))
        .cloned()
        .collect();
    if kept == stored.authorities { Vec::new() } else { vec![Action::KeepAuthorities(kept)] }
}

/// As many authorities as clients may ever have to trust: more come only by tampering.
const MOST: usize = 4;

/// The authorities that someone may still serve a certificate of. When the Secret is lost, only the published bundle
/// knows them.
fn still_trusted(stored: &Stored, published: &[Certificate], now: Timestamp) -> Vec<Certificate> {
    let mut kept: Vec<Certificate> = Vec::new();
    for authority in stored.authorities.iter().chain(published) {
        if authority.is_valid_at(now) && !kept.contains(authority) && kept.len() < MOST {
            kept.push(authority.clone());
        }
    }
    kept
}

/// When one of our own certificates was made.
fn made(certificate: &Certificate) -> Timestamp {
    later(certificate.not_before, BACKDATED)
}

fn due(certificate: &Certificate, before: Duration, now: Timestamp) -> bool {
    later(now, before) >= certificate.not_after
}

fn later(time: Timestamp, by: Duration) -> Timestamp {
    time.saturating_add(by).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests;

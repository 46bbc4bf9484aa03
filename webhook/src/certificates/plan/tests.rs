use std::time::Duration;

use jiff::Timestamp;

use super::*;
use crate::certificates::{Authority, Leaf, Switch, renew};

const DAY: Duration = Duration::from_secs(86_400);
const START: &str = "2026-11-28T12:00:00Z";

fn names() -> Vec<String> {
    vec!["passmuster.passmuster-system.svc".to_owned()]
}

fn start() -> Timestamp {
    START.parse().unwrap()
}

/// An authority and a certificate of it, both made at these days from the start.
fn stored(authority: u32, leaf: u32) -> Stored {
    let signer = Authority::generate(start() + authority * DAY, Lifetimes::default().authority).unwrap();
    let pair = signer.sign(&names(), start() + leaf * DAY, Lifetimes::default().leaf).unwrap();
    let authorities = vec![signer.certificate().clone()];
    Stored { authorities, signer: Some(signer), leaf: Some(Leaf::new(pair).unwrap()) }
}

/// The words for what a plan says.
fn planned(stored: &Stored, published: Option<&[Certificate]>, now: Timestamp) -> Vec<String> {
    let names = names();
    let plan = plan(Facts { stored, published, names: &names }, &Lifetimes::default(), now);
    plan.iter()
        .map(|action| match action {
            Action::MakeAuthority { kept } => format!("make, keep {}", kept.len()),
            Action::SignLeaf => "sign".to_owned(),
            Action::KeepAuthorities(kept) => format!("keep {}", kept.len()),
        })
        .collect()
}

#[test]
fn nothing_yet_is_made_whole() {
    assert_eq!(planned(&Stored::default(), None, start()), ["make, keep 0", "sign"]);
    assert_eq!(planned(&Stored::default(), Some(&[]), start()), ["make, keep 0", "sign"]);
}

#[test]
fn what_is_good_is_left_alone() {
    let stored = stored(0, 0);
    assert_eq!(planned(&stored, Some(&stored.authorities), start()), [""; 0]);
    assert_eq!(planned(&stored, Some(&stored.authorities), start() + 19 * DAY), [""; 0]);
    // Nothing is due, so it does not matter what others see of it.
    assert_eq!(planned(&stored, Some(&[]), start()), [""; 0]);
}

#[test]
fn a_certificate_is_replaced_well_before_its_end() {
    let stored = stored(0, 0);
    for (day, published, expected) in [
        (20, Some(&stored.authorities[..]), &["sign"][..]),
        (20, None, &["sign"]),
        // While clients do not know the authority, another certificate of it would be worth no more.
        (20, Some(&[]), &[]),
        // One that has ended is replaced whatever clients know.
        (31, Some(&[]), &["sign"]),
    ] {
        assert_eq!(planned(&stored, published, start() + day * DAY), expected, "{day} {published:?}");
    }
}

#[test]
fn a_certificate_for_other_names_is_replaced_at_once() {
    let stored = stored(0, 0);
    let names = ["webhook.elsewhere.svc".to_owned()];
    let facts = Facts { stored: &stored, published: Some(&stored.authorities), names: &names };
    assert_eq!(plan(facts, &Lifetimes::default(), start()), [Action::SignLeaf]);
}

#[test]
fn an_authority_is_replaced_in_steps() {
    let lifetimes = Lifetimes::default();
    let mut now = start() + 245 * DAY;
    let mut state = stored(0, 240);
    let step = |state: Stored, published: &[Certificate], now: Timestamp| {
        let names = names();
        let facts = Facts { stored: &state, published: Some(published), names: &names };
        let actions = plan(facts, &lifetimes, now);
        renew(state, actions, &names, &lifetimes, now).unwrap()
    };
    let old = state.authorities.clone();
    assert_eq!(planned(&state, Some(&old), now), ["make, keep 1"], "the certificate stays meanwhile");
    state = step(state, &old, now);
    assert_eq!(state.authorities[1], old[0]);
    let both = state.authorities.clone();

    now += lifetimes.settle;
    assert_eq!(planned(&state, Some(&old), now), [""; 0], "the bundle is not published");
    assert_eq!(planned(&state, Some(&both), now - Duration::from_secs(1)), [""; 0], "nor has it settled");
    assert_eq!(planned(&state, Some(&both), now), ["sign"]);
    state = step(state, &both, now);
    assert_eq!(planned(&state, Some(&both), now), [""; 0]);

    now += lifetimes.overlap;
    assert_eq!(planned(&state, Some(&both), now - Duration::from_secs(1)), [""; 0]);
    assert_eq!(planned(&state, Some(&both), now), ["keep 1"]);
    state = step(state, &both, now);
    assert_eq!(state.authorities, both[..1]);
}

#[test]
fn a_lost_key_costs_the_authority_and_not_the_certificate() {
    let mut stored = stored(0, 0);
    stored.signer = None;
    assert_eq!(planned(&stored, Some(&stored.authorities), start()), ["make, keep 1"]);
    stored.leaf = None;
    assert_eq!(planned(&stored, Some(&stored.authorities), start()), ["make, keep 1", "sign"]);
}

#[test]
fn when_the_secret_is_lost_clients_go_on_trusting_what_replicas_still_serve() {
    let before = stored(0, 0);
    assert_eq!(planned(&Stored::default(), Some(&before.authorities), start()), ["make, keep 1", "sign"]);
    let late = start() + 400 * DAY;
    assert_eq!(planned(&Stored::default(), Some(&before.authorities), late), ["make, keep 0", "sign"]);
}

#[test]
fn tampering_does_not_make_the_bundle_grow() {
    let strangers: Vec<_> = (0..9).map(|_| stored(0, 0).authorities.remove(0)).collect();
    assert_eq!(planned(&Stored::default(), Some(&strangers), start()), ["make, keep 4", "sign"]);
}

/// Two years of a leader that looks every half a minute to every other day, and of two replicas that look when they
/// like: at every look, whatever a replica serves is trusted by what is published.
#[test]
fn no_call_fails_in_two_years() {
    let lifetimes = Lifetimes { overlap: 4 * DAY, ..Lifetimes::default() };
    let (names, end) = (names(), start() + 730 * DAY);
    let (mut state, mut published) = (Stored::default(), Vec::new());
    let mut replicas = [Switch::default(), Switch::default()];
    // Any fixed sequence of odd waits does.
    let mut random = 12345_u64;
    let mut wait = |most: u64| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        Duration::from_secs(30 + (random >> 33) % most)
    };
    let (mut now, mut leader, mut signed) = (start(), start(), 0);
    let mut looks = [start(); 2];
    while now < end {
        if leader <= now {
            let facts = Facts { stored: &state, published: Some(&published), names: &names };
            let actions = plan(facts, &lifetimes, now);
            signed += actions.iter().filter(|action| **action == Action::SignLeaf).count();
            state = renew(state, actions, &names, &lifetimes, now).unwrap();
            published.clone_from(&state.authorities);
            leader = now + wait(2 * 86_400);
        }
        for (switch, at) in replicas.iter_mut().zip(&mut looks) {
            if *at <= now {
                let offered = state.leaf.as_ref().unwrap();
                switch.look(offered, Some(&published), &names, lifetimes.settle, now);
                *at = now + wait(86_400);
            }
            let served = switch.served().unwrap();
            assert_eq!(trust(served.chain(), &published, &names, now), Ok(()), "at {now}");
        }
        now = looks.into_iter().fold(leader, Timestamp::min);
    }
    assert!(signed > 30, "{signed} certificates in 730 days");
    assert!(state.authorities.len() <= 2);
}

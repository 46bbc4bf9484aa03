//! The Pod Security Standards against the API server's own admission: verdict and every word, over pods and templates
//! that are generated with each field at, below and beyond each boundary, at each level and version.
//!
//! `CASES=200000 SEED=7` makes more of them, and others.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test that calls them")]

mod ask;
mod boundaries;
mod case;
mod combinations;
mod debugging;
mod enforcement;
mod fields;
mod namespaces;
mod oracle;
mod rules;
mod volumes;

use passmuster_tests::population::Random;

/// The seed to begin with: another one with `SEED=…`.
fn seed() -> u64 {
    std::env::var("SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_261_128)
}

/// Random numbers of one part of the test, whatever the others take.
fn random(seed: u64, part: usize) -> Random {
    Random::new(seed.wrapping_mul(1_000_003).wrapping_add(part as u64))
}

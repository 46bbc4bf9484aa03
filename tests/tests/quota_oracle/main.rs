//! The quota arithmetic against the API server's: what its controller has counted in `status.used`, and what its
//! admission says to whoever asks for more. Objects are generated, with every part that counts in one way or another.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test that calls them")]

mod admitted;
mod apply;
mod demands;
mod features;
mod fixtures;
mod judge;
mod objects;
mod pods;
mod quotas;
mod read;
mod recounted;
mod shrink;

use passmuster_tests::population::Random;

/// The seed to begin with: another one with `SEED=…`.
fn seed() -> u64 {
    std::env::var("SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_261_121)
}

/// Random numbers of one part of the test, whatever the others take.
fn random(seed: u64, part: usize) -> Random {
    Random::new(seed.wrapping_mul(1_000_003).wrapping_add(part as u64))
}

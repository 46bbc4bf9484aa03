//! Mutated rule cases against the manifest reader and the engine, with every rule, in this process: whatever comes,
//! there are findings or a reason, and no panic.
//!
//! The same from the same seed. `PASSMUSTER_FUZZ="SEED ROUNDS"` (or `make fuzz`) goes on for longer.

#![expect(clippy::expect_used, reason = "helpers of tests fail the test that calls them")]

use passmuster::{
    audit::{Settings, catalogue, corpus, from_files, run},
    manifest::Inputs,
    model::Time,
};
use passmuster_tests::mutation::Mutator;

const ROUNDS: usize = 3_000;

fn seed_and_rounds() -> (u64, usize) {
    let given = std::env::var("PASSMUSTER_FUZZ").unwrap_or_default();
    let mut numbers =
        given.split_whitespace().map(|text| text.parse::<u64>().expect("PASSMUSTER_FUZZ is two numbers"));
    let seed = numbers.next().unwrap_or(1);
    let rounds = numbers.next().map_or(ROUNDS, |rounds| usize::try_from(rounds).expect("rounds"));
    (seed, rounds)
}

#[test]
fn nothing_makes_the_audit_panic() {
    let (seed, rounds) = seed_and_rounds();
    println!("seed {seed}, {rounds} rounds");
    let cases: Vec<&[u8]> = corpus().map(|case| case.objects.as_bytes()).collect();
    let rules: Vec<_> = catalogue().iter().collect();
    let inputs = Inputs { files: vec!["-".to_owned()], keep_data: true, ..Inputs::default() };
    let now = Time { seconds: 1_795_867_200, nanos: 0 };
    let settings = Settings { now: Some(now), ..Settings::default() };
    let mut mutator = Mutator::new(seed);
    let (mut read, mut refused) = (0, 0);
    for round in 0..rounds {
        let mutated = mutator.mutate(cases[round % cases.len()]);
        let (mut world, skipped) = from_files(&inputs, &mut &mutated[..], "default", true).unwrap();
        // Rules about what is live meet the same.
        world.live = round % 2 == 1;
        let outcomes = run(&world, &settings, &rules, &|_, _| true);
        assert!(outcomes.findings.iter().all(|finding| finding.fingerprint.len() == 16));
        read += usize::from(!world.is_empty());
        refused += usize::from(!skipped.is_empty());
    }
    println!("{read} were read, at least in part; of {refused} something was refused");
    assert!(read > 0 && refused > 0, "the mutations are too weak or too strong");
}

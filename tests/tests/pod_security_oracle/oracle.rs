//! The comparison itself.

use std::{io::Write as _, time::Instant};

use passmuster_tests::{ControlPlane, Options};

use crate::{ask, ask::Tally, boundaries, combinations::Choices, debugging, namespaces, seed};

/// How many combinations are tried: others with `CASES=…`.
fn count() -> usize {
    std::env::var("CASES").ok().and_then(|count| count.parse().ok()).unwrap_or(14_000)
}

#[test]
fn verdict_and_words_are_those_of_the_api_server() {
    let plane = &ControlPlane::start(Options::bare()).unwrap();
    namespaces::create(plane);
    let (seed, started) = (seed(), Instant::now());
    let report = |what: &str, tally: &Tally| {
        // Past the harness, which shows what a test prints only when it fails.
        let _ = writeln!(
            std::io::stderr(),
            "{what}: {} cases, {} of them refused; {} objects were not valid ({} s)",
            tally.cases,
            tally.refused,
            tally.invalid,
            started.elapsed().as_secs()
        );
    };
    let single = boundaries::cases();
    let mut tally = ask::all(plane, single.len(), &|number| single[number].clone());
    report("boundaries", &tally);
    let choices = Choices::new();
    let combined = ask::all(plane, count(), &|number| choices.case(seed, number));
    report("combinations", &combined);
    let added = debugging::all(plane, seed, count() / 200, 20);
    report("added containers", &added);
    tally.add(combined);
    tally.add(added);
    report(&format!("seed {seed}, in all"), &tally);
    println!("violations: {:#?}", tally.violations);
    if std::env::var_os("WHY").is_some() {
        println!("not valid: {:#?}", tally.why);
    }
    let first: Vec<_> = tally.disagreements.iter().take(10).cloned().collect();
    assert!(
        first.is_empty(),
        "{} disagreements, seed {seed}:\n{}",
        tally.disagreements.len(),
        first.join("\n")
    );
    assert!(tally.violations.len() == 19, "every check is violated by some: {:?}", tally.violations.keys());
    assert!(tally.invalid * 4 < tally.cases, "most objects are valid");
}

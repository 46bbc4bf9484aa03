//! Who may do what, against the API server: roles, cluster roles put together of others, and bindings are generated,
//! and every answer is compared with what a SubjectAccessReview says.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test that calls them")]

mod ask;
mod generate;
mod worlds;

use std::time::Duration;

use passmuster::audit::Permissions;
use passmuster_tests::{ControlPlane, Options, eventually, population::Random};

use ask::Asked;
use generate::Cluster;

/// How many answers are compared.
const CASES: usize = 2000;

/// The seed to begin with: another one with `SEED=…`.
fn seed() -> u64 {
    std::env::var("SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_261_128)
}

#[test]
fn our_answers_are_the_api_servers() {
    let seed = seed();
    let server = ControlPlane::start(Options { nodes: 0, ..Options::default() }).unwrap();
    let mut random = Random::new(seed);
    let cluster = Cluster::generate(&server, &mut random);
    let asked: Vec<Asked> = (0..CASES).map(|_| Asked::generate(&mut random, &cluster)).collect();

    // The API server and the controller that puts roles together follow what was written with a delay.
    let mut wrong = Vec::new();
    let mut allowed = 0;
    eventually(Duration::from_secs(60), "the answers to agree, or to stay as they are", || {
        let answers: Vec<bool> = asked.iter().map(|asked| asked.answer(server.api())).collect();
        let (live, files) = (worlds::live(&server), worlds::files(&server, &cluster));
        let (live, files) = (Permissions::of_world(&live).unwrap(), Permissions::of_world(&files).unwrap());
        allowed = answers.iter().filter(|allowed| **allowed).count();
        let before = std::mem::take(&mut wrong);
        for (asked, theirs) in asked.iter().zip(answers) {
            for (ours, of) in [(asked.ours(&live), "cluster"), (asked.ours(&files), "files")] {
                if ours != Ok(theirs) {
                    wrong.push(format!("of the {of}: {asked:?}: we say {ours:?}, the API server {theirs}"));
                }
            }
        }
        // Twice the same disagreement is one that does not go away.
        (wrong.is_empty() || wrong == before).then_some(())
    });
    println!(
        "{CASES} questions of seed {seed}, each answered from the cluster and from files: {allowed} allowed, {} disagreements",
        wrong.len()
    );
    assert!(wrong.is_empty(), "{}", wrong.iter().take(20).cloned().collect::<Vec<_>>().join("\n"));
    assert!(allowed > CASES / 5 && allowed < CASES * 4 / 5, "both answers are common: {allowed} of {CASES}");
}

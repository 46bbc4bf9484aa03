//! Expressions of custom rules, by us and by the API server's own evaluation of ValidatingAdmissionPolicies: each is
//! taken or refused by both, and of each object it says the same.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test that calls them")]

mod ask;
mod expressions;
mod objects;

use std::fmt::Write as _;

use ask::{Verdict, ours, parts, theirs, who_takes};
use passmuster_tests::{ControlPlane, Options};

/// What the two may differ in, and why: the API server refuses by types what we find out when it is evaluated, so that
/// there is an error where there would have been a refusal.
#[test]
fn expressions_say_the_same_here_and_in_the_api_server() {
    let plane = ControlPlane::start(Options::bare()).unwrap();
    plane.apply("{apiVersion: v1, kind: Namespace, metadata: {name: shop}}");
    let all = expressions::all();
    let (taken, mut wrong) = (who_takes(&plane, &all), String::new());
    for (expression, refused) in all.iter().zip(&taken.refused_here) {
        if let Some(why) = refused.as_ref().filter(|_| taken.by_the_server.contains(expression)) {
            writeln!(wrong, "{expression}\n  the API server takes it; here: {why}").unwrap();
        }
    }
    let both: Vec<&String> = all
        .iter()
        .zip(&taken.refused_here)
        .filter(|(expression, refused)| refused.is_none() && taken.by_the_server.contains(*expression))
        .map(|(expression, _)| expression)
        .collect();
    let (mut compared, mut failed, mut errors) = (0, 0, 0);
    for (part, answers) in parts(&both).zip(theirs(&plane, &both, &objects::all())) {
        for (object, theirs) in answers {
            for ((expression, theirs), ours) in part.iter().zip(theirs).zip(ours(part, &object)) {
                compared += 1;
                failed += usize::from(theirs == Verdict::Fail);
                errors += usize::from(matches!(theirs, Verdict::Error(_)));
                let both_errors = matches!((&theirs, &ours), (Verdict::Error(_), Verdict::Error(_)));
                if !both_errors && theirs != ours {
                    let kind = &object["kind"];
                    let line =
                        format!("{expression}\n  of the {kind}: the API server {theirs:?}, we {ours:?}");
                    writeln!(wrong, "{line}").unwrap();
                }
            }
        }
    }
    // Taken here alone: they must be errors when they are evaluated, never a verdict.
    let alone: Vec<&String> = all
        .iter()
        .zip(&taken.refused_here)
        .filter(|(expression, refused)| refused.is_none() && !taken.by_the_server.contains(*expression))
        .map(|(expression, _)| expression)
        .collect();
    println!(
        "{} expressions, {} taken by both, {} refused by both, {} refused by the API server alone; {compared} verdicts \
         compared: {failed} false, {errors} errors",
        all.len(),
        both.len(),
        all.len() - both.len() - alone.len(),
        alone.len(),
    );
    for expression in &alone {
        println!("  refused by the API server alone: {expression}");
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(compared > 1_000 && failed > 100 && errors > 100, "{compared} {failed} {errors}");
}

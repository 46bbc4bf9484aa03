//! Every rule's cases, and what every rule must have.

use std::collections::BTreeSet;

use super::{
    case::Case,
    catalogue::{Entry, catalogue},
    engine::run,
    finding::Verdict,
    rule::Check,
    settings::Settings,
    world::World,
};
use crate::{
    manifest::{self, Inputs, Scopes},
    model::{Skipped, Time},
};

/// The time of all cases: 2026-11-28T12:00:00Z.
const NOW: Time = Time { seconds: 1_795_867_200, nanos: 0 };

/// The objects of a case.
pub(crate) fn world(case: &Case, live: bool) -> World {
    let mut world = if live { World::of_cluster() } else { World::of_files() };
    let inputs = Inputs { files: vec!["-".to_owned()], keep_data: true, ..Inputs::default() };
    let mut sink = |document: manifest::Document| {
        let taken = world.take_document(&document.api_version, &document.kind, document.object);
        taken.unwrap_or_else(|error| panic!("{}: {}: {error}", case.name, document.origin));
    };
    let skipped = manifest::read(&inputs, &mut case.objects.as_bytes(), Scopes::new("default"), &mut sink);
    assert_eq!(skipped.unwrap(), [], "{}", case.name);
    world.has_data &= !case.without_data;
    world.coverage.cover_everything();
    for kind in case.unread {
        let (kind, group) = kind.split_once('.').unwrap_or((kind, ""));
        let skipped = Skipped {
            resource: kind.to_owned(),
            namespace: None,
            reason: "Forbidden".to_owned(),
            message: "no permission".to_owned(),
        };
        world.coverage.miss(group, kind, &skipped);
    }
    world
}

fn lines(entry: &'static Entry, case: &Case) -> Vec<String> {
    let live = entry.needs().is_live();
    let settings = Settings { now: Some(NOW), version: case.version, parameters: case.parameters() };
    // What is to be said of exemptions depends on the rules that they are of.
    let others = entry.rule.checks.iter().any(|check| matches!(check, Check::Exemptions));
    let all: Vec<&Entry> = catalogue().iter().filter(|other| others || other.id == entry.id).collect();
    let outcomes = run(&world(case, live), &settings, &all, &|_, _| true);
    let mark = |verdict| if verdict == Verdict::NotEvaluated { "? " } else { "" };
    outcomes
        .findings
        .iter()
        .filter(|finding| finding.rule == entry.id)
        .map(|finding| format!("{}{finding}", mark(finding.verdict)))
        .collect()
}

/// `PASSMUSTER_RULE=host-path` runs the cases of one rule alone.
#[test]
fn cases() {
    let only = std::env::var("PASSMUSTER_RULE").ok();
    let mut wrong = String::new();
    let mut count = 0;
    for entry in catalogue().iter().filter(|entry| only.as_deref().is_none_or(|only| only == entry.id)) {
        for case in entry.rule.cases {
            count += 1;
            let found = lines(entry, case);
            if found != case.findings {
                use std::fmt::Write as _;
                write!(wrong, "\n{}: {}\n  expected:\n", entry.id, case.name).unwrap();
                case.findings.iter().for_each(|line| writeln!(wrong, "    {line:?},").unwrap());
                wrong.push_str("  found:\n");
                for line in &found {
                    writeln!(wrong, "    {line:?},").unwrap();
                }
            }
        }
    }
    println!("{count} cases");
    assert!(wrong.is_empty(), "{wrong}");
    assert!(count > 0, "no rule is called {only:?}");
}

#[test]
fn every_rule_is_documented_and_shown_both_ways() {
    for entry in catalogue() {
        let id = entry.id;
        let kebab = |character: char| {
            character.is_ascii_lowercase() || character.is_ascii_digit() || character == '-'
        };
        assert!(id.chars().all(kebab), "{id}");
        for (what, text) in [
            ("summary", entry.summary()),
            ("why", entry.why()),
            ("remediation", entry.remediation().to_owned()),
        ] {
            assert!(text.ends_with('.'), "{id}: {what} ends in a period: {text:?}");
        }
        assert!(!entry.summary().contains("\n\n"), "{id}: the summary is one paragraph");
        let fails = |case: &&Case| case.findings.iter().any(|line| !line.starts_with("? "));
        assert!(entry.rule.cases.iter().any(|case| fails(&case)), "{id}: a case that it must flag");
        assert!(entry.rule.cases.iter().any(|case| case.findings.is_empty()), "{id}: a near-miss");
        let names: BTreeSet<_> = entry.rule.cases.iter().map(|case| case.name).collect();
        assert_eq!(names.len(), entry.rule.cases.len(), "{id}: no two cases of one name");
    }
}

#[test]
fn ids_are_sorted_and_found() {
    assert!(catalogue().is_sorted_by(|one, other| one.id < other.id));
    assert!(catalogue().iter().all(|entry| super::find(entry.id).is_some_and(|found| found.id == entry.id)));
}

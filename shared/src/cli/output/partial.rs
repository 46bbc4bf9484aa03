//! What a run could not read, in one line for people; programs find all of it in `skipped`.

use std::collections::{BTreeMap, BTreeSet};

use crate::{model::Skipped, text::neutral};

/// Of each cause, no more than this is named: the line is to be read.
const MOST: usize = 8;

/// Causes that say it all: the server's sentence would only repeat the name of what is meant.
const PLAIN: &[&str] = &["Forbidden", "Unauthorized", "NotFound"];

/// One line for all that could not be read, each cause once; none when there is nothing to tell.
pub fn partial(skipped: &[Skipped]) -> Option<String> {
    let mut causes: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for Skipped { resource, reason, message, .. } in skipped {
        // Of another server than the API server it must be said which one.
        let plain = PLAIN.contains(&reason.as_str()) && !message.contains("://");
        let what = if plain { resource.clone() } else { format!("{resource} ({message})") };
        causes.entry(reason).or_default().insert(what);
    }
    let causes: Vec<String> = causes
        .iter()
        .map(|(reason, what)| {
            let named: Vec<&str> = what.iter().take(MOST).map(String::as_str).collect();
            let more = what.len() - named.len();
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            format!("{reason}: {}{more}", named.join(", "))
        })
        .collect();
    let line = format!("warning: not everything could be read: {}", causes.join("; "));
    (!causes.is_empty()).then(|| neutral(&line).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn skipped(resource: &str, reason: &str, message: &str) -> Skipped {
        Skipped { resource: resource.into(), namespace: None, reason: reason.into(), message: message.into() }
    }

    #[test]
    fn each_cause_stands_once_and_says_why_where_its_name_does_not() {
        assert_eq!(partial(&[]), None);
        let all = [
            skipped("peaks", "Unauthorized", "Prometheus http://p:9090: 401 Unauthorized"),
            skipped("secrets", "Forbidden", "secrets \"a\" is forbidden"),
            skipped("secrets", "Forbidden", "secrets \"b\" is forbidden"),
            skipped("a.yaml, document 2, line 3", "Invalid", "no\nkind"),
            skipped("nodes", "Forbidden", "nodes is forbidden"),
        ];
        assert_eq!(
            partial(&all).unwrap(),
            "warning: not everything could be read: Forbidden: nodes, secrets; Invalid: a.yaml, document 2, line 3 \
             (no\\nkind); Unauthorized: peaks (Prometheus http://p:9090: 401 Unauthorized)"
        );
    }

    #[test]
    fn a_long_list_is_counted() {
        let all: Vec<Skipped> = (0..12).map(|n| skipped(&format!("kind-{n:02}"), "Forbidden", "x")).collect();
        assert!(partial(&all).unwrap().ends_with("kind-06, kind-07 and 4 more"));
    }
}

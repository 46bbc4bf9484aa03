//! Every rule of `popular.yaml` with an object that it reads and the edges that come of it.

use serde_json::Value;

use super::*;
use crate::{
    graph::{Where, Within, edges::facts_of, edges::group_of},
    manifest::{self, Inputs, Scopes},
};

/// Objects of namespace `shop` unless they say another.
const OBJECTS: &str = include_str!("popular_cases.yaml");

/// The edges of all of them, in the order of the objects: `Kind/name edge target`, with `?` for optional; a target that
/// is selected is `Kind[selector]@where`.
const EDGES: &str = include_str!("popular_cases.txt");

fn objects() -> Vec<(String, String, Value)> {
    let mut scopes = Scopes::new("shop");
    for KindScope { group, kind, namespaced } in RuleSet::popular().scopes() {
        scopes.declare(&group, &kind, namespaced);
    }
    let mut all = Vec::new();
    let inputs = Inputs { files: vec!["-".to_owned()], ..Inputs::default() };
    let skipped = manifest::read(&inputs, &mut OBJECTS.as_bytes(), scopes, &mut |document| {
        all.push((group_of(&document.api_version).to_owned(), document.kind.to_string(), document.object));
    });
    assert_eq!(skipped.unwrap(), []);
    all
}

fn edges(rules: &KindRules, group: &str, kind: &str, object: &Value) -> Vec<String> {
    let mut facts = facts_of(object.clone(), group, kind, &"v1".into()).unwrap();
    (facts.references, facts.selections) = (Vec::new(), Vec::new());
    rules.apply(object, &mut facts);
    let from = facts.key.short();
    let named = facts.references.iter().map(|reference| {
        let at = match &reference.at {
            Where::Cluster => String::new(),
            Where::Namespace(namespace) => format!("{namespace}/"),
            Where::NamespaceIfAny(namespace) => format!("{namespace}?/"),
        };
        let group = if reference.group.is_empty() { String::new() } else { format!(".{}", reference.group) };
        let optional = if reference.optional { "?" } else { "" };
        let (edge, kind, name, via) = (&reference.edge, &reference.kind, &reference.name, &reference.via);
        format!("{from} {edge}{optional} {kind}{group}/{at}{name} ({via})")
    });
    let selected = facts.selections.iter().map(|selection| {
        let within = match &selection.within {
            Within::Namespace(namespace) => namespace.clone(),
            Within::Namespaces(selector) => format!("[{selector}]"),
            Within::Cluster => "*".to_owned(),
        };
        let (edge, kind, selector, via) =
            (&selection.edge, &selection.kind, &selection.selector, &selection.via);
        format!("{from} {edge} {kind}[{selector}]@{within} ({via})")
    });
    named.chain(selected).collect()
}

#[test]
fn the_file_is_right() {
    RuleSet::default().add("popular.yaml", include_str!("popular.yaml")).unwrap();
}

#[test]
fn every_object_has_exactly_its_edges() {
    let popular = RuleSet::popular();
    let mut found = Vec::new();
    for (group, kind, object) in objects() {
        if let Some(rules) = popular.for_kind(&group, &kind) {
            found.extend(edges(&rules, &group, &kind, &object));
        }
    }
    let expected: Vec<&str> = EDGES.lines().collect();
    assert_eq!(found, expected, "found:\n{}\n", found.join("\n"));
}

#[test]
fn every_rule_has_its_case() {
    let objects = objects();
    let popular = RuleSet::popular();
    for (n, rule) in popular.rules.iter().enumerate() {
        let alone = KindRules { rules: vec![rule.clone()] };
        let any = objects.iter().any(|(group, kind, object)| {
            rule.reads(group, kind) && !edges(&alone, group, kind, object).is_empty()
        });
        assert!(any, "rules[{n}] finds nothing in the cases: {rule:?}");
    }
}

#[test]
fn no_kind_that_a_family_reads_has_a_rule() {
    let popular = RuleSet::popular();
    for reader in crate::graph::edges::families().flat_map(|family| family.readers) {
        assert!(popular.for_kind(reader.kind.group, reader.kind.kind).is_none(), "{}", reader.kind);
    }
}

//! The whole catalogue, held to its promises: cases give exactly their edges, every edge has a case, docs are current.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
    path::Path,
};

use super::{Case, EdgeRule, Family, Target, facts_of, families, group_of};
use crate::{
    graph::{Document, Graph, Noise, Query},
    manifest::{self, Inputs, Scopes},
    model::builtin_kinds::builtin,
};

/// The graph of a case's objects.
fn document(case: &Case) -> Document {
    let mut graph = Graph::new();
    for resource in &builtin().resources {
        graph.declare_scope(&resource.group, &resource.kind, resource.namespaced);
    }
    let inputs = Inputs { files: vec!["-".into()], ..Inputs::default() };
    let skipped =
        manifest::read(&inputs, &mut case.objects.as_bytes(), Scopes::new("default"), &mut |read| {
            let group = group_of(&read.api_version).to_owned();
            graph.apply(facts_of(read.object, &group, &read.kind, &read.api_version).unwrap());
        });
    assert_eq!(skipped.unwrap(), vec![], "{}", case.name);
    graph.cover_everything();
    graph.view(&everything(), "case", &[]).unwrap()
}

fn everything() -> Query {
    Query { show: Noise::ALL.to_vec(), ..Query::default() }
}

/// The edges of a document that are of a family's types, as cases write them.
fn edges_of(family: &Family, document: &Document) -> BTreeSet<String> {
    let of_family = |source: &crate::model::ObjectKey, edge: &str| {
        family.edges.iter().any(|rule| {
            let any_source = rule.edge == "owned_by";
            rule.edge == edge && (any_source || rule.source.is(&source.group, &source.kind))
        })
    };
    document
        .edges
        .iter()
        .filter(|edge| of_family(&document.node(edge.source).key, &edge.edge_type))
        .map(|edge| {
            let (source, target) = (document.node(edge.source), document.node(edge.target));
            let optional = if edge.optional { "?" } else { "" };
            let missing = if target.missing { "!" } else { "" };
            format!("{} {}{optional} {}{missing}", source.key, edge.edge_type, target.key)
        })
        .collect()
}

#[test]
fn every_case_gives_exactly_its_edges() {
    let mut wrong = String::new();
    for family in families() {
        for case in family.cases {
            let found = edges_of(family, &document(case));
            let wanted: BTreeSet<String> = case.edges.iter().map(|edge| (*edge).to_owned()).collect();
            for edge in wanted.difference(&found) {
                writeln!(wrong, "{}: {}\n  lacks {edge}", family.title, case.name).unwrap();
            }
            for edge in found.difference(&wanted) {
                writeln!(wrong, "{}: {}\n  has   {edge}", family.title, case.name).unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn every_edge_rule_has_a_case() {
    let mut uncovered = Vec::new();
    for family in families() {
        let documents: Vec<Document> = family.cases.iter().map(document).collect();
        for rule in family.edges {
            let shown = documents.iter().any(|document| {
                document.edges.iter().any(|edge| {
                    let (source, target) = (&document.node(edge.source).key, &document.node(edge.target).key);
                    let aims = match rule.target {
                        Target::Kind(kind) => kind.is(&target.group, &target.kind),
                        Target::OneOf(kinds) => kinds.iter().any(|kind| kind.is(&target.group, &target.kind)),
                        Target::Any => true,
                    };
                    rule.source.is(&source.group, &source.kind)
                        && *rule.edge == *edge.edge_type
                        && *rule.via == *edge.via
                        && aims
                })
            });
            if !shown {
                uncovered.push(format!("{}: {} {} via {}", family.title, rule.source, rule.edge, rule.via));
            }
        }
    }
    assert!(uncovered.is_empty(), "edge rules without a case:\n{}", uncovered.join("\n"));
}

#[test]
fn no_kind_is_read_twice() {
    let mut read = BTreeMap::new();
    for family in families() {
        for reader in family.readers {
            let before = read.insert(reader.kind, family.title);
            assert_eq!(before, None, "{} is read by {} too", reader.kind, family.title);
        }
    }
}

#[test]
fn edge_types_and_fields_are_well_formed() {
    for family in families() {
        for EdgeRule { edge, via, .. } in family.edges {
            assert!(edge.chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{edge}");
            assert!(!via.contains("[0") && !via.starts_with('.') && !via.is_empty(), "{edge} {via}");
        }
    }
}

#[test]
fn documentation_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/edges.md");
    let wanted = documentation();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, &wanted).unwrap();
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == wanted,
        "docs/edges.md is stale: run `UPDATE_DOCS=1 cargo test -p passmuster catalogue`"
    );
}

/// docs/edges.md.
fn documentation() -> String {
    let mut text = String::from(
        "# Edges\n\n<!-- Generated from shared/src/graph/edges/families/ by `UPDATE_DOCS=1 cargo test -p passmuster \
         catalogue`. -->\n\nAn edge points from the object that holds a field to the object that the field names or \
         selects: the source depends\non the target. An edge whose field says `optional: true` is marked so and is \
         never reported as missing.\n",
    );
    for family in families() {
        write!(text, "\n## {}\n\n| from | edge | to | field |\n|---|---|---|---|\n", family.title).unwrap();
        for rule in family.edges {
            let target = match rule.target {
                Target::Kind(kind) => kind.to_string(),
                Target::OneOf(kinds) => kinds.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
                Target::Any => "any".to_owned(),
            };
            writeln!(text, "| {} | `{}` | {target} | `{}` |", rule.source, rule.edge, rule.via).unwrap();
        }
        text.push('\n');
        for case in family.cases {
            writeln!(text, "- {}", case.name.trim_start_matches("uid: ")).unwrap();
        }
    }
    text
}

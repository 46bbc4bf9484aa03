//! The cases of every family, through the API server and from a file.

use std::{collections::BTreeSet, fmt::Write as _};

use passmuster::{
    graph::edges::{Case, Family, families},
    manifest::exists_in_every_cluster,
    model::ObjectKey,
};
use passmuster_tests::Plugin;
use serde_json::Value;

use crate::{
    create::Created,
    world::{Edge, edges, list, make_namespaces, start, text, whole},
};

/// The objects of a case, read by a parser that is not the product's.
fn objects(case: &Case) -> Vec<Value> {
    serde_saphyr::from_multiple(case.objects).unwrap_or_else(|error| panic!("{}: {error}", case.name))
}

/// Whether an object of this id is one of the case's, by its name.
fn is_of(case: &Case, id: &str) -> bool {
    objects(case).iter().any(|object| {
        object["metadata"]["name"].as_str().is_some_and(|name| id.rsplit('/').next() == Some(name))
    })
}

/// The edges of the family's types from its kinds, as its own test has them.
fn of_family(family: &Family, all: &BTreeSet<Edge>) -> BTreeSet<Edge> {
    let is = |edge: &Edge| {
        let source: ObjectKey = edge.source.parse().unwrap();
        family.edges.iter().any(|rule| {
            rule.edge == edge.kind && (rule.edge == "owned_by" || rule.source.is(&source.group, &source.kind))
        })
    };
    all.iter().filter(|edge| is(edge)).cloned().collect()
}

/// The difference between what is wanted and what was found, one line each.
fn compare(wrong: &mut String, title: &str, path: &str, wanted: &BTreeSet<String>, found: &BTreeSet<String>) {
    for edge in wanted.difference(found) {
        writeln!(wrong, "{title} ({path})\n  lacks {edge}").unwrap();
    }
    for edge in found.difference(wanted) {
        writeln!(wrong, "{title} ({path})\n  has   {edge}").unwrap();
    }
}

/// Of the two groups in which a server serves each event, the first is read.
fn on_a_server(wanted: &BTreeSet<String>) -> BTreeSet<String> {
    wanted.iter().map(|edge| edge.replace("Event.events.k8s.io/", "Event/")).collect()
}

/// What the same objects give when they are read from standard input: without the pods that stand for templates,
/// which a server without controllers does not have, and with what every cluster has as missing as it is there.
fn from_file(case: &Case, wanted: &BTreeSet<String>) -> BTreeSet<Edge> {
    let graph = Plugin::new("kubectl-graph")
        .args(["-f", "-", "--show", "all", "-o", "json"])
        .stdin(case.objects)
        .run()
        .success()
        .json();
    let stand_in =
        |id: &str| id.starts_with("Pod/") && (id.ends_with("-template") || id.contains("-template-"));
    edges(&graph)
        .into_iter()
        .filter(|edge| !stand_in(&edge.source) && !stand_in(&edge.target))
        .map(|mut edge| {
            let missing = Edge { missing: true, ..edge.clone() }.to_string();
            let ambient = exists_in_every_cluster(&edge.target.parse().unwrap());
            edge.missing |= ambient && wanted.contains(&missing);
            edge
        })
        .collect()
}

#[test]
fn every_case_gives_exactly_its_edges_on_a_real_server_and_from_a_file() {
    let plane = start();
    let mut wrong = String::new();
    let mut ran = 0;
    // They stay: a server without controllers ends no namespace.
    let all = families().flat_map(|family| family.cases).flat_map(objects).collect::<Vec<_>>();
    make_namespaces(&plane, &all);
    // What a server has by itself says things of the cases' objects too: its bindings of every service account.
    let own: BTreeSet<String> =
        list(&whole(&plane)["nodes"]).iter().map(|node| text(&node["id"]).to_owned()).collect();
    for family in families() {
        for case in family.cases {
            let title = format!("{}: {}", family.title, case.name);
            let wanted: BTreeSet<String> = case.edges.iter().map(|edge| (*edge).to_owned()).collect();
            let print = |edges: BTreeSet<Edge>| edges.iter().map(Edge::to_string).collect();
            match Created::create(&plane, objects(case)) {
                Ok(created) => {
                    let mut found = of_family(family, &edges(&whole(&plane)));
                    // The server writes events of its own, of services' addresses for one.
                    let made = |source: &str| source.starts_with("Event/") && !is_of(case, source);
                    found.retain(|edge| !own.contains(&edge.source) && !made(&edge.source));
                    compare(&mut wrong, &title, "server", &on_a_server(&wanted), &print(found));
                    created.remove().unwrap();
                }
                Err(error) => writeln!(wrong, "{title}\n  not taken: {error}").unwrap(),
            }
            let found = print(of_family(family, &from_file(case, &wanted)));
            compare(&mut wrong, &title, "file", &wanted, &found);
            ran += 1;
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(ran > 80, "only {ran} cases");
}

//! Manifests with bytes changed, cut and exchanged: whatever comes of it, the reader and the graph take it in.

use std::panic::{AssertUnwindSafe, catch_unwind};

use passmuster::{
    graph::{
        Graph, Noise, Only, Query, Scope,
        edges::{facts_of, families, group_of},
    },
    manifest::{self, Inputs, Scopes, Templates},
    model::builtin_kinds::builtin,
    report::{Format, Options},
};
use passmuster_tests::population::Random;

/// How many texts are tried.
const TRIES: usize = 6000;
/// What may stand where something else should.
const PIECES: &[&str] = &[
    "---\n",
    "{",
    "}",
    "[",
    "]",
    ":",
    "- ",
    "\"",
    "'",
    "|\n",
    ">-\n",
    "&a ",
    "*a",
    "<<: ",
    "!!binary ",
    "? ",
    "%YAML 1.1\n",
    "null",
    "~",
    "-1",
    "9223372036854775808",
    "1e400",
    "0x",
    ".nan",
    "true",
    "\u{0}",
    "\u{feff}",
    "\t",
    "\r\n",
    "\u{2028}",
    "apiVersion",
    "kind: List\nitems:\n",
    "metadata",
    "generateName",
    "/",
    "items",
    "spec",
    "\u{1b}",
];

/// One text, read as the plugin reads standard input, seen as a whole and from each of its objects.
fn read(text: &[u8]) -> usize {
    let mut graph = Graph::new();
    for resource in &builtin().resources {
        graph.declare_scope(&resource.group, &resource.kind, resource.namespaced);
    }
    let inputs = Inputs { files: vec!["-".into()], ..Inputs::default() };
    let mut templates = Templates::default();
    let mut keys = Vec::new();
    let mut add =
        |graph: &mut Graph, object: serde_json::Value, api_version: &std::sync::Arc<str>, kind: &str| {
            if let Ok(facts) = facts_of(object, group_of(api_version), kind, api_version) {
                keys.push(facts.key.clone());
                graph.apply(facts);
            }
        };
    let skipped = manifest::read(&inputs, &mut &*text, Scopes::new("default"), &mut |document| {
        templates.observe(&document.object);
        add(&mut graph, document.object, &document.api_version, &document.kind);
    });
    for pod in templates.into_pods() {
        add(&mut graph, pod, &"v1".into(), "Pod");
    }
    graph.cover_everything();
    let mut skipped = skipped.unwrap();
    skipped.truncate(3);
    let scopes = [Scope::Cluster, Scope::Namespace("shop".to_owned()), Scope::Objects(keys.clone())];
    let format = Format::parse("tree", |_| Ok(String::new())).unwrap();
    for scope in scopes {
        for only in [Only::All, Only::Missing, Only::Unused] {
            let query = Query { scope: scope.clone(), only, show: Noise::ALL.to_vec(), ..Query::default() };
            let document = graph.view(&query, "rubbish", &skipped).unwrap();
            let mut out = Vec::new();
            format.render(&document, &Options::default(), &mut out).unwrap();
        }
    }
    // And all of it goes again.
    for key in &keys {
        graph.delete(key);
    }
    graph.settle();
    keys.len()
}

fn mutated(seeds: &[&str], random: &mut Random) -> Vec<u8> {
    let mut text = random.choose(seeds).as_bytes().to_vec();
    for _ in 0..random.range(1, 8) {
        let at = random.range(0, text.len() + 1);
        let end = (at + random.range(0, 40)).min(text.len());
        match random.range(0, 6) {
            0 => drop(text.drain(at..end)),
            1 => text.splice(at..at, random.choose(PIECES).bytes()).for_each(drop),
            2 => {
                let piece = text[at..end].to_vec();
                let to = random.range(0, text.len() + 1);
                text.splice(to..to, piece);
            }
            3 if at < text.len() => text[at] = u8::try_from(random.range(0, 256)).unwrap(),
            4 => text.truncate(at.max(1)),
            _ => {
                let other = random.choose(seeds).as_bytes();
                let from = random.range(0, other.len());
                let piece = other[from..(from + 200).min(other.len())].to_vec();
                text.splice(at..at, piece);
            }
        }
    }
    text
}

#[test]
fn no_text_makes_the_reader_or_the_graph_panic() {
    let seed = std::env::var("SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_261_123);
    println!("SEED={seed}");
    let mut random = Random::new(seed);
    let seeds: Vec<&str> = families().flat_map(|family| family.cases).map(|case| case.objects).collect();
    let mut read_at_all = 0;
    for number in 0..TRIES {
        let text = mutated(&seeds, &mut random);
        let objects = catch_unwind(AssertUnwindSafe(|| read(&text)));
        let told = || format!("SEED={seed}, text {number}:\n{}", String::from_utf8_lossy(&text));
        read_at_all += usize::from(objects.unwrap_or_else(|_| panic!("{}", told())) > 0);
    }
    assert!(
        read_at_all > TRIES / 2,
        "only {read_at_all} of {TRIES} texts had an object: too wild to tell anything"
    );
}

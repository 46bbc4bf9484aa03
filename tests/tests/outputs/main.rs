//! What `kubectl graph` prints is accepted by who reads it: a browser, Graphviz, Mermaid, a terminal.
#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod browser;
mod page;

use std::path::{Path, PathBuf};

use passmuster_tests::Plugin;
use serde_json::json;

use browser::Browser;

/// The plugin over the example shop.
fn shop() -> Plugin {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../manifests/examples");
    Plugin::new("kubectl-graph").args(["-R", "-n", "shop", "-f"]).arg(examples)
}

/// Names that mean something to a terminal, a shell, a page, Graphviz, Mermaid.
const NAMES: &[&str] = &[
    "</script><script>document.title='taken'</script>",
    "<img src=x onerror=document.title='taken'>",
    "\"quoted\"",
    "back\\slash\\",
    "esc\u{1b}]0;taken\u{7}",
    "\u{9b}31m",
    "\u{202e}reversed",
    "new\nline",
    "#quot; &amp;",
    "%%{init: {}}%%",
    "`tick`",
    "a]-->b",
    "end",
];

/// The plugin over objects with such names: a config map each, and a pod that uses them all.
fn hostile() -> Plugin {
    let map = |name: &&str| json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": "shop"}});
    let mut items: Vec<_> = NAMES.iter().map(map).collect();
    let from: Vec<_> = NAMES.iter().map(|name| json!({"configMapRef": {"name": name}})).collect();
    items.push(json!({
        "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "victim\u{1b}[2J", "namespace": "shop"},
        "spec": {"containers": [{"name": "c", "image": "i", "envFrom": from}]},
    }));
    let list = json!({"apiVersion": "v1", "kind": "List", "items": items});
    Plugin::new("kubectl-graph").args(["-n", "shop", "-f", "-"]).stdin(list.to_string())
}

fn outputs() -> impl Iterator<Item = (&'static str, fn() -> Plugin)> {
    [("shop", shop as fn() -> Plugin), ("hostile", hostile)].into_iter()
}

/// A file with what the plugin prints.
fn file(plugin: Plugin, format: &str, name: &str) -> (PathBuf, tempfile::TempDir) {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join(name);
    std::fs::write(&path, plugin.args(["-o", format]).run().success().stdout).expect("a file");
    (path, dir)
}

#[test]
fn nothing_reaches_the_terminal_that_steers_it() {
    let formats = [
        "tree",
        "json",
        "yaml",
        "name",
        "dot",
        "mermaid",
        "cypher",
        "graphml",
        "svg",
        "html",
        "jsonpath={..name}",
        "custom-columns=N:.name",
    ];
    for format in formats {
        let run = hostile().args(["-o", format]).run().success();
        for text in [&run.stdout, &run.stderr] {
            let steers = |character: &char| {
                (character.is_control() && *character != '\n')
                    || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
            };
            assert_eq!(text.chars().find(steers), None, "-o {format}");
        }
    }
}

#[test]
fn formats_are_refused_as_kubectl_refuses_them() {
    let run = shop().args(["-o", "pictures"]).run().exits(1);
    assert_eq!(
        run.stderr.trim_end(),
        "error: unable to match a printer suitable for the output format \"pictures\", allowed formats are: cypher,custom-columns,\
         custom-columns-file,dot,graphml,html,json,jsonpath,jsonpath-as-json,jsonpath-file,mermaid,name,svg,tree,yaml"
            .replace("cypher,custom-columns,custom-columns-file,", "custom-columns,custom-columns-file,cypher,")
    );
    assert_eq!(run.stdout, "");
}

/// Names that YAML 1.1, which kubectl reads, takes for something other than text when nothing quotes them.
#[test]
fn kubectl_reads_the_yaml() {
    let names = [
        "yes",
        "on",
        "null",
        "012",
        "0x1f",
        "1e3",
        "12:30:45",
        "2024-01-01",
        "=",
        "<<",
        ".inf",
        "~",
        "1_000",
        "it's",
        "a: b",
    ];
    let map = |name: &&str| json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": "shop"}});
    let list =
        json!({"apiVersion": "v1", "kind": "List", "items": names.iter().map(map).collect::<Vec<_>>()});
    let plugin = Plugin::new("kubectl-graph").args(["-A", "-f", "-", "-o", "yaml"]).stdin(list.to_string());
    let yaml = plugin.run().success().stdout;
    let read = Plugin::through_kubectl("label")
        .args(["--local", "-f", "-", "a=b", "-o", "json"])
        .stdin(yaml)
        .run()
        .success()
        .json();
    let nodes = read["nodes"].as_array().expect("nodes");
    let mut found: Vec<&str> = nodes.iter().filter_map(|node| node["name"].as_str()).collect();
    let mut names = names.to_vec();
    found.sort_unstable();
    names.sort_unstable();
    assert_eq!(found, names);
}

#[test]
fn graphviz_draws_it() {
    for (name, plugin) in outputs() {
        let text = plugin().args(["-o", "dot"]).run().success().stdout;
        let graph = plugin().args(["-o", "json"]).run().success().json();
        let drawn =
            Plugin::program("/usr/bin/dot".into()).expect("dot").arg("-Tsvg").stdin(text).run().success();
        assert_eq!(drawn.stderr, "", "{name}");
        let tree = drawn.stdout.matches("class=\"node\"").count();
        assert_eq!(Some(tree), graph["nodes"].as_array().map(Vec::len), "{name}");
    }
}

#[test]
fn mermaid_draws_it() {
    let module = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../target/browser/node_modules/mermaid/dist/mermaid.min.js");
    let module = module.canonicalize().expect("`make setup` has installed mermaid");
    let dir = tempfile::tempdir().expect("a directory");
    let page = dir.path().join("mermaid.html");
    let head =
        format!("<!DOCTYPE html><meta charset=utf-8><script src=\"file://{}\"></script>", module.display());
    std::fs::write(&page, head).expect("a page");
    let mut browser = Browser::start();
    browser.open(&page);
    browser.value("mermaid.initialize({startOnLoad: false, maxEdges: 5000})");
    for (name, plugin) in outputs() {
        let text = plugin().args(["-o", "mermaid"]).run().success().stdout;
        let graph = plugin().args(["-o", "json"]).run().success().json();
        let text = json!(text);
        let parsed = browser.value(&format!("mermaid.parse({text}).then((parsed) => parsed.diagramType)"));
        assert_eq!(parsed, "flowchart-v2", "{name}");
        let drawn = browser.text(&format!("mermaid.render('m{name}', {text}).then((drawn) => drawn.svg)"));
        let cards = drawn.matches("class=\"node default").count();
        assert_eq!(Some(cards), graph["nodes"].as_array().map(Vec::len), "{name}: {drawn}");
        assert_eq!(browser.text("document.title"), "", "no name became a script");
    }
}

#[test]
fn a_browser_shows_the_svg() {
    for (name, plugin) in outputs() {
        let (path, _dir) = file(plugin(), "svg", "graph.svg");
        let mut browser = Browser::start();
        browser.open(&path);
        assert_eq!(browser.text("document.documentElement.tagName"), "svg", "{name}");
        let cards = browser.value("document.querySelectorAll('[data-card]').length");
        let texts = browser.value(
            "[...document.querySelectorAll('.cards .card')].filter((card) => card.getBBox().width < 100).length",
        );
        assert!(cards.as_u64() > Some(10) && texts == 0, "{name}: {cards} {texts}");
        // No text leaves its card.
        let outside = browser.value(
            "[...document.querySelectorAll('.cards .card')].filter((card) => {
               const face = card.querySelector('.face').getBBox();
               return [...card.querySelectorAll('text')].some((text) => text.getBBox().x + text.getBBox().width > face.x + face.width + 2);
             }).map((card) => card.textContent)",
        );
        assert_eq!(outside, json!([]), "{name}");
        browser.is_content();
    }
}

//! The configuration file, as a user meets it.

use std::path::Path;

use passmuster_tests::Plugin;
use serde_json::json;

fn plugin(folder: &Path) -> Plugin {
    Plugin::new("kubectl-quota-usage").dir(folder)
}

#[test]
fn the_file_is_found_and_checked() {
    let folder = tempfile::tempdir().unwrap();
    let plugin = || plugin(folder.path());
    let home = plugin();
    let path = home.home().join(".config/passmuster/config.yaml");
    let home = home.args(["config", "path"]);
    assert_eq!(home.run().success().stdout.trim_end(), path.to_str().unwrap());
    let xdg = plugin().env("XDG_CONFIG_HOME", folder.path()).args(["config", "path"]).run().success();
    assert_eq!(xdg.stdout.trim_end(), folder.path().join("passmuster/config.yaml").to_str().unwrap());

    let example = plugin().args(["config", "example"]).run().success().stdout;
    std::fs::write(folder.path().join("example.yaml"), example).unwrap();
    let check = plugin().args(["config", "check", "--config", "example.yaml"]).run().success();
    assert!(check.stdout.lines().all(|line| line.starts_with("ok  ")) && !check.stdout.is_empty(), "{check}");
    // Nothing at all is right, too.
    plugin().args(["config", "check"]).run().success();
}

#[test]
fn what_is_wrong_is_told_at_once_and_keeps_every_command_from_running() {
    let folder = tempfile::tempdir().unwrap();
    let wrong =
        "prometheus:\n  prod: {url: 'p:9090', password: hidden, username: u}\nquota: {perod: 1d, lang: de}\n";
    std::fs::write(folder.path().join("c.yaml"), wrong).unwrap();
    let plugin = |args: &[&str]| plugin(folder.path()).args(args).env("PASSMUSTER_CONFIG", "c.yaml");
    let check = plugin(&["config", "check"]).run().exits(1);
    for line in [
        "error: c.yaml:2:10: prometheus.prod.url: the address must begin with http:// or https://",
        "error: c.yaml:3:9: quota.perod: unknown key, did you mean period?",
        "error: c.yaml:3:26: quota.lang: expected en or zh, found \"de\"",
        "warning: c.yaml: prometheus.prod.password: it holds a secret and others may read it: chmod 600 c.yaml",
    ] {
        assert!(check.stdout.lines().any(|told| told == line), "{line}: {check}");
    }
    assert!(!check.stdout.contains("hidden") && check.stderr.is_empty(), "{check}");
    let document = plugin(&["config", "check", "-o", "json"]).run().exits(1).json();
    assert_eq!((&document["kind"], &document["usable"]), (&json!("ConfigCheck"), &json!(false)));

    let errors: Vec<&str> = check.stdout.lines().filter(|line| line.starts_with("error")).collect();
    for args in [&["-A"][..], &["--all-clusters"], &["verify"]] {
        let run = plugin(args).run().exits(1);
        assert_eq!(run.stderr.lines().collect::<Vec<_>>(), errors, "{args:?}");
    }
    // The graph reads the same file.
    let graph =
        Plugin::new("kubectl-graph").dir(folder.path()).args(["pods", "--config", "c.yaml"]).run().exits(1);
    assert_eq!(graph.stderr.lines().count(), errors.len(), "{graph}");
    let none = plugin(&["-A", "--config", "none.yaml"]).run().exits(1);
    assert_eq!(none.stderr, "error: none.yaml: can't read the configuration: no such file or directory\n");
}

#[test]
fn rubbish_is_told_by_its_place() {
    let folder = tempfile::tempdir().unwrap();
    for (text, says) in [
        ("quota: [", "error: c.yaml:"),
        ("\u{0}\u{1}", "error: c.yaml:"),
        ("quota: {}\nquota: {}\n", "error: c.yaml:2:1: the key \"quota\" stands twice\n"),
        ("hello", "error: c.yaml:1:1: expected a mapping of sections, found a text\n"),
        ("{\"quota\": {\"period\": \"1s\"}}", "error: c.yaml:1:22: quota.period: expected a period from 10m"),
    ] {
        std::fs::write(folder.path().join("c.yaml"), text).unwrap();
        let run = plugin(folder.path()).args(["-A", "--config", "c.yaml"]).run().exits(1);
        assert!(run.stderr.starts_with(says) && run.stderr.lines().count() == 1, "{text:?}: {run}");
    }
    std::fs::write(folder.path().join("c.yaml"), [0xff, 0xfe, 0x00]).unwrap();
    let run = plugin(folder.path()).args(["-A", "--config", "c.yaml"]).run().exits(1);
    assert!(run.stderr.starts_with("error: c.yaml: can't read the configuration: "), "{run}");
}

#[test]
fn relations_of_the_configuration_are_the_graphs() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("c.yaml", "graph: {rules: [rules/mine.yaml]}");
    std::fs::create_dir(folder.path().join("rules")).unwrap();
    let rules = "apiVersion: passmuster.dev/v1alpha1\nkind: RelationRules\nrules:\n- source: {group: db.example.com, kind: \
                 Database}\n  edge: uses\n  target: {kind: Secret, namespaced: true}\n  name: .spec.secret\n";
    write("rules/mine.yaml", rules);
    write(
        "db.yaml",
        "apiVersion: db.example.com/v1\nkind: Database\nmetadata: {name: d, namespace: shop}\nspec: {secret: password}\n",
    );
    let graph = |args: &[&str]| {
        let plugin = Plugin::new("kubectl-graph").dir(folder.path()).args(["-f", "db.yaml", "-o", "json"]);
        plugin.args(args).run()
    };
    assert_eq!(graph(&[]).success().json()["edges"], json!([]));
    let edges = graph(&["--config", "c.yaml"]).success().json()["edges"].clone();
    assert_eq!(edges[0]["target"], "Secret/shop/password", "{edges}");
    // What a flag names stands in the place of it.
    write("empty.yaml", "apiVersion: passmuster.dev/v1alpha1\nkind: RelationRules\nrules: []\n");
    let instead = graph(&["--config", "c.yaml", "--rules", "empty.yaml"]).success().json();
    assert_eq!(instead["edges"], json!([]));
    write("c.yaml", "graph: {rules: [none.yaml]}");
    let missing = graph(&["--config", "c.yaml"]).exits(1);
    assert!(
        missing.stderr.contains("can't read the rules") && missing.stderr.contains("none.yaml"),
        "{missing}"
    );
}

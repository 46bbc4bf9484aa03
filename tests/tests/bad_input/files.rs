//! Files that can't be read as a whole: what can be is shown, what can't is named.

use crate::folder::{Folder, map, only_line};

#[test]
fn what_is_unreadable_is_named_by_file_document_and_line_and_the_rest_is_shown() {
    let folder = Folder::new();
    let broken = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: b\n bad: [\n";
    folder.write("mixed.yaml", format!("{}---\n{broken}---\n{}", map("first"), map("last")));
    let run = folder.run(&["-f", "mixed.yaml"]).success();
    assert!(run.stdout.contains("ConfigMap/first") && run.stdout.contains("ConfigMap/last"), "{run}");
    let line = only_line(&run);
    assert!(line.contains("mixed.yaml: document 2, line 9 ("), "{line}");
    folder.run(&["-f", "mixed.yaml", "--strict"]).exits(4);
    let skipped = &folder.run(&["-f", "mixed.yaml", "-o", "json"]).success().json()["skipped"];
    assert_eq!(skipped[0]["resource"], "mixed.yaml: document 2, line 9");
    assert_eq!(skipped[0]["reason"], "Invalid");
    assert!(skipped[0]["message"].as_str().is_some_and(|message| !message.is_empty()), "{skipped}");
}

#[test]
fn documents_that_are_no_objects_are_named_each() {
    let folder = Folder::new();
    for (name, document, says) in [
        ("no-kind.yaml", "a: b\n", "Object 'Kind' is missing"),
        ("list.yaml", "- 1\n", "expected an object, found a sequence"),
        ("text.yaml", "hello\n", "expected an object, found a string"),
        ("no-name.yaml", "apiVersion: v1\nkind: Pod\n", "resource name may not be empty"),
        ("no-version.yaml", "kind: Pod\nmetadata: {name: x}\n", "Object 'apiVersion' is missing"),
        ("wrong-type.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec: 3\n", "invalid type"),
        ("cut.json", "{\"apiVersion\":\"v1\",\"kind\":", "EOF"),
        ("binary.yaml", "\u{0}\u{1}\u{2}", ""),
        ("tab.yaml", "a:\n\tb: c\n", ""),
    ] {
        folder.write(name, document);
        let run = folder.run(&["-f", name, "--strict"]).exits(4);
        let last = run.stderr.lines().last().unwrap_or_default();
        assert!(last.contains(&format!("{name}: document 1, line ")) && last.contains(says), "{name}: {run}");
        assert_eq!(run.stdout, "", "{name}");
    }
}

#[test]
fn files_that_are_not_there_fail_in_kubectls_words() {
    let folder = Folder::new();
    folder.write("empty/readme.md", "nothing to apply");
    let missing = folder.run(&["-f", "none.yaml"]).exits(1);
    assert_eq!(only_line(&missing), "error: the path \"none.yaml\" does not exist");
    let empty = folder.run(&["-f", "empty"]).exits(1);
    assert_eq!(
        only_line(&empty),
        "error: error reading [empty]: recognized file extensions are [.json .yaml .yml]"
    );
    let kustomize = folder.run(&["-k", "empty"]).exits(1);
    assert!(
        only_line(&kustomize).starts_with("error: unable to find one of 'kustomization.yaml'"),
        "{kustomize}"
    );
    let snapshot = folder.run(&["--snapshot", "none.json"]).exits(1);
    assert_eq!(only_line(&snapshot), "error: the path \"none.json\" does not exist");
}

#[test]
fn nothing_at_all_is_no_error() {
    let folder = Folder::new();
    folder.write("zero.yaml", "").write("comments.yaml", "# nothing\n---\n---\n# here\n");
    for args in [["-f", "-"], ["-f", "zero.yaml"], ["-f", "comments.yaml"]] {
        let run = folder.run(&[&args[..], &["--strict"]].concat()).success();
        assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("", "No resources found\n"), "{args:?}");
        let json = folder.run(&[&args[..], &["-o", "json"]].concat()).success();
        assert_eq!(json.json()["nodes"], serde_json::json!([]), "{args:?}");
        assert_eq!(json.stderr, "", "{args:?}");
    }
}

#[test]
fn an_empty_answer_replaces_what_the_output_file_said_before() {
    let folder = Folder::new();
    folder.write("zero.yaml", "").write("out.txt", "old");
    folder.run(&["-f", "zero.yaml", "--output-file", "out.txt"]).success();
    let now = std::fs::read_to_string(folder.path().join("out.txt")).unwrap();
    assert!(!now.contains("old"), "{now}");
    // What can't be written leaves the old one.
    folder.write("map.yaml", map("a")).write("out.txt", "old");
    let run = folder.run(&["-f", "map.yaml", "-o", "jsonpath={.none[0]}", "--output-file", "out.txt"]);
    let now = std::fs::read_to_string(folder.path().join("out.txt")).unwrap();
    assert_eq!(now == "old", run.code == Some(1), "{run}: {now}");
    let run = folder.run(&["-f", "map.yaml", "--output-file", "no/such/folder"]).exits(1);
    assert!(only_line(&run).starts_with("error: can't write no/such/folder: "), "{run}");
}

#[cfg(unix)]
#[test]
fn a_loop_of_folders_is_walked_once() {
    let folder = Folder::new();
    folder.write("a/b/map.yaml", map("once"));
    std::os::unix::fs::symlink(folder.path(), folder.path().join("a/b/up")).unwrap();
    std::os::unix::fs::symlink(".", folder.path().join("a/here")).unwrap();
    std::os::unix::fs::symlink("itself.yaml", folder.path().join("itself.yaml")).unwrap();
    let run = folder.run(&["-R", "-f", ".", "-o", "name"]);
    assert_eq!(run.stdout.matches("once").count(), 1, "{run}");
    let run = folder.run(&["-R", "-f", "a", "-o", "name"]).success();
    assert_eq!(run.stdout.matches("once").count(), 1, "{run}");
}

#[test]
fn objects_that_own_each_other_are_shown_and_keep_saying_what_they_miss() {
    let folder = Folder::new();
    let owned = |name: &str, owner: &str| {
        let template =
            "template: {metadata: {labels: {a: b}}, spec: {serviceAccountName: gone, containers: []}}";
        format!(
            "apiVersion: apps/v1\nkind: ReplicaSet\nmetadata: {{name: {name}, uid: u{name}, ownerReferences: \
             [{{apiVersion: apps/v1, kind: ReplicaSet, name: {owner}, uid: u{owner}}}]}}\n\
             spec: {{selector: {{matchLabels: {{a: b}}}}, {template}}}\n---\n"
        )
    };
    let all = [owned("a", "b"), owned("b", "c"), owned("c", "a"), owned("self", "self")].concat();
    folder.write("circle.yaml", all);
    let shown = folder.run(&["-f", "circle.yaml"]).success();
    for name in ["a", "b", "c", "self"] {
        assert!(shown.stdout.contains(&format!("ReplicaSet/{name}")), "{shown}");
    }
    for args in [&["rs/a"][..], &["rs/self"], &["rs/a", "--dependents"], &["rs/a", "--to", "rs/c"]] {
        let run = folder.run(&[&["-f", "circle.yaml"], args].concat()).success();
        assert!(run.stdout.lines().count() < 30, "{run}");
    }
    let missing = folder.run(&["-f", "circle.yaml", "--missing", "-o", "json"]).success().json();
    assert_eq!(missing["edges"].as_array().map(Vec::len), Some(4), "{missing}");
}

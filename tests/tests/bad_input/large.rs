//! Files that are meant to fill the memory or the stack, or are just large.

use std::{
    fs::File,
    io::{BufWriter, Write},
    time::Duration,
};

use passmuster_tests::plugin::Run;

use crate::folder::{Folder, map};

/// What a run may have resident at most.
const MEMORY: u64 = 150 << 20;
/// Files of so many bytes are large.
const LARGE: usize = 200 << 20;

/// The run ended in time and stayed small.
fn bounded(folder: &Folder, args: &[&str]) -> Run {
    let run = folder.plugin(args).timeout(Duration::from_secs(100)).run();
    assert!(run.peak_memory < MEMORY, "{} MiB at most: {}", run.peak_memory >> 20, run.stderr);
    run
}

fn file(folder: &Folder, name: &str) -> BufWriter<File> {
    BufWriter::new(File::create(folder.path().join(name)).unwrap())
}

#[test]
fn a_file_of_200_megabytes_is_read_document_by_document() {
    let folder = Folder::new();
    let mut out = file(&folder, "large.yaml");
    let body = format!("    {}\n", "x".repeat(100)).repeat(1000);
    let documents = LARGE / body.len();
    for n in 0..documents {
        write!(out, "{}data:\n  a: |\n{body}---\n", map(&format!("m{n}"))).unwrap();
    }
    drop(out);
    let run = bounded(&folder, &["-f", "large.yaml", "-o", "name", "--strict"]).success();
    assert_eq!(run.stdout.lines().count(), documents, "{}", run.stderr);
}

#[test]
fn a_list_of_200_megabytes_in_json_is_read_item_by_item() {
    let folder = Folder::new();
    let mut out = file(&folder, "large.json");
    out.write_all(b"{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[").unwrap();
    let text = "x".repeat(100_000);
    let items = LARGE / text.len();
    for n in 0..items {
        let comma = if n == 0 { "" } else { "," };
        let head = format!(
            "{comma}{{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{{\"name\":\"m{n}\"}}"
        );
        write!(out, "{head},\"data\":{{\"a\":\"{text}\"}}}}").unwrap();
    }
    out.write_all(b"]}").unwrap();
    drop(out);
    let run = bounded(&folder, &["-f", "large.json", "-o", "name", "--strict"]).success();
    assert_eq!(run.stdout.lines().count(), items, "{}", run.stderr);
}

#[test]
fn one_yaml_document_of_200_megabytes_is_refused_and_what_follows_is_read() {
    let folder = Folder::new();
    let mut out = file(&folder, "large.yaml");
    write!(out, "{}data:\n  a: \"", map("large")).unwrap();
    let text = "x".repeat(1 << 20);
    for _ in 0..LARGE >> 20 {
        out.write_all(text.as_bytes()).unwrap();
    }
    write!(out, "\"\n---\n{}", map("after")).unwrap();
    drop(out);
    let run = bounded(&folder, &["-f", "large.yaml"]).success();
    assert!(run.stdout.contains("ConfigMap/after") && !run.stdout.contains("ConfigMap/large"), "{run}");
    assert!(run.stderr.contains("TooLarge: large.yaml: document 1, line 1"), "{run}");
}

#[test]
fn bombs_do_not_go_off() {
    let folder = Folder::new();
    // Each line is nine of the line before.
    let lines = ('a'..='y').zip('b'..='z').map(|(before, name)| {
        let nine = vec![format!("*{before}"); 9].join(",");
        format!("  {name}: &{name} [{nine}]")
    });
    let lines: Vec<String> = lines.collect();
    let bomb = format!("{}data:\n  a: &a [x,x,x,x,x,x,x,x,x]\n{}\n", map("bomb"), lines.join("\n"));
    let itself = format!("{}data: &d\n  a: *d\n", map("itself"));
    let merges = format!("{}x: &x {{a: b}}\ndata:\n{}", map("merges"), "  <<: *x\n".repeat(100));
    for (name, document) in [("bomb.yaml", bomb), ("itself.yaml", itself), ("merges.yaml", merges)] {
        folder.write(name, format!("{document}---\n{}", map("after")));
        let run = bounded(&folder, &["-f", name]).success();
        assert!(run.stdout.contains("ConfigMap/after"), "{run}");
    }
    let run = folder.run(&["-f", "bomb.yaml", "--strict"]).exits(4);
    assert!(run.stderr.contains("bomb.yaml: document 1, line "), "{run}");
}

#[test]
fn depth_is_bounded() {
    let folder = Folder::new();
    let deep = |open: &str, close: &str| format!("{}{}", open.repeat(100_000), close.repeat(100_000));
    let json = r#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"deep"},"data":"#;
    let indented: String = (0..3000).map(|n| " ".repeat(n) + "a:\n").collect();
    folder
        .write("flow.yaml", format!("{}data: {}\n---\n{}", map("deep"), deep("[", "]"), map("after")))
        .write("block.yaml", format!("{indented}---\n{}", map("after")))
        .write("dashes.yaml", format!("{}\n---\n{}", "- ".repeat(50_000), map("after")))
        .write("arrays.json", format!("{json}{}}}", deep("[", "]")))
        .write("objects.json", format!("{json}{}}}", deep("{\"a\":", "}")));
    for name in ["flow.yaml", "block.yaml", "dashes.yaml"] {
        let run = bounded(&folder, &["-f", name]).success();
        assert!(run.stdout.contains("ConfigMap/after") && run.stderr.contains("document 1, line "), "{run}");
    }
    for name in ["arrays.json", "objects.json"] {
        let run = bounded(&folder, &["-f", name, "--strict"]).exits(4);
        assert!(run.stderr.contains(name), "{run}");
    }
}

#[test]
fn a_chain_of_twenty_thousand_owners_is_shown_by_every_output() {
    let folder = Folder::new();
    let mut out = file(&folder, "chain.yaml");
    for n in 0..20_000 {
        let owner = format!("{{apiVersion: v1, kind: ConfigMap, name: m{}, uid: u}}", n + 1);
        write!(
            out,
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: m{n}, ownerReferences: [{owner}]}}\n---\n"
        )
        .unwrap();
    }
    drop(out);
    for args in [&["cm/m0"][..], &["cm/m0", "-o", "json"], &["cm/m0", "-o", "dot"], &["--missing"]] {
        let run = bounded(&folder, &[&["-f", "chain.yaml"], args].concat()).success();
        assert!(run.stdout.contains("m19999"), "{args:?}: {}", run.stderr);
    }
    bounded(&folder, &["-f", "chain.yaml", "-o", "svg"]);
}

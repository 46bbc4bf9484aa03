use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Document, Inputs, MAX_DOCUMENT_BYTES, Scopes, Skipped};

fn read(text: impl AsRef<[u8]>) -> (Vec<Document>, Vec<Skipped>) {
    let mut documents = Vec::new();
    let skipped = read_with(text.as_ref(), Scopes::new("default"), &mut |document| documents.push(document));
    (documents, skipped)
}

fn read_with(mut text: &[u8], scopes: Scopes, sink: &mut dyn FnMut(Document)) -> Vec<Skipped> {
    let inputs = Inputs { files: vec!["-".to_owned()], ..Inputs::default() };
    super::read(&inputs, &mut text, scopes, sink).unwrap()
}

/// `Kind/name@line` of each object, and `place: reason: message` of what was skipped.
pub(super) fn told(text: impl AsRef<[u8]>) -> (Vec<String>, Vec<String>) {
    let (documents, skipped) = read(text);
    let name = |document: &Document| {
        let name = document.object.pointer("/metadata/name").and_then(Value::as_str).unwrap_or_default();
        format!("{}/{name}@{}", document.kind, document.origin.line)
    };
    let why = |skipped: &Skipped| format!("{}: {}: {}", skipped.resource, skipped.reason, skipped.message);
    (documents.iter().map(name).collect(), skipped.iter().map(why).collect())
}

const POD_A: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n";
const POD_B: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: b}\n";

#[test]
fn broken_yaml_takes_only_its_own_document() {
    let broken = format!("{POD_A}---\nkind: [\nname: x\n---\n{POD_B}---\nhello\n---\n- 1\n---\nkind: Pod\n");
    let (names, skipped) = told(broken);
    assert_eq!(names, ["Pod/a@1", "Pod/b@8"]);
    assert_eq!(skipped.len(), 4, "{skipped:#?}");
    assert!(skipped[0].starts_with("standard input: document 2, line 5: Invalid: "), "{}", skipped[0]);
    assert_eq!(
        skipped[1],
        "standard input: document 4, line 12: Invalid: expected an object, found a string"
    );
    assert_eq!(
        skipped[2],
        "standard input: document 5, line 14: Invalid: expected an object, found a sequence"
    );
    assert_eq!(skipped[3], "standard input: document 6, line 16: Invalid: Object 'apiVersion' is missing");
}

#[test]
fn templates_that_are_not_rendered_are_told_as_such() {
    let hint = "; the document is a template: render it and pass the result";
    for (text, line) in [
        ("{{- if .Values.x }}\napiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n{{- end }}\n", 5),
        ("{% if x %}\napiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n{% endif %}\n", 5),
        ("apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ x }}\n", 8),
    ] {
        let (names, skipped) = told(format!("{POD_A}---\n{text}---\n{POD_B}"));
        assert_eq!(names.len(), 2, "{names:?}");
        assert_eq!(skipped.len(), 1, "{skipped:?}");
        assert!(
            skipped[0].starts_with(&format!("standard input: document 2, line {line}")),
            "{}",
            skipped[0]
        );
        assert!(skipped[0].ends_with(hint), "{}", skipped[0]);
    }
    let quoted = format!("{POD_A}spec: {{nodeName: '{{{{ x }}}}'}}\n");
    assert_eq!(told(quoted), (vec!["Pod/a@1".to_owned()], Vec::new()), "what parses is read");
    assert!(!told("kind: [\nname: {x: y}\n").1[0].contains(hint), "what is no template is only broken");
}

#[test]
fn every_way_to_write_a_stream() {
    let both = || (vec!["Pod/a@1".to_owned(), "Pod/b@5".to_owned()], Vec::new());
    let yaml = format!("{POD_A}---\n{POD_B}");
    assert_eq!(told(&yaml), both());
    assert_eq!(told(yaml.replace('\n', "\r\n")), both());
    assert_eq!(told(format!("\u{feff}{yaml}")), both());
    let utf16: Vec<u8> = format!("\u{feff}{yaml}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(told(utf16), both());
    let json =
        |name: &str| json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}}).to_string();
    let expected =
        |second: u32| (vec!["Pod/a@1".to_owned(), format!("Pod/b@{second}")], Vec::<String>::new());
    assert_eq!(told(format!("{}{}\n", json("a"), json("b"))), expected(1), "in a row");
    assert_eq!(told(format!("{}\n---\n{}", json("a"), json("b"))), expected(3));
    assert_eq!(told(format!("{}\n---\n{POD_B}", json("a"))), expected(3));
    assert_eq!(told("{apiVersion: v1, kind: Pod, metadata: {name: a}}").0, ["Pod/a@1"], "no JSON after all");
    assert_eq!(told("--- {apiVersion: v1, kind: Pod, metadata: {name: a}}").0, ["Pod/a@1"]);
    assert_eq!(told(format!("%YAML 1.2\n---\n{POD_A}")).0, ["Pod/a@3"]);
    assert_eq!(told("# nothing\n---\n~\n---\n"), (Vec::new(), Vec::new()));
}

#[test]
fn lists_give_their_items() {
    let list = format!(
        "apiVersion: v1\nitems:\n- {}- {}kind: List\n",
        POD_A.replace('\n', "\n  ").trim_end_matches(' '),
        POD_B.replace('\n', "\n  ").trim_end_matches(' ')
    );
    let (documents, skipped) = read(&list);
    assert_eq!(skipped, []);
    let items: Vec<_> = documents.iter().map(|document| document.origin.item).collect();
    assert_eq!(items, [Some(0), Some(1)]);
    assert_eq!(
        told(r#"{"kind":"List","items":[{"kind":"Pod"}]}"#).1,
        ["standard input: document 1, line 1, items[0]: Invalid: Object 'apiVersion' is missing"]
    );
}

#[test]
fn values_are_typed_as_kubectl_types_them() {
    let (documents, _) = read(format!(
        "{POD_A}spec:\n  a: yes\n  b: 012\n  c: 0o12\n  d: 1e3\n  e: ~\n  f: 0x1f\n  g: '5'\n  h: 12:30\n  i: 2001-01-01\n  \
         j: &x {{k: 1, l: 2}}\n  m: {{<<: *x, k: 3}}\n  n: 123456789012345678901234567890\n  5: x\n"
    ));
    assert_eq!(
        documents[0].object["spec"],
        json!({"a": true, "b": 10, "c": 10, "d": 1000.0, "e": null, "f": 31, "g": "5", "h": "12:30", "i": "2001-01-01",
            "j": {"k": 1, "l": 2}, "m": {"k": 3, "l": 2}, "n": 1.234_567_890_123_456_8e29, "5": "x"})
    );
}

#[test]
fn of_a_key_that_stands_twice_the_last_counts_and_it_is_told() {
    let (names, skipped) = told(format!("# c\n{POD_A}spec:\n  nodeName: x\n  nodeName: y\n"));
    assert_eq!(names, ["Pod/a@2"]);
    assert_eq!(
        skipped,
        [
            "standard input: document 1, line 7: DuplicateKey: the key \"nodeName\" stands twice in one mapping; the last value counts"
        ]
    );
    let json = "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\n\"metadata\":{\"name\":\"x\",\n\"name\":\"a\"}}";
    let (names, skipped) = told(json);
    assert_eq!(names, ["Pod/a@1"]);
    assert!(skipped[0].starts_with("standard input: document 1, line 3: DuplicateKey"), "{skipped:?}");
}

#[test]
fn secrets_are_gone_even_from_errors() {
    let secret = "apiVersion: v1\ndata: {password: aHVudGVyMg==}\nkind: Secret\nmetadata: {name: a}\nstringData:\n  x: hunter2\n";
    let (documents, skipped) = read(secret);
    assert_eq!(skipped, []);
    assert!(!format!("{documents:?}").contains("hunter2") && !format!("{documents:?}").contains("aHVudGVy"));
    let (documents, skipped) = read(format!("{secret}  y: [hunter2\n"));
    assert_eq!(documents, []);
    assert!(!format!("{skipped:?}").contains("hunter2"), "{skipped:?}");
}

#[test]
fn bombs_do_not_go_off() {
    let mut laughs = String::from("a0: &a0 [x,x,x,x,x,x,x,x,x]\n");
    for n in 1..12 {
        let alias = format!("*a{},", n - 1).repeat(9);
        laughs += &["a", &n.to_string(), ": &a", &n.to_string(), " [", &alias, "]\n"].concat();
    }
    let large = format!("a: &a {}\nb: [{}]\n", "x".repeat(1 << 20), "*a,".repeat(10_000));
    let deep = format!("{POD_A}spec: {}\n", "[".repeat(100_000));
    let deep_block = (0..2000).fold(String::new(), |text, n| text + &" ".repeat(n) + "a:\n");
    let deep_json = format!("{{\"a\":{}", "[".repeat(100_000));
    let cycle = format!("{POD_A}spec: &a\n  x: *a\n");
    let bombs = [
        (laughs, 6, "aliases repeat more than is read"),
        (large, 2, "an object is larger than 16 MiB or 1000000 values"),
        (deep, 4, "nested more than 64 levels deep"),
        (deep_block, 65, "nested more than 64 levels deep"),
        (deep_json, 1, "nested more than 127 levels deep"),
        (cycle, 5, "an alias stands inside of what it names"),
    ];
    for (bomb, line, message) in bombs {
        let (names, skipped) = told(format!("{bomb}\n---\n{POD_B}"));
        assert_eq!(names.len(), 1, "{names:?} {skipped:?}");
        assert_eq!(skipped, [format!("standard input: document 1, line {line}: Invalid: {message}")]);
    }
}

#[test]
fn what_is_too_long_is_refused_and_the_rest_is_read() {
    let long = format!("{POD_A}---\na: {}\n---\n{POD_B}", "x".repeat(MAX_DOCUMENT_BYTES));
    let (names, skipped) = told(long);
    assert_eq!(names.len(), 2);
    assert!(
        skipped[0].contains("document 2, line 5: TooLarge: a YAML document of more than 64 MiB"),
        "{skipped:?}"
    );
}

#[test]
fn rubbish_does_not_fill_the_memory() {
    let (names, skipped) = told("--- x\n".repeat(500));
    assert_eq!((names.len(), skipped.len()), (0, 101));
    assert_eq!(skipped[100], "standard input: Invalid: 400 more objects could not be read");
}

#[test]
fn namespaces_are_what_kubectl_would_make_them() {
    let object = |api_version: &str, kind: &str, metadata: Value| {
        json!({"apiVersion": api_version, "kind": kind, "metadata": metadata}).to_string()
    };
    let mut definition = json!({"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": {"name": "x"}});
    definition["spec"] = json!({"group": "example.com", "scope": "Namespaced", "names": {"kind": "Late"}});
    let text = [
        object("v1", "Pod", json!({"name": "a"})),
        object("v1", "Pod", json!({"name": "b", "namespace": "own"})),
        object("v1", "Node", json!({"name": "c", "namespace": "wrong"})),
        object("example.com/v1", "Late", json!({"name": "d"})),
        object("example.com/v1", "Unknown", json!({"name": "e"})),
        object("example.com/v1", "Unknown", json!({"name": "f", "namespace": "own"})),
        object("example.com/v1", "Declared", json!({"name": "g"})),
        definition.to_string(),
    ]
    .join("\n");
    let mut scopes = Scopes::new("shop");
    scopes.declare("example.com", "Declared", true);
    let mut all = Vec::new();
    let mut sink = |document: Document| {
        let field =
            |field: &str| document.object["metadata"].get(field).and_then(Value::as_str).map(str::to_owned);
        all.push((field("name").unwrap(), field("namespace").unwrap_or_default()));
    };
    read_with(text.as_bytes(), scopes, &mut sink);
    let all: Vec<_> = all.iter().map(|(name, namespace)| (name.as_str(), namespace.as_str())).collect();
    let expected = [
        ("a", "shop"),
        ("b", "own"),
        ("c", ""),
        ("f", "own"),
        ("g", "shop"),
        ("x", ""),
        ("d", "shop"),
        ("e", ""),
    ];
    assert_eq!(all, expected);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        read(bytes);
    }

    #[test]
    fn no_yaml_like_text_panics(text in "[-a-c:{}\\[\\]&*!|>'\"%#,?<@` \n\t0-9~.]{0,200}") {
        read(text);
    }

    #[test]
    fn no_damage_panics(at in 0usize..400, with in any::<u8>(), cut in 0usize..400) {
        let text = format!("{POD_A}spec: &a\n  x: |\n    y\n  <<: {{z: 'q'}}\n---\n{{\"kind\":\"List\",\"items\":[{{}}]}}\n---\n{POD_B}");
        let mut bytes = text.into_bytes();
        let length = bytes.len();
        bytes[at % length] = with;
        bytes.truncate(cut.max(10));
        read(bytes);
    }

    #[test]
    fn damage_to_one_document_spares_the_others(text in "[a-c:{}\\[\\]&*!|>'\" \n]{0,60}") {
        let (names, _) = told(format!("{POD_A}---\n{text}\n---\n{POD_B}"));
        prop_assert_eq!(names.len(), 2);
    }
}

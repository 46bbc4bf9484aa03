use serde_json::{Value, json};

use super::{Path, Style, Template};

fn data() -> Value {
    json!({
        "kind": "List",
        "items": [
            {"metadata": {"name": "a", "labels": {"app.kubernetes.io/name": "web"}}, "n": 1, "on": true},
            {"metadata": {"name": "b"}, "n": 2.5, "on": false},
        ],
        "none": null,
        "empty": [],
        "text": "<&>\u{1b}",
    })
}

fn filled(template: &str) -> String {
    let mut out = Vec::new();
    let style = if template.starts_with("json ") { Style::Json } else { Style::Text };
    let template = template.strip_prefix("json ").unwrap_or(template);
    match Template::parse(template)
        .map_err(Into::into)
        .and_then(|parsed| parsed.write(&data(), style, &mut out))
    {
        Ok(()) => String::from_utf8(out).unwrap(),
        Err(error) => format!("error: {error}"),
    }
}

/// What kubectl says; `tests/tests/jsonpath.rs` asks it about these and many more.
#[test]
fn templates_are_filled_in() {
    for (template, text) in [
        ("", ""),
        ("plain", "plain"),
        ("{.kind}", "List"),
        ("{kind}", "error: unrecognized identifier kind"),
        ("{.items[*].metadata.name}", "a b"),
        ("{range .items[*]}{.metadata.name}={.n}{\"\\n\"}{end}.", "a=1\nb=2.5\n."),
        ("{range .empty[*]}{.metadata.name}{end}x", "x"),
        ("{.items[?(@.on==true)].metadata.name}", "a"),
        ("{.items[?(@.metadata.labels)].metadata.name}", "a"),
        ("{.items[-1].metadata.name}", "b"),
        ("{.items[0:1].n} {.items[0,1].n}", "1 1 2.5"),
        ("{.items[0].metadata.labels.app\\.kubernetes\\.io/name}", "web"),
        ("{.items[0].metadata.labels['app\\.kubernetes\\.io/name']}", "web"),
        ("{..name}", "a b"),
        ("{.none}", "null"),
        ("{.gone.too}", ""),
        ("{.items[1].metadata}", "{\"name\":\"b\"}"),
        ("{.text}{\"\\t\"}", "<&>^[\t"),
        ("json {.text}", "[\n    \"\\u003c\\u0026\\u003e\\u001b\"\n]\n"),
        ("json {.none}{.gone}", "[\n    null\n]\n[]\n"),
        ("{.items[2]}", "error: array index out of bounds: index 2, length 2"),
        ("{.items[?(@.n==1)]}", "error: incompatible types for comparison"),
        ("{.items[0", "error: unterminated array"),
        ("{.items", "error: unclosed action"),
        ("{end}", "error: not in range, nothing to end"),
        ("{.a b}", "error: unrecognized identifier b"),
        ("{&}", "error: unrecognized character in action: U+0026 '&'"),
    ] {
        assert_eq!(filled(template), text, "{template}");
    }
}

#[test]
fn paths_are_relaxed() {
    for path in [
        "items[*].metadata.name",
        ".items[*].metadata.name",
        "{.items[*].metadata.name}",
        "{items[*].metadata.name}",
    ] {
        assert_eq!(Path::parse(path).unwrap().strings(&data()), ["a", "b"], "{path}");
    }
    assert_eq!(Path::parse(".items[*].n").unwrap().strings(&data()), ["1", "2.5"]);
    assert_eq!(Path::parse(".items[7]").unwrap().strings(&data()), [""; 0]);
    assert!(Path::parse(".items[7]").unwrap().find(&data()).is_err());
    for text in ["{.a}{.b}", "{", "", ".a[", "{.a}x"] {
        assert!(Path::parse(text).is_err(), "{text}");
    }
}

#[test]
fn depth_is_bounded() {
    assert!(Template::parse(&format!("{{{}", "[?(".repeat(10_000))).is_err());
    let nested = (0..60).fold("@.a".to_owned(), |inside, _| format!("@[?({inside})]"));
    assert!(Template::parse(&format!("{{{nested}}}")).is_err());
    let ranges = Template::parse(&"{range @}".repeat(100_000)).unwrap();
    assert!(ranges.find(&data()).is_err());
}

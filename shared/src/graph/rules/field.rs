use std::fmt;

use jsonpath_rust::{
    parser::{model::JpQuery, parse_json_path},
    query::{QueryRef, js_path_process},
};
use serde_json::Value;

/// A JSONPath of a rule file, written as for kubectl: `.spec.names[*].name`, with or without braces.
///
/// It is evaluated as the standard says (RFC 9535) and not as kubectl does (`crate::jsonpath`): there one element that
/// does not fit the path is an error, which would hide the others, and a filter never takes an element that
/// lacks the field. Rules meet objects that nobody has checked.
#[derive(Clone)]
pub(super) struct Field {
    query: JpQuery,
    /// For people: without braces, and without indices.
    via: String,
}

impl Field {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let path = text.trim();
        let path = path.strip_prefix('{').and_then(|path| path.strip_suffix('}')).unwrap_or(path);
        let path = path.strip_prefix('$').unwrap_or(path);
        let path = unescape(path);
        let dot = if path.is_empty() || path.starts_with(['.', '[']) { "" } else { "." };
        // The element itself.
        let path = if path == "." { String::new() } else { path };
        let query =
            parse_json_path(&format!("${dot}{path}")).map_err(|_| format!("{text:?} is not a JSONPath"))?;
        Ok(Self { query, via: path.trim_start_matches('.').replace("[*]", "[]") })
    }

    /// Where it leads in a value, in order. What is null is not there.
    pub(super) fn values<'a>(&self, value: &'a Value) -> Vec<&'a Value> {
        let found = js_path_process(&self.query, value).unwrap_or_default();
        found.into_iter().map(QueryRef::val).filter(|value| !value.is_null()).collect()
    }

    /// The first text that it leads to.
    pub(super) fn text<'a>(&self, value: &'a Value) -> Option<&'a str> {
        self.values(value).into_iter().find_map(Value::as_str)
    }

    /// What edges call it: `spec.names[].name`.
    pub(super) fn via(&self) -> &str {
        &self.via
    }
}

/// Stands for a dot in a name; no path has it.
const DOT: char = '\u{0}';

/// kubectl writes a dot in a name as `\.`; the standard quotes the whole name.
fn unescape(path: &str) -> String {
    if !path.contains("\\.") {
        return path.to_owned();
    }
    let marked = path.replace("\\.", &DOT.to_string());
    let parts = marked.split('.').enumerate().map(|(n, part)| {
        let dot = if n > 0 { "." } else { "" };
        if part.contains(DOT) {
            let (name, index) = part.find('[').map_or((part, ""), |at| part.split_at(at));
            format!("['{}']{index}", name.replace(DOT, "."))
        } else {
            format!("{dot}{part}")
        }
    });
    parts.collect()
}

impl fmt::Debug for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Field").field(&self.via).finish()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_way_to_write_a_path() {
        let value = json!({"spec": {"a": [{"b": "x"}, {"b": null}, {}, {"b": "y"}]}, "metadata": {"labels": {"k.io/n": "l"}}});
        for path in [".spec.a[*].b", "spec.a[*].b", "{.spec.a[*].b}", "$.spec.a[*].b", "['spec'].a[*].b"] {
            assert_eq!(Field::parse(path).unwrap().values(&value), [&json!("x"), &json!("y")], "{path}");
        }
        for path in [".metadata.labels.k\\.io/n", ".metadata.labels['k.io/n']"] {
            assert_eq!(Field::parse(path).unwrap().text(&value), Some("l"), "{path}");
        }
        assert_eq!(Field::parse(".").unwrap().values(&value), [&value]);
        assert_eq!(Field::parse(".spec.a[?(@.b==\"y\")].b").unwrap().text(&value), Some("y"));
        assert_eq!(Field::parse(".spec.a[*].b").unwrap().via(), "spec.a[].b");
        assert!(Field::parse(".spec[").is_err());
    }

    proptest::proptest! {
        #[test]
        fn no_path_panics(text in "[.$@{}\\[\\]*?()='\"a-c0-9\\\\:, ]{0,30}") {
            if let Ok(field) = Field::parse(&text) {
                field.values(&json!({"a": [{"b": 1}, "c"], "b": {"a": 1}}));
            }
        }
    }
}

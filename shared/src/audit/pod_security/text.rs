//! How messages are put together, as the API server does it.

use std::fmt::Write as _;

/// `"a", "b"`: without any escaping.
pub(super) fn quoted<S: AsRef<str>>(items: impl IntoIterator<Item = S>) -> String {
    let mut out = String::new();
    for item in items {
        out.push_str(if out.is_empty() { "\"" } else { ", \"" });
        out.push_str(item.as_ref());
        out.push('"');
    }
    out
}

/// The word for so many.
pub(super) fn plural<'a>(one: &'a str, many: &'a str, count: usize) -> &'a str {
    if count == 1 { one } else { many }
}

/// `container "a"`, `containers "a", "b"`.
pub(super) fn containers<S: AsRef<str>>(names: &[S]) -> String {
    let word = plural("container", "containers", names.len());
    format!("{word} {}", quoted(names.iter().map(AsRef::as_ref)))
}

/// A text as Go quotes it (`%q`).
pub(super) fn go_quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\u{b}' => out.push_str("\\v"),
            '\u{c}' => out.push_str("\\f"),
            ' ' | '\'' => out.push(character),
            _ if !is_printable(character) => {
                let code = u32::from(character);
                // A string takes any writing.
                let _ = match code {
                    0..0x80 => write!(out, "\\x{code:02x}"),
                    0x80..0x1_0000 => write!(out, "\\u{code:04x}"),
                    _ => write!(out, "\\U{code:08x}"),
                };
            }
            _ => out.push(character),
        }
    }
    out.push('"');
    out
}

/// Near enough to Go's notion: what Rust prints as it is, and is no space.
fn is_printable(character: char) -> bool {
    let escaped = character.escape_debug();
    // Marks that combine are escaped by Rust at the start of a text only, and never by Go.
    (escaped.len() == 1 || character.is_alphanumeric()) && !character.is_whitespace()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn go_quotes_what_annotations_may_hold() {
        for (text, expected) in [
            ("unconfined", r#""unconfined""#),
            ("a \"b\" \\", r#""a \"b\" \\""#),
            ("tab\tline\nbell\u{7}", r#""tab\tline\nbell\a""#),
            ("\u{1}\u{7f}\u{a0}\u{200b}", r#""\x01\x7f\u00a0\u200b""#),
            ("é 日本 🦀", "\"é 日本 🦀\""),
            ("'", r#""'""#),
        ] {
            assert_eq!(go_quoted(text), expected);
        }
    }

    #[test]
    fn one_and_many() {
        assert_eq!(containers(&["a"]), r#"container "a""#);
        assert_eq!(containers(&["a", "b"]), r#"containers "a", "b""#);
        assert_eq!(quoted::<&str>([]), "");
    }
}

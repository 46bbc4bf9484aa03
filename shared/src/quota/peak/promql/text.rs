use std::fmt::Write as _;

/// A string of PromQL.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => out.extend(['\\', letter]),
            '\n' => out.push_str("\\n"),
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

/// A regular expression that matches just this text.
pub(super) fn literal(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        if letter.is_ascii_alphanumeric() || letter == '-' || letter == '_' || !letter.is_ascii() {
            out.push(letter);
        } else {
            // Writing to a string can't fail.
            let _ = write!(out, "\\{letter}");
        }
    }
    out
}

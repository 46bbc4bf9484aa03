//! How wide text is, near enough, in the sans serif fonts that a browser may choose.

use unicode_width::UnicodeWidthChar;

/// Font sizes of drawings, in pixels.
pub(super) const SMALL: i32 = 10;
pub(super) const TEXT: i32 = 11;
pub(super) const NAME: i32 = 13;

/// Pixels that a text takes at most.
pub(super) fn width(text: &str, size: i32) -> i32 {
    let thousandths: i32 = text.chars().map(character).sum();
    let bold = if size == NAME { 112 } else { 103 };
    (thousandths * size / 10 * bold + 9999) / 10_000
}

fn character(character: char) -> i32 {
    match character {
        'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '|' | '!' | '\'' => 290,
        'f' | 't' | 'r' | 'I' | '(' | ')' | '[' | ']' | ' ' | '/' | '-' => 400,
        'm' | 'w' | 'M' | 'W' | '@' | '%' => 900,
        'A'..='Z' | '×' | '_' | '&' => 700,
        ' '..='~' => 590,
        other => 620 * i32::try_from(other.width().unwrap_or_default()).unwrap_or(1).max(1),
    }
}

/// A name in lines that each fit, broken after a dash, dot or slash where that is possible.
pub(super) fn lines(text: &str, size: i32, most: i32) -> Vec<String> {
    let mut lines = Vec::new();
    let (mut line, mut breakable) = (String::new(), 0);
    for character in text.chars() {
        line.push(character);
        if width(&line, size) > most {
            let at = if breakable > 0 { breakable } else { line.len() - character.len_utf8() };
            let rest = line.split_off(at.max(1).min(line.len()));
            if !line.is_empty() {
                lines.push(std::mem::replace(&mut line, rest));
            }
            breakable = 0;
        } else if matches!(character, '-' | '.' | '/' | '_' | ':') {
            breakable = line.len();
        }
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_break_where_they_can() {
        assert_eq!(lines("nginx", NAME, 200), ["nginx"]);
        let broken = lines("a-rather-long-name-of-a-pod-5d4f8c7b9-x7h2p", NAME, 120);
        assert_eq!(broken.concat(), "a-rather-long-name-of-a-pod-5d4f8c7b9-x7h2p");
        assert!(broken.iter().all(|line| width(line, NAME) <= 120), "{broken:?}");
        assert!(broken[..broken.len() - 1].iter().all(|line| line.ends_with('-')), "{broken:?}");
        assert_eq!(lines(&"日".repeat(40), NAME, 120).concat(), "日".repeat(40));
        assert_eq!(lines("", NAME, 120), [""]);
    }
}

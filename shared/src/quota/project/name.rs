//! Names that objects can have, for projects that people call otherwise.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

/// As much as a label's value can hold.
const LONGEST: usize = 63;
/// The longest text that is taken for a name at all.
const LONGEST_TEXT: usize = 253;

/// The name of the object of a project that people call so: that very text where it can be a name, and otherwise what
/// of it can be, with a few digits that stand for all of it. The same text always gives the same name. `None` for what
/// is too long to be a name at all.
pub fn of_text(text: &str) -> Option<String> {
    if text.is_empty() || text.chars().count() > LONGEST_TEXT {
        return None;
    }
    if is_name(text) {
        return Some(text.to_owned());
    }
    let digest = Sha256::digest(text.as_bytes());
    let mut digits = String::new();
    for byte in digest.iter().take(4) {
        // Writing to a string can't fail.
        let _ = write!(digits, "{byte:02x}");
    }
    let mut plain = String::new();
    for c in text.to_lowercase().chars() {
        match c {
            'a'..='z' | '0'..='9' => plain.push(c),
            _ if !plain.ends_with('-') && !plain.is_empty() => plain.push('-'),
            _ => {}
        }
    }
    plain.truncate(LONGEST - digits.len() - 1);
    let plain = plain.trim_end_matches('-');
    let plain = if plain.is_empty() { "project" } else { plain };
    Some(format!("{plain}-{digits}"))
}

/// Whether an object of the whole cluster, and a label's value, can be called so.
pub fn is_name(text: &str) -> bool {
    let edge = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    text.len() <= LONGEST
        && text.split('.').all(|part| {
            part.starts_with(edge) && part.ends_with(edge) && part.chars().all(|c| edge(c) || c == '-')
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_has_a_name_of_its_own() {
        for text in ["shop", "shop.eu-1", "7"] {
            assert_eq!(of_text(text).as_deref(), Some(text));
        }
        let texts = [
            "支付平台",
            "支付",
            "Shop",
            "SHOP",
            "shop_a",
            "a b",
            "-",
            "..",
            &"x".repeat(64),
            &"é".repeat(253),
        ];
        let names: Vec<String> = texts.iter().map(|text| of_text(text).unwrap()).collect();
        for (text, name) in texts.iter().zip(&names) {
            assert!(is_name(name) && name != text, "{text} {name}");
            assert_eq!(names.iter().filter(|other| *other == name).count(), 1, "{text} {name}");
        }
        assert!(names[2].starts_with("shop-") && names[0].starts_with("project-"), "{names:?}");
        assert_eq!(of_text(""), None);
        assert_eq!(of_text(&"x".repeat(254)), None);
    }
}

//! Audit annotations as the API server keeps them: it puts `<webhook>/` before each key, and drops with an error in its
//! own log what is then no qualified name.

use std::borrow::Cow;
use std::collections::BTreeMap;

/// Characters of a key.
const KEY: usize = 63;
/// Bytes of a value.
const VALUE: usize = 2048;
/// How many.
const COUNT: usize = 16;
/// Bytes of all keys and values.
const TOTAL: usize = 8192;

/// The annotations that are sent, in the order of their keys. What is cut ends with `…`; when some are left out,
/// `left-out` says how many.
pub fn annotations(given: &BTreeMap<Cow<'static, str>, String>) -> BTreeMap<String, String> {
    let (mut sent, mut total, mut left_out) = (BTreeMap::new(), 0, 0_usize);
    // Room for the note on what is left out.
    let room = TOTAL - KEY;
    for (key, value) in given {
        let (key, value) = (qualified(key), bounded(value));
        let size = key.len() + value.len();
        if sent.len() + 1 >= COUNT || total + size > room || sent.contains_key(&key) {
            left_out += 1;
            continue;
        }
        total += size;
        sent.insert(key, value);
    }
    if left_out > 0 {
        sent.insert("left-out".to_owned(), left_out.to_string());
    }
    sent
}

/// The key as the name part of a qualified name.
fn qualified(key: &str) -> String {
    let fitting = |character: char| character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '.');
    let name: String = key
        .chars()
        .map(|character| if fitting(character) { character } else { '-' })
        .skip_while(|character| !character.is_ascii_alphanumeric())
        .take(KEY)
        .collect();
    let name = name.trim_end_matches(|character: char| !character.is_ascii_alphanumeric());
    if name.is_empty() { "unnamed".to_owned() } else { name.to_owned() }
}

fn bounded(value: &str) -> String {
    const ELLIPSIS: &str = "…";
    if value.len() <= VALUE {
        return value.to_owned();
    }
    let mut end = VALUE - ELLIPSIS.len();
    while !value.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}{ELLIPSIS}", value.get(..end).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn is_qualified(name: &str) -> bool {
        let ends = [name.chars().next(), name.chars().last()];
        ends.iter().all(|end| end.is_some_and(|character| character.is_ascii_alphanumeric()))
            && name.len() <= KEY
            && name.chars().all(|character| character.is_ascii_alphanumeric() || "-_.".contains(character))
    }

    #[test]
    fn good_keys_stay_and_bad_ones_are_made_good() {
        for (key, name) in [
            ("findings", "findings"),
            ("cache-age.ms", "cache-age.ms"),
            ("a/b c", "a-b-c"),
            ("--", "unnamed"),
            ("é", "unnamed"),
        ] {
            assert_eq!(qualified(key), name);
        }
    }

    proptest! {
        #[test]
        fn limits_hold(given in proptest::collection::btree_map("[a-z0-9._/-]{0,80}|\\p{any}{0,90}", "[a-z]{0,9}|\\p{any}{0,200}|x{2040,2060}", 0..25)) {
            let given = given.into_iter().map(|(key, value)| (Cow::Owned(key), value)).collect();
            let sent = annotations(&given);
            prop_assert!(sent.len() <= COUNT);
            prop_assert!(sent.iter().map(|(key, value)| key.len() + value.len()).sum::<usize>() <= TOTAL);
            for (key, value) in &sent {
                prop_assert!(is_qualified(key), "{key:?}");
                prop_assert!(value.len() <= VALUE);
            }
        }
    }
}

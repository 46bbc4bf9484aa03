//! Warnings as the API server passes them on.
//!
//! Each becomes an HTTP header of the answer to the user. One with a control character is dropped without a word, and
//! when all webhooks' warnings together pass 4096 characters, all are cut short and the rest is dropped.

use std::collections::BTreeSet;

use passmuster::text::neutral;

/// Characters of one warning: what a terminal shows in one line.
const EACH: usize = 120;
/// Characters of all: leaves other webhooks their part.
const TOTAL: usize = 1500;
/// How many.
const COUNT: usize = 8;

/// The warnings that are sent: each once, in their order, without what steers a terminal, cut to size; when some are
/// left out, the last says how many.
pub fn warnings(given: &[String]) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let given: Vec<String> = given
        .iter()
        .map(|text| tidy(text))
        .filter(|text| !text.is_empty() && seen.insert(text.clone()))
        .collect();
    let (mut sent, mut total) = (Vec::new(), 0);
    for (index, text) in given.iter().enumerate() {
        let is_last = index + 1 == given.len();
        let length = text.chars().count();
        // Room for one that says how many more there are, unless this is the last.
        let (slots, room) = if is_last { (COUNT, TOTAL) } else { (COUNT - 1, TOTAL - EACH) };
        if sent.len() >= slots || total + length > room {
            sent.push(format!("… and {} more", given.len() - index));
            break;
        }
        total += length;
        sent.push(text.clone());
    }
    sent
}

/// One line without control characters, cut.
fn tidy(text: &str) -> String {
    if is_tidy(text) {
        return cut(text, EACH);
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    cut(&neutral(&words.join(" ")), EACH)
}

/// Whether nothing is to be done: words of plain letters with single spaces between them.
fn is_tidy(text: &str) -> bool {
    let is_plain = text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    let is_double = text.as_bytes().windows(2).any(|pair| pair == b"  ");
    is_plain && !is_double && !text.starts_with(' ') && !text.ends_with(' ')
}

/// The text, or as many characters of it as fit with `…` after them.
pub(super) fn cut(text: &str, characters: usize) -> String {
    // No text has more characters than bytes.
    if text.len() <= characters || text.chars().nth(characters).is_none() {
        return text.to_owned();
    }
    text.chars().take(characters.saturating_sub(1)).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn few_are_sent_as_they_are() {
        let given = ["one".to_owned(), " two\nlines\t".to_owned(), "one".to_owned(), String::new()];
        assert_eq!(warnings(&given), ["one", "two lines"]);
        assert_eq!(warnings(&["\u{1b}[31mred".to_owned()]), ["^[[31mred"]);
    }

    #[test]
    fn many_end_with_their_number() {
        let given: Vec<String> = (0..20).map(|number| format!("warning {number}")).collect();
        let sent = warnings(&given);
        assert_eq!(sent.len(), COUNT);
        assert_eq!(sent.last().unwrap(), "… and 13 more");
        assert_eq!(warnings(&given[..COUNT]), given[..COUNT]);
    }

    proptest! {
        #[test]
        fn what_is_tidy_is_what_tidying_leaves_alone(text in "[ a-z]{0,8}|[ -~]{0,130}|\\PC{0,20}|\\p{any}{0,20}") {
            let words: Vec<&str> = text.split_whitespace().collect();
            prop_assert_eq!(tidy(&text), cut(&neutral(&words.join(" ")), EACH));
        }

        #[test]
        fn limits_hold(given in proptest::collection::vec("\\PC{0,200}|[ -~\\x00-\\x1f]{0,300}|\\p{any}{0,150}", 0..30)) {
            let sent = warnings(&given);
            prop_assert!(sent.len() <= COUNT);
            prop_assert!(sent.iter().map(|text| text.chars().count()).sum::<usize>() <= TOTAL);
            for text in &sent {
                prop_assert!(!text.is_empty() && text.chars().count() <= EACH);
                prop_assert!(!text.chars().any(char::is_control), "{text:?}");
            }
            let distinct: BTreeSet<_> = sent.iter().collect();
            prop_assert_eq!(distinct.len(), sent.len());
            // Nothing is lost without being counted.
            let told: BTreeSet<_> = given.iter().map(|text| tidy(text)).filter(|text| !text.is_empty()).collect();
            let more = sent.last().and_then(|last| last.strip_prefix("… and ")?.strip_suffix(" more")?.parse().ok());
            let shown = if more.is_some() { sent.len() - 1 } else { sent.len() };
            prop_assert_eq!(shown + more.unwrap_or(0), told.len());
        }
    }
}

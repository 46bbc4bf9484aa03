//! How deeply a text is nested, before anything is built of it.

use memchr::memchr2;

/// Whether brackets in the JSON are nested deeper than `limit`. Tells nothing of whether it is JSON.
///
/// Objects inside a review stay text and are read later, by whoever asks; here they are measured once, by what reads
/// no faster than memory.
pub(super) fn deeper_than(json: &str, limit: usize) -> bool {
    let bytes = json.as_bytes();
    if opened(bytes) <= limit {
        return false;
    }
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => at = end_of_string(bytes, at + 1),
            b'{' | b'[' => {
                depth += 1;
                if depth > limit {
                    return true;
                }
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        at += 1;
    }
    false
}

/// Opening brackets, those in strings among them: few of them are nested no deeper than they are many, which most
/// reviews need no more than. Counted in pieces of which none overflows, many bytes at once.
fn opened(bytes: &[u8]) -> usize {
    let opens = |byte: &u8| u8::from(*byte == b'{' || *byte == b'[');
    bytes.chunks(128).map(|piece| usize::from(piece.iter().map(opens).sum::<u8>())).sum()
}

/// The closing quote of a string whose characters begin at `at`; the text's end where there is none.
fn end_of_string(bytes: &[u8], mut at: usize) -> usize {
    while let Some(next) = bytes.get(at..).and_then(|rest| memchr2(b'"', b'\\', rest)) {
        at += next;
        if bytes.get(at) == Some(&b'"') {
            return at;
        }
        at += 2;
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_count_and_those_in_strings_do_not() {
        for (json, depth) in [
            ("", 0),
            ("1", 0),
            ("{}", 1),
            ("[[],[]]", 2),
            (r#"{"a":{"b":[1,{"c":2}]}}"#, 4),
            (r#"{"[[[[[[":"{{{{{\"[[[\\"}"#, 1),
            (r#"["\\",["x"]]"#, 2),
            ("]]]]{", 1),
            ("\"unfinished [[[", 0),
            ("\"\\", 0),
        ] {
            assert!(!deeper_than(json, depth), "{json} is {depth} deep");
            assert!(depth == 0 || deeper_than(json, depth - 1), "{json} is {depth} deep");
        }
        assert!(deeper_than(&"[".repeat(4_000_000), 128));
    }

    /// The same byte by byte.
    fn depth(json: &str) -> usize {
        let (mut depth, mut deepest, mut bytes) = (0_usize, 0, json.bytes());
        let mut is_text = false;
        while let Some(byte) = bytes.next() {
            match byte {
                b'\\' if is_text => _ = bytes.next(),
                b'"' => is_text = !is_text,
                b'{' | b'[' if !is_text => depth += 1,
                b'}' | b']' if !is_text => depth = depth.saturating_sub(1),
                _ => {}
            }
            deepest = deepest.max(depth);
        }
        deepest
    }

    proptest::proptest! {
        #[test]
        fn it_is_what_counting_byte_by_byte_says(json in "([\\[\\]{}a\\\\]|\"){0,300}", limit in 0_usize..20) {
            proptest::prop_assert_eq!(deeper_than(&json, limit), depth(&json) > limit);
        }
    }
}

//! How deeply a text is nested, before anything is built of it.

/// Whether brackets in the JSON are nested deeper than `limit`. Tells nothing of whether it is JSON.
///
/// Objects inside a review stay text and are read later, by whoever asks; here they are measured once, by what reads
/// no faster than memory.
pub(super) fn deeper_than(json: &str, limit: usize) -> bool {
    let bytes = json.as_bytes();
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

/// The closing quote of a string whose characters begin at `at`; the text's end where there is none.
fn end_of_string(bytes: &[u8], mut at: usize) -> usize {
    loop {
        match bytes.get(at) {
            Some(b'\\') => at += 2,
            Some(b'"') | None => return at,
            Some(_) => at += 1,
        }
    }
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
}

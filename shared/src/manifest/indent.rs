//! Quoted text over several lines that is not indented as YAML asks.
//!
//! Lines that go on with a quoted text must stand further in than the mapping or list around them. Older writers of
//! YAML do not heed that, definitions of custom resources are full of it, and kubectl's parser does not mind. As the
//! blanks before such a line mean nothing, putting more of them there changes no value.

use std::ops::Range;

/// Blanks that are put before a line: more than anything is indented that is nested as deep as is read.
const BLANKS: usize = 128;
/// Bytes that may be read again: each quoted text that is mended has the document parsed once more.
const PATIENCE: usize = 4 << 20;
/// Bytes that a document may have grown to.
const MOST: usize = 64 << 20;

/// Mends one document again and again, until nothing is wrong with it or it takes too long.
#[derive(Debug)]
pub(super) struct Mender {
    text: String,
    patience: usize,
    /// Whether all that is plain to see has been mended.
    begun: bool,
}

impl Mender {
    pub(super) fn new(text: &str) -> Self {
        Self { text: text.to_owned(), patience: PATIENCE, begun: false }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Indents the quoted text that goes on in a line, counted from 1. `false`: there is nothing more to be done.
    pub(super) fn mend(&mut self, line: u64) -> bool {
        let starts: Vec<usize> =
            std::iter::once(0).chain(self.text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        let Some(at) = usize::try_from(line).ok().and_then(|line| line.checked_sub(1)) else { return false };
        let Some(start) = starts.get(at) else { return false };
        if self.patience < self.text.len() || self.text[*start..].starts_with(&" ".repeat(BLANKS)) {
            return false;
        }
        self.patience -= self.text.len();
        let mut chosen = vec![false; starts.len()];
        if !std::mem::replace(&mut self.begun, true) {
            plain(&self.text, &starts, &mut chosen);
        }
        if !chosen[at] {
            chosen[quoted(&self.text, &starts, at).unwrap_or(at..at + 1)].fill(true);
        }
        self.indent(&chosen)
    }

    /// Puts blanks before lines, unless that would be too much.
    fn indent(&mut self, chosen: &[bool]) -> bool {
        let count = chosen.iter().filter(|chosen| **chosen).count();
        let length = count.saturating_mul(BLANKS).saturating_add(self.text.len());
        if length > MOST {
            return false;
        }
        let mut mended = String::with_capacity(length);
        for (line, chosen) in self.text.split_inclusive('\n').zip(chosen) {
            if *chosen && !line.trim().is_empty() {
                mended.extend(std::iter::repeat_n(' ', BLANKS));
            }
            mended.push_str(line);
        }
        self.text = mended;
        true
    }
}

/// Chooses the lines of all quoted values of plain keys that go on too far to the left. What else there is that looks
/// alike, in blocks of text and in comments, is passed over; what is not understood is left to [`quoted`].
fn plain(text: &str, starts: &[usize], chosen: &mut [bool]) {
    let indent_of = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let end_of = |at: usize| starts.get(at + 1).copied().unwrap_or(text.len());
    let mut block: Option<usize> = None;
    let mut at = 0;
    while let Some(start) = starts.get(at) {
        let line = &text[*start..end_of(at)];
        at += 1;
        let indent = indent_of(line);
        let mut rest = line[indent..].trim_end();
        if rest.is_empty() || rest.starts_with('#') || block.is_some_and(|block| indent > block) {
            continue;
        }
        block = None;
        while let Some(item) = rest.strip_prefix("- ") {
            rest = item.trim_start_matches(' ');
        }
        let is_plain = |key: &str| {
            key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'/'))
        };
        let column = line.trim_end().len() - rest.len();
        let (column, value) = match rest.split_once(": ") {
            Some((key, value)) if is_plain(key) => (column, value.trim_start_matches(' ')),
            _ => (indent, rest),
        };
        if value.starts_with(['|', '>']) || value.ends_with(['|', '>']) {
            block = Some(column);
        } else if value.starts_with(['"', '\'']) {
            let from = *start + line.trim_end().len() - value.len();
            let Some(end) = closing(text, from) else { return };
            let last = starts.partition_point(|start| *start <= end).saturating_sub(1);
            let lines = at..last + 1;
            let is_left = |at: usize| {
                let line = &text[starts[at]..end_of(at)];
                !line.trim().is_empty() && indent_of(line) <= column
            };
            if lines.clone().any(is_left) {
                chosen[lines.clone()].fill(true);
            }
            at = at.max(last + 1);
        }
    }
}

/// The lines that go on with the quoted text that the line `at` is in the middle of, as far as that can be seen.
fn quoted(text: &str, starts: &[usize], at: usize) -> Option<Range<usize>> {
    let line_of = |offset: usize| starts.partition_point(|start| *start <= offset).checked_sub(1);
    for first in (0..at).rev() {
        let line = &text[*starts.get(first)?..*starts.get(first + 1)?];
        let Some(open) = opening(line) else { continue };
        let from = starts.get(first)? + open;
        let last = line_of(closing(text, from)?)?;
        return (last >= at).then_some(first + 1..last + 1);
    }
    None
}

/// Where a quoted text begins in a line that is not one already: at its start, or behind `: ` or `- `.
fn opening(line: &str) -> Option<usize> {
    let mut before = ' ';
    let mut indicator = true;
    for (at, letter) in line.char_indices() {
        match letter {
            '"' | '\'' if indicator && before == ' ' => return Some(at),
            ' ' => {}
            _ => indicator = matches!(letter, ':' | '-' | '?'),
        }
        before = letter;
    }
    None
}

/// Where the quoted text that begins at an offset ends.
fn closing(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let quote = *bytes.get(from)?;
    let mut at = from + 1;
    loop {
        match *bytes.get(at)? {
            b'\\' if quote == b'"' => at += 1,
            byte if byte == quote => {
                if quote == b'\'' && bytes.get(at + 1) == Some(&b'\'') {
                    at += 1;
                } else {
                    return Some(at);
                }
            }
            _ => {}
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use serde_saphyr::DuplicateKeyPolicy;

    use super::*;
    use crate::manifest::{Inputs, Scopes, parse::with_yaml, read};

    #[test]
    fn quoted_text_goes_on_wherever_its_lines_begin() {
        let text = "kind: Thing\napiVersion: example.com/v1\nmetadata:\n  name: a\nspec:\n  columns:\n    - description: 'one\n    it''s two\n\n    three: \"x\"'\n      name: b\n    - text: \"four\\\"\n    five\\n\n  six\"\n  last: 'a\n  b'\n";
        let mut found = Vec::new();
        let inputs = Inputs { files: vec!["-".to_owned()], ..Inputs::default() };
        let skipped =
            read(&inputs, &mut text.as_bytes(), Scopes::new("x"), &mut |it| found.push(it.object)).unwrap();
        assert_eq!(skipped, []);
        let spec = &found[0]["spec"];
        assert_eq!(spec["columns"][0]["description"], "one it's two\nthree: \"x\"");
        assert_eq!(spec["columns"][0]["name"], "b");
        assert_eq!(spec["columns"][1]["text"], "four\" five\n six");
        assert_eq!(spec["last"], "a b");
    }

    #[test]
    fn blocks_of_text_stay_as_they_are() {
        let text = "kind: Thing\napiVersion: example.com/v1\nmetadata:\n  name: a\n  script: |\n    echo: 'x\n  \n    y'\n  text: 'one\n  two'\n  # it's: 'a comment\n  list:\n  - key: >-\n      a: \"b\n      c\"\n    more: \"d\n    e\"\n  - 'f\n  g'\n";
        let mut found = Vec::new();
        let inputs = Inputs { files: vec!["-".to_owned()], ..Inputs::default() };
        let skipped =
            read(&inputs, &mut text.as_bytes(), Scopes::new("x"), &mut |it| found.push(it.object)).unwrap();
        assert_eq!(skipped, []);
        let metadata = &found[0]["metadata"];
        assert_eq!(metadata["script"], "echo: 'x\n\ny'\n");
        assert_eq!(metadata["text"], "one two");
        assert_eq!(metadata["list"][0]["key"], "a: \"b c\"");
        assert_eq!(metadata["list"][0]["more"], "d e");
        assert_eq!(metadata["list"][1], "f g");
    }

    #[test]
    fn items_of_a_list_are_told_once() {
        let item =
            |name: &str| format!("- apiVersion: v1\n  kind: ConfigMap\n  metadata:\n    name: {name}\n");
        let text = format!(
            "apiVersion: v1\nkind: List\nitems:\n{}  data:\n    a: 'x\n    y'\n{}",
            item("a"),
            item("b")
        );
        let text = text.replace("name: a\n", "name: a\n    annotations:\n      t: \"p\n      q\"\n");
        let mut names = Vec::new();
        let inputs = Inputs { files: vec!["-".to_owned()], ..Inputs::default() };
        let mut sink = |it: crate::manifest::Document| names.push(it.object["metadata"]["name"].clone());
        let skipped = read(&inputs, &mut text.as_bytes(), Scopes::new("x"), &mut sink).unwrap();
        assert_eq!((skipped, names), (Vec::new(), vec!["a".into(), "b".into()]));
    }

    #[test]
    fn what_can_not_be_mended_ends() {
        let text = "a: \"x\ny";
        let mut mender = Mender::new(text);
        assert!(mender.mend(2));
        assert!(!mender.mend(2));
        assert!(!mender.mend(9) && !mender.mend(0));
        assert!(
            with_yaml::<std::marker::PhantomData<serde_json::Value>>(
                mender.text(),
                DuplicateKeyPolicy::LastWins,
                std::marker::PhantomData
            )
            .is_err()
        );
    }
}

//! Where one YAML document ends and the next begins.
//!
//! Done before parsing, so that a broken document does not take the rest of the file with it. A line that starts with
//! `---` or `...` followed by white space ends a document wherever it stands: YAML forbids it even inside of block
//! scalars and quotes (1.2.2, rule c-forbidden), and kubectl splits there too. No valid JSON holds such a line.

use std::io::{self, Read};

/// Hands out the documents of a stream one after another.
pub(super) struct Splitter<R> {
    inner: R,
    buf: Vec<u8>,
    /// The bytes of `buf` that are not yet consumed.
    start: usize,
    end: usize,
    eof: bool,
    /// Number of the line that `start` is in, from 1.
    line: u32,
    at_line_start: bool,
    /// Whether a document has begun.
    inside: bool,
}

/// Where a document begins, and what belongs before its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Head {
    /// Line of the first content, from 1.
    pub(super) line: u32,
    /// Directives and the marker, when the parser needs them: `%TAG` lines, or `--- |`.
    pub(super) prefix: Vec<u8>,
}

impl Head {
    /// Line of the file for a line of prefix and text, both from 1.
    pub(super) fn line_of(&self, line: u64) -> u32 {
        let before = newlines(&self.prefix);
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        let inside = line.saturating_sub(1).saturating_sub(u32::try_from(before).unwrap_or(u32::MAX));
        self.line.saturating_add(inside)
    }
}

/// Directives longer than this are left to the parser to complain about.
const MAX_DIRECTIVES: usize = 4096;

impl<R: Read> Splitter<R> {
    pub(super) fn new(inner: R) -> Self {
        Self {
            inner,
            buf: vec![0; 64 * 1024],
            start: 0,
            end: 0,
            eof: false,
            line: 1,
            at_line_start: true,
            inside: false,
        }
    }

    /// Goes to the next document that has content; its bytes are then read from `self`, until they end.
    pub(super) fn next_document(&mut self) -> io::Result<Option<Head>> {
        // What the caller did not read of the document before.
        if std::mem::replace(&mut self.inside, true) {
            io::copy(self, &mut io::sink())?;
        }
        let mut prefix = Vec::new();
        let mut marked = false;
        loop {
            let mut next = [0; 4];
            let available = self.peek(4)?;
            let length = available.len().min(4);
            next[..length].copy_from_slice(&available[..length]);
            let next = &next[..length];
            if is_marker(next) {
                let dashes = next.starts_with(b"---");
                self.consume(3);
                if marked || !dashes {
                    // Nothing came of the document before.
                    prefix.clear();
                }
                marked = dashes;
                if self.rest_is_blank()? {
                    self.skip_line(None)?;
                    if marked && !prefix.is_empty() {
                        prefix.extend_from_slice(b"---\n");
                    }
                    continue;
                }
                if marked {
                    prefix.extend_from_slice(b"---");
                }
                return Ok(Some(Head { line: self.line, prefix }));
            }
            match next.first() {
                None => return Ok(None),
                Some(b'%') if !marked && prefix.len() < MAX_DIRECTIVES => {
                    self.skip_line(Some(&mut prefix))?;
                }
                Some(0xef) if next.starts_with(b"\xef\xbb\xbf") => self.consume(3),
                Some(_) if self.rest_is_blank()? => self.skip_line(None)?,
                Some(_) => return Ok(Some(Head { line: self.line, prefix })),
            }
        }
    }

    /// Whether the rest of the line is white space, or a comment. Looks no further than the buffer reaches: a line
    /// of 64 KiB of blanks is content.
    fn rest_is_blank(&mut self) -> io::Result<bool> {
        let mut want = 64;
        loop {
            let most = self.buf.len();
            let available = self.peek(want)?;
            let ended = available.len() < want;
            match available.iter().find(|byte| !matches!(byte, b' ' | b'\t' | b'\r')) {
                Some(b'\n' | b'#') => return Ok(true),
                Some(_) => return Ok(false),
                None if ended => return Ok(true),
                None if want >= most => return Ok(false),
                None => want = (want * 4).min(most),
            }
        }
    }

    fn skip_line(&mut self, mut keep: Option<&mut Vec<u8>>) -> io::Result<()> {
        loop {
            let available = self.peek(1)?;
            if available.is_empty() {
                return Ok(());
            }
            let newline = available.iter().position(|byte| *byte == b'\n');
            let n = newline.map_or(available.len(), |at| at + 1);
            if let Some(kept) = keep.as_mut() {
                let room = (2 * MAX_DIRECTIVES).saturating_sub(kept.len()).min(n);
                kept.extend_from_slice(&available[..room]);
            }
            self.consume(n);
            if newline.is_some() {
                return Ok(());
            }
        }
    }

    /// The next bytes, at least `n` of them unless the stream ends before.
    fn peek(&mut self, n: usize) -> io::Result<&[u8]> {
        while self.end - self.start < n && !self.eof {
            if self.start > 0 {
                self.buf.copy_within(self.start..self.end, 0);
                self.end -= self.start;
                self.start = 0;
            }
            match self.inner.read(&mut self.buf[self.end..]) {
                Ok(0) => self.eof = true,
                Ok(read) => self.end += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(&self.buf[self.start..self.end])
    }

    fn consume(&mut self, n: usize) {
        let consumed = &self.buf[self.start..self.start + n];
        let lines = newlines(consumed);
        self.at_line_start = consumed.last().map_or(self.at_line_start, |last| *last == b'\n');
        self.line = self.line.saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
        self.start += n;
    }
}

/// The bytes of the current document.
impl<R: Read> Read for Splitter<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if out.is_empty() {
            return Ok(0);
        }
        let at_line_start = self.at_line_start;
        let available = self.peek(if at_line_start { 4 } else { 1 })?;
        if available.is_empty() || (at_line_start && is_marker(available)) {
            return Ok(0);
        }
        // Up to the next line that might be a marker: only those are looked at more closely.
        let mut n = 0;
        while let Some(newline) = available[n..].iter().position(|byte| *byte == b'\n') {
            n += newline + 1;
            if n >= out.len() || matches!(available.get(n), None | Some(b'-' | b'.')) {
                break;
            }
        }
        if n == 0 || !matches!(available.get(n), None | Some(b'-' | b'.')) {
            n = available.len();
        }
        n = n.min(out.len());
        out[..n].copy_from_slice(&available[..n]);
        self.consume(n);
        Ok(n)
    }
}

/// How many lines end in the bytes.
pub(super) fn newlines(bytes: &[u8]) -> usize {
    bytes.split(|byte| *byte == b'\n').count() - 1
}

fn is_marker(line: &[u8]) -> bool {
    (line.starts_with(b"---") || line.starts_with(b"..."))
        && matches!(line.get(3), None | Some(b' ' | b'\t' | b'\r' | b'\n'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Reads `n` bytes at a time, as a pipe may.
    struct Slow<'a>(&'a [u8], usize);

    impl Read for Slow<'_> {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            let n = self.1.min(self.0.len()).min(out.len());
            out[..n].copy_from_slice(&self.0[..n]);
            self.0 = &self.0[n..];
            Ok(n)
        }
    }

    fn split(text: &[u8], step: usize) -> Vec<(u32, String, String)> {
        let mut splitter = Splitter::new(Slow(text, step));
        let mut all = Vec::new();
        while let Some(head) = splitter.next_document().unwrap() {
            let mut body = Vec::new();
            splitter.read_to_end(&mut body).unwrap();
            let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
            all.push((head.line, text(head.prefix), text(body)));
        }
        all
    }

    fn check(text: &str, expected: &[(u32, &str, &str)]) {
        let expected: Vec<_> = expected
            .iter()
            .map(|(line, prefix, body)| (*line, (*prefix).to_owned(), (*body).to_owned()))
            .collect();
        for step in [1, 2, 7, 100_000] {
            assert_eq!(split(text.as_bytes(), step), expected, "{text:?} {step} bytes at a time");
        }
    }

    #[test]
    fn documents_end_at_markers() {
        check("a: 1\n---\nb: 2\n", &[(1, "", "a: 1\n"), (3, "", "b: 2\n")]);
        check("---\r\na: 1\r\n---\r\nb: 2", &[(2, "", "a: 1\r\n"), (4, "", "b: 2")]);
        check("a: 1\n...\nb: 2\n", &[(1, "", "a: 1\n"), (3, "", "b: 2\n")]);
        check("a: |\n  x\n---\n  y\n", &[(1, "", "a: |\n  x\n"), (4, "", "  y\n")]);
        check("--- # first\na: 1\n---", &[(2, "", "a: 1\n")]);
        check("--- {a: 1}\n--- |\n x\n", &[(1, "---", " {a: 1}\n"), (2, "---", " |\n x\n")]);
    }

    #[test]
    fn what_only_looks_like_a_marker_is_text() {
        check("---a\n----\n --- x\n..\n- --\n", &[(1, "", "---a\n----\n --- x\n..\n- --\n")]);
        check("a: '\n ---\n  '\n", &[(1, "", "a: '\n ---\n  '\n")]);
    }

    #[test]
    fn empty_documents_are_passed_over() {
        check("", &[]);
        check("\n\n# nothing\n---\n---\n  # still\n...\n---\n", &[]);
        check("\n# c\n\na: 1", &[(4, "", "a: 1")]);
    }

    #[test]
    fn directives_belong_to_the_document_that_follows() {
        check("%YAML 1.2\n---\na: 1\n", &[(3, "%YAML 1.2\n---\n", "a: 1\n")]);
        check(
            "a: 1\n...\n%TAG ! x\n--- !y\nb: 1\n",
            &[(1, "", "a: 1\n"), (4, "%TAG ! x\n---", " !y\nb: 1\n")],
        );
        let head = Head { line: 4, prefix: b"%TAG ! x\n---".to_vec() };
        assert_eq!(head.line_of(2), 4, "the marker's line");
        assert_eq!(head.line_of(3), 5);
    }

    proptest! {
        #[test]
        fn any_bytes_split_alike_however_they_arrive(text in "[-. a#%\n\r\t{\u{feff}]{0,60}", step in 1usize..9) {
            prop_assert_eq!(split(text.as_bytes(), step), split(text.as_bytes(), 100_000));
        }

        #[test]
        fn no_content_is_lost(text in "[-.a\n]{0,60}") {
            let got: usize = split(text.as_bytes(), 3).iter().map(|(_, _, body)| body.matches('a').count()).sum();
            prop_assert_eq!(got, text.matches('a').count());
        }
    }
}

//! Reviews that are nearly right, for tests of hostile input: the same from the same seed.

/// Changes bytes in the ways that break readers: bits, pieces cut out, doubled, moved and swapped, numbers and tokens
/// at their limits, brackets without end.
#[derive(Debug, Clone)]
pub struct Mutator {
    state: u64,
}

/// What tends to matter where JSON and Kubernetes' types are read.
const TOKENS: &[&[u8]] = &[
    b"null",
    b"true",
    b"{}",
    b"[]",
    b"\"\"",
    b"0",
    b"-1",
    b"1e999",
    b"9223372036854775808",
    b"1.5",
    b"{",
    b"}",
    b"[",
    b"]",
    b"\"",
    b"\\",
    b"\\u0000",
    b"\\ud800",
    b"\xff",
    b"\xc0\x80",
    b"\xf0\x9f\x92\xa9",
    b"\0",
    b",",
    b":",
    b"\"uid\":",
    b"\"request\":",
    b"\"object\":",
    b"\"oldObject\":",
    b"\"operation\":\"DELETE\"",
    b"\"dryRun\":true",
    b"\"deletionTimestamp\":\"x\"",
    b"\"finalizers\":[\"a\"]",
    b"\"subResource\":\"status\"",
    b"\"apiVersion\":\"admission.k8s.io/v1beta1\"",
    b"\"metadata\":5",
    b"\"spec\":[[[[[[[[[[[[[[[[",
];

/// Values to put in place of others.
const VALUES: &[&[u8]] = &[
    b"null",
    b"true",
    b"false",
    b"{}",
    b"[]",
    b"\"\"",
    b"0",
    b"-1",
    b"1e400",
    b"9223372036854775808",
    b"\"DELETE\"",
    b"\"CREATE\"",
    b"\"UPDATE\"",
    b"\"CONNECT\"",
    b"\"status\"",
    b"\"\\u0000\\ud83d\\ude00\"",
    b"[null]",
    b"{\"a\":1}",
    b"\"\\ud800\"",
    b"\"2026-01-01T00:00:00Z\"",
    b"[\"x/y\"]",
    b"[[]]",
    b"\"admission.k8s.io/v1\"",
];

impl Mutator {
    /// A source of changes.
    pub const fn new(seed: u64) -> Self {
        // Zero would stay zero.
        Self { state: seed ^ 0x9e37_79b9_7f4a_7c15 }
    }

    /// The next of its numbers, below `end`; zero when there is none below.
    pub fn below(&mut self, end: usize) -> usize {
        // xorshift: small, and good enough to find corners.
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        let number = usize::try_from(self.state >> 16).unwrap_or(usize::MAX);
        number.checked_rem(end).unwrap_or(0)
    }

    /// The bytes with one to three changes.
    pub fn mutate(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut changed = bytes.to_vec();
        for _ in 0..=self.below(3) {
            self.change(&mut changed);
        }
        changed
    }

    fn change(&mut self, bytes: &mut Vec<u8>) {
        let from = self.below(bytes.len());
        let to = (from + 1 + self.below(64)).min(bytes.len());
        // Half are of values, which leave it JSON.
        match self.below(14) {
            0 => {
                if let Some(byte) = bytes.get_mut(from) {
                    *byte ^= 1 << (from % 8);
                }
            }
            1 => bytes.truncate(from),
            2 => drop(bytes.drain(from..to)),
            3 => {
                let piece = bytes.get(from..to).unwrap_or_default().to_vec();
                let at = self.below(bytes.len());
                bytes.splice(at..at, piece);
            }
            4 => {
                let times = 1 + self.below(300);
                let piece: &[u8] = if self.below(2) == 0 { b"[" } else { b"{\"a\":" };
                bytes.splice(from..from, piece.repeat(times));
            }
            5 => {
                let other = self.below(bytes.len());
                if other < bytes.len() && from < bytes.len() {
                    bytes.swap(from, other);
                }
            }
            6 => {
                let token = TOKENS.get(self.below(TOKENS.len())).copied().unwrap_or_default();
                bytes.splice(from..from, token.iter().copied());
            }
            _ => self.replace_value(bytes, from),
        }
    }

    /// Puts a value in place of what stands between a colon and the next comma or bracket.
    fn replace_value(&mut self, bytes: &mut Vec<u8>, from: usize) {
        let Some(colon) = bytes.iter().skip(from).position(|byte| *byte == b':').map(|at| from + at + 1)
        else {
            return;
        };
        let rest = bytes.get(colon..).unwrap_or_default();
        let end = rest.iter().position(|byte| b",}]".contains(byte)).map_or(bytes.len(), |at| colon + at);
        let value = VALUES.get(self.below(VALUES.len())).copied().unwrap_or_default();
        bytes.splice(colon..end, value.iter().copied());
    }
}
